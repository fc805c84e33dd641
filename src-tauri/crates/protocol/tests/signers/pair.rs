//! Running a pair of signers over many cases, and telling how many there were.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::case::Case;

/// What came of one case.
pub(crate) struct Signatures {
    pub(crate) ours: String,
    pub(crate) theirs: String,
    /// Why the other signer is known to sign something else here.
    pub(crate) apart: Option<&'static str>,
}

/// Compares `cases` requests, those of declared classes not counted, and prints the sums.
pub(crate) fn compare(
    name: &str,
    cases: u32,
    strategy: impl Strategy<Value = Case>,
    sign: impl Fn(&Case) -> Signatures,
) {
    let cases = cases * number("PARTWAY_TIMES", 1);
    let config = Config {
        cases,
        max_global_rejects: cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed(number("PARTWAY_SEED", 0)));
    let apart: RefCell<BTreeMap<&str, u32>> = RefCell::default();
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |case| {
            let signed = sign(&case);
            let equal = signed.ours == signed.theirs;
            match signed.apart {
                None if equal => Ok(()),
                None => Err(TestCaseError::fail(format!(
                    "{name}\nours:   {}\ntheirs: {}",
                    signed.ours, signed.theirs
                ))),
                Some(class) if equal => Err(TestCaseError::fail(format!(
                    "{name}: \"{class}\" no longer sets the signers apart; take the class away"
                ))),
                Some(class) => {
                    *apart.borrow_mut().entry(class).or_default() += 1;
                    Err(TestCaseError::reject(class))
                }
            }
        })
        .unwrap_or_else(|error| panic!("{error}"));
    println!("{name}: {cases} cases agree");
    for (class, count) in apart.take() {
        println!("  set apart: {count} ({class})");
    }
}

fn seed(number: u32) -> [u8; 32] {
    let mut seed = *b"partway: signers of other people";
    seed[..4].copy_from_slice(&number.to_le_bytes());
    seed
}

fn number(variable: &str, default: u32) -> u32 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")),
        Err(_) => default,
    }
}
