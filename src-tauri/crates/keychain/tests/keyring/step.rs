//! What the processes do. Each is a test only so that this binary can be told to run it.

use partway_domain::AccountId;
use partway_engine::secret::{Kept, SecretStore};
use partway_keychain::Keychain;
use partway_protocol::credential::Credential;

/// Looked for in every file afterwards.
pub(crate) const SECRET: &str = "canary-5c1f-secret";

fn account() -> AccountId {
    AccountId("0198-demo".to_owned())
}

fn credential(suffix: &str) -> Credential {
    Credential {
        access_key: "AKIDEXAMPLE0001".to_owned(),
        secret_key: format!("{SECRET}{suffix}"),
        token: Some(format!("token of {SECRET}")),
    }
}

#[test]
#[ignore = "a step of another test"]
fn finds_nothing() {
    assert_eq!(Keychain::new().load(&account()), Ok(None));
}

#[test]
#[ignore = "a step of another test"]
fn saves() {
    let kept = Keychain::new().save(&account(), &credential(""));
    assert_eq!(kept, Ok(Kept::Keyring));
}

#[test]
#[ignore = "a step of another test"]
fn loads() {
    assert_eq!(Keychain::new().load(&account()), Ok(Some(credential(""))));
    let stranger = AccountId("another".to_owned());
    assert_eq!(Keychain::new().load(&stranger), Ok(None));
}

#[test]
#[ignore = "a step of another test"]
fn replaces() {
    let kept = Keychain::new().save(&account(), &credential(" 2"));
    assert_eq!(kept, Ok(Kept::Keyring));
}

#[test]
#[ignore = "a step of another test"]
fn loads_the_replaced() {
    assert_eq!(Keychain::new().load(&account()), Ok(Some(credential(" 2"))));
}

#[test]
#[ignore = "a step of another test"]
fn removes() {
    assert_eq!(Keychain::new().remove(&account()), Ok(()));
}

#[test]
#[ignore = "a step of another test"]
fn is_refused() {
    kept_for_this_run("no keyring service answers");
}

#[test]
#[ignore = "a step of another test"]
fn is_refused_as_locked() {
    kept_for_this_run("the keyring is locked");
}

fn kept_for_this_run(expected: &str) {
    let keychain = Keychain::new();
    let kept = keychain.save(&account(), &credential("")).unwrap();
    let Kept::ThisRunOnly { reason } = kept else {
        panic!("{kept:?}");
    };
    assert!(reason.contains(expected), "{reason}");
    assert!(!reason.contains(SECRET), "{reason}");
    assert!(!format!("{keychain:?}").contains(SECRET));

    assert_eq!(keychain.load(&account()), Ok(Some(credential(""))));
    assert_eq!(keychain.remove(&account()), Ok(()));
    assert_ne!(keychain.load(&account()), Ok(Some(credential(""))));
}

#[test]
#[ignore = "a step of another test"]
fn is_missing_again() {
    let error = Keychain::new().load(&account()).unwrap_err();
    assert!(error.to_string().contains("no keyring service"), "{error}");
    assert_eq!(Keychain::new().remove(&account()), Ok(()));
}
