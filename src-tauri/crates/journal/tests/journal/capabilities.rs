//! What is known of servers, and when it is forgotten.

use partway_domain::{
    Account, AccountId, Bucket, Capabilities, Capability, DialectName, Learned, Support,
};
use partway_journal::{Change, Durability, Journal, JournalError};
use rusqlite::Connection;

use crate::rows::account;
use crate::sample;

fn present(evidence: &str) -> Support {
    Support::Present(learned(evidence))
}

fn absent(evidence: &str) -> Support {
    Support::Absent(learned(evidence))
}

fn learned(evidence: &str) -> Learned {
    Learned {
        evidence: evidence.to_owned(),
        at_ms: 1_700_000_000_000,
    }
}

fn id(account: &str) -> AccountId {
    AccountId(account.to_owned())
}

fn learn(
    journal: &Journal,
    account: &str,
    bucket: Option<&Bucket>,
    learned: &[(Capability, Support)],
) -> Result<(), JournalError> {
    let change = Change::CapabilitiesLearned {
        account: id(account),
        bucket: bucket.cloned(),
        learned: learned.iter().cloned().collect(),
    };
    journal.write(vec![change], Durability::Durable)
}

#[test]
fn every_capability_comes_back_as_it_was_learned() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    journal.put_account(&account("1", "work")).unwrap();
    let all: Vec<_> = Capability::ALL
        .into_iter()
        .enumerate()
        .map(|(n, capability)| {
            let evidence = format!("seen with {capability}");
            let support = if n % 2 == 0 {
                present(&evidence)
            } else {
                absent(&evidence)
            };
            (capability, support)
        })
        .collect();
    learn(&journal, "1", None, &all).unwrap();
    drop(journal);

    let again = sample::open(folder.path());
    assert_eq!(
        again.capabilities(&id("1"), None).unwrap(),
        Capabilities::from_iter(all)
    );
    // Read past the column code: the word in the file is the word of the contract.
    drop(again);
    let words: Vec<String> = Connection::open(folder.path().join("partway.sqlite3"))
        .unwrap()
        .prepare("SELECT capability FROM capability")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for capability in Capability::ALL {
        assert!(words.contains(&capability.as_str().to_owned()), "{words:?}");
    }
}

#[test]
fn one_bucket_that_can_do_less_takes_nothing_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    journal.put_account(&account("1", "work")).unwrap();
    let (plain, odd) = (
        Bucket::parse("plain").unwrap(),
        Bucket::parse("odd").unwrap(),
    );
    learn(
        &journal,
        "1",
        None,
        &[
            (Capability::Tagging, present("tags came back")),
            (Capability::Acl, absent("HTTP 501")),
        ],
    )
    .unwrap();
    learn(
        &journal,
        "1",
        Some(&odd),
        &[(Capability::Tagging, absent("HTTP 405"))],
    )
    .unwrap();

    let of = |bucket| journal.capabilities(&id("1"), bucket).unwrap();
    assert!(!of(None).lacks(Capability::Tagging));
    assert!(!of(Some(&plain)).lacks(Capability::Tagging));
    assert!(of(Some(&plain)).lacks(Capability::Acl));
    assert_eq!(
        of(Some(&odd)).absence(Capability::Tagging),
        Some(&learned("HTTP 405"))
    );
    assert!(of(Some(&odd)).lacks(Capability::Acl));

    // A new test of the account knows better than what single buckets once refused.
    let forgotten = Change::CapabilitiesForgotten { account: id("1") };
    journal.write(vec![forgotten], Durability::Durable).unwrap();
    assert!(of(Some(&odd)).is_empty());
}

#[test]
fn knowledge_outlives_a_new_name_but_not_another_server() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    journal.put_account(&account("1", "work")).unwrap();
    let lacks_tags = || {
        let known = journal.capabilities(&id("1"), None).unwrap();
        known.lacks(Capability::Tagging)
    };
    let found = [(Capability::Tagging, absent("HTTP 501"))];

    learn(&journal, "1", None, &found).unwrap();
    journal.put_account(&account("1", "renamed")).unwrap();
    assert!(lacks_tags());

    journal
        .put_account(&Account {
            endpoint: "https://another.example".to_owned(),
            ..account("1", "renamed")
        })
        .unwrap();
    assert!(!lacks_tags());

    learn(&journal, "1", None, &found).unwrap();
    journal
        .put_account(&Account {
            endpoint: "https://another.example".to_owned(),
            dialect: DialectName::S3,
            ..account("1", "renamed")
        })
        .unwrap();
    assert!(!lacks_tags());

    learn(&journal, "1", None, &found).unwrap();
    journal.remove_account(&id("1")).unwrap();
    assert!(!lacks_tags());
    assert!(matches!(
        learn(&journal, "1", None, &found),
        Err(JournalError::NotFound { .. })
    ));
}
