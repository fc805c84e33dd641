//! Whatever can go wrong with a copy has a test.
//!
//! `tests/faults.toml` has a row for every fault, with what is done about it and the tests that
//! show it. Here the rows are held against the tests that there really are; `cargo xtask test
//! --only faults` runs those tests and prints what became of each row.

mod shell;

use std::collections::BTreeSet;

use partway_tests::fault_list::rows;
use partway_tests::found::Found;

/// Nobody takes a row out unseen.
const ROWS: usize = 29;

#[test]
fn every_fault_has_tests_that_exist() {
    let mut found = Found::default();
    let unproven: Vec<String> = rows()
        .iter()
        .filter_map(|row| {
            let missing = found.missing(&row.test);
            (!missing.is_empty()).then(|| format!("{:?}: {}", row.fault, missing.join("; ")))
        })
        .collect();
    assert!(unproven.is_empty(), "{}", unproven.join("\n"));
}

#[test]
fn rows_are_whole_and_none_is_lost_or_stands_twice() {
    let rows = rows();
    let names: BTreeSet<&str> = rows.iter().map(|row| row.fault.as_str()).collect();
    assert_eq!((rows.len(), names.len()), (ROWS, ROWS));
    for row in &rows {
        assert!(row.behaviour.len() > 40, "{:?} says little", row.fault);
        assert!(!row.test.is_empty(), "{:?} has no test", row.fault);
        let tests: BTreeSet<&String> = row.test.iter().collect();
        assert_eq!(tests.len(), row.test.len(), "{:?}", row.fault);
    }
}
