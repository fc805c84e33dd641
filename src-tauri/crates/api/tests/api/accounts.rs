//! Accounts, and that no secret ever comes back.

use std::sync::Arc;

use crate::support::{Memory, demo_account, open, open_with};
use partway_api::contract::*;
use partway_api::{Api, dispatch};
use partway_domain::AccountId;
use partway_engine::secret::SecretStore as _;
use serde_json::{Value, json};

const CANARY: &str = "CANARY-SECRET-51c7";

fn draft(name: &str, endpoint: &str) -> AccountDraft {
    AccountDraft {
        id: None,
        name: name.to_owned(),
        dialect: Dialect::S3,
        endpoint: endpoint.to_owned(),
        region: "us-east-1".to_owned(),
        addressing: Addressing::Path,
        named_buckets: vec![],
        fallback_domain: false,
        credential: Some(CredentialDraft {
            access_key: "AKIACANARYKEY1234".to_owned(),
            secret_key: CANARY.to_owned(),
            token: Some(format!("{CANARY}-TOKEN")),
        }),
        expires_ms: None,
        secret_of: None,
    }
}

#[tokio::test]
async fn an_account_is_kept_changed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Arc::new(Memory::default());
    let api = open_with(folder.path(), secrets.clone()).await;
    let saved = api
        .save_account(draft("Prod", "http://127.0.0.1:1"))
        .await
        .unwrap();
    assert_eq!(saved.this_run_only, None);
    assert!(saved.account.has_secret);
    assert_eq!(saved.account.masked_key_id, "AKIA…1234");
    let id = AccountId(saved.account.id.clone());
    assert_eq!(secrets.load(&id).unwrap().unwrap().secret_key, CANARY);

    let taken = api
        .save_account(draft("prod", "http://127.0.0.1:2"))
        .await
        .unwrap_err();
    assert_eq!(taken.field.as_deref(), Some("name"));

    let renamed = AccountDraft {
        id: Some(id.0.clone()),
        name: "Production".to_owned(),
        credential: None,
        ..draft("", "http://127.0.0.1:2")
    };
    let renamed = api.save_account(renamed).await.unwrap().account;
    assert_eq!(renamed.masked_key_id, "AKIA…1234", "the old key stays");
    assert_eq!(secrets.load(&id).unwrap().unwrap().secret_key, CANARY);

    api.remove_account(AccountRef {
        account: id.0.clone(),
    })
    .await
    .unwrap();
    assert_eq!(api.accounts(Nothing {}).await.unwrap(), []);
    assert_eq!(secrets.load(&id).unwrap(), None);
    let gone = api
        .remove_account(AccountRef { account: id.0 })
        .await
        .unwrap_err();
    assert_eq!(gone.kind, "not_found");
}

/// The draft of a demo account, with its public credential.
async fn working(api: &Api, dialect: Dialect) -> AccountDraft {
    let account = demo_account(api, dialect).await;
    let text = std::fs::read_to_string(api.data_folder().join("demo/endpoints.json")).unwrap();
    let endpoints: Value = serde_json::from_str(&text).unwrap();
    let side = match dialect {
        Dialect::Cos => &endpoints["cos"],
        Dialect::Obs | Dialect::ObsV2 => &endpoints["obs"],
        Dialect::S3 => &endpoints["s3"],
    };
    AccountDraft {
        dialect,
        endpoint: account.endpoint,
        region: account.region,
        credential: Some(CredentialDraft {
            access_key: side["access_key"].as_str().unwrap().to_owned(),
            secret_key: side["secret_key"].as_str().unwrap().to_owned(),
            token: None,
        }),
        ..draft("Mine", "")
    }
}

fn failed(test: &AccountTest) -> Vec<(&str, &str)> {
    let failed = test
        .checks
        .iter()
        .filter_map(|check| Some((check.name.as_str(), check.error.as_ref()?.kind.as_str())));
    failed.collect()
}

#[tokio::test]
async fn a_test_tells_each_trouble_apart() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    for dialect in [Dialect::Cos, Dialect::Obs, Dialect::S3] {
        let good = working(&api, dialect).await;
        let test = api.test_account(good.clone()).await.unwrap();
        assert!(test.ok, "{test:?}");
        assert!(test.buckets.len() > 5, "{test:?}");
        let names: Vec<&str> = test
            .checks
            .iter()
            .map(|check| check.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "input",
                "reach",
                "clock",
                "key",
                "list_buckets",
                "head_bucket",
                "list_objects",
                "list_versions",
                "read_versioning",
                "list_uploads",
                "head_object",
                "read_object",
                "read_tags",
                "read_acl"
            ]
        );
        let all = test
            .checks
            .iter()
            .all(|check| check.outcome == CheckOutcome::Passed);
        assert!(all, "{test:?}");

        let wrong_secret = AccountDraft {
            credential: Some(CredentialDraft {
                secret_key: CANARY.to_owned(),
                ..good.credential.clone().unwrap()
            }),
            ..good.clone()
        };
        let test = api.test_account(wrong_secret).await.unwrap();
        assert!(!test.ok);
        assert_eq!(failed(&test), [("key", "wrong_credential")]);
        let error = test.checks.last().unwrap().error.clone().unwrap();
        assert_eq!(error.code.as_deref(), Some("SignatureDoesNotMatch"));
        assert!(error.request_id.is_some(), "{error:?}");

        let nobody = AccountDraft {
            endpoint: "http://127.0.0.1:1".to_owned(),
            ..good.clone()
        };
        let test = api.test_account(nobody).await.unwrap();
        assert_eq!(failed(&test), [("reach", "network")]);

        let with_bucket = AccountDraft {
            named_buckets: vec!["no-such-bucket-1250000000".to_owned()],
            ..good.clone()
        };
        let test = api.test_account(with_bucket).await.unwrap();
        assert!(test.ok, "listing works: {test:?}");
        assert_eq!(failed(&test), [("named_bucket", "no_such_bucket")]);

        let no_url = AccountDraft {
            endpoint: "https://host/path".to_owned(),
            ..good
        };
        let test = api.test_account(no_url).await.unwrap();
        assert_eq!(
            test.checks[0].error.as_ref().unwrap().field.as_deref(),
            Some("endpoint")
        );
    }
    let elsewhere = AccountDraft {
        region: "eu-west-9".to_owned(),
        ..working(&api, Dialect::S3).await
    };
    let test = api.test_account(elsewhere).await.unwrap();
    assert_eq!(failed(&test), [("region", "wrong_region")]);
}

/// Every command, with arguments that succeed or fail: no answer holds the secret, and neither
/// does the data folder.
#[tokio::test]
async fn no_answer_of_any_command_holds_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let mut arguments = std::collections::HashMap::from([
        ("save_account", json!(draft("Canary", "http://127.0.0.1:1"))),
        (
            "test_account",
            json!(draft("Canary 2", "http://127.0.0.1:1")),
        ),
    ]);
    let id = api
        .save_account(draft("First", "http://127.0.0.1:1"))
        .await
        .unwrap()
        .account
        .id;
    arguments.insert("buckets", json!({ "account": id }));
    for &name in dispatch::NAMES {
        let argument = arguments.remove(name).unwrap_or(Value::Null);
        let answer = match dispatch(&api, name, argument).await {
            Ok(answer) => answer.to_string(),
            Err(error) => format!("{error:?} {}", json!(error)),
        };
        assert!(
            !answer.contains(CANARY),
            "{name} gave the secret away: {answer}"
        );
        assert!(!answer.contains("unknown_command"), "{name}: {answer}");
    }
    // A form whose shape is wrong is not quoted back.
    let broken = json!({ "name": 5, "credential": CANARY });
    let error = dispatch(&api, "save_account", broken).await.unwrap_err();
    assert_eq!(error.kind, "bad_argument");
    assert!(!json!(error).to_string().contains(CANARY));
    assert!(!format!("{:?}", draft("x", "y")).contains(CANARY));

    api.shutdown(std::time::Duration::from_secs(1)).await;
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        let found = bytes
            .windows(CANARY.len())
            .any(|window| window == CANARY.as_bytes());
        assert!(!found, "{} holds the secret", file.path().display());
    }
}

#[tokio::test]
async fn an_unknown_command_and_a_wrong_argument_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let unknown = dispatch(&api, "launch", Value::Null).await.unwrap_err();
    assert_eq!(unknown.kind, "unknown_command");
    let wrong = dispatch(&api, "rows", json!({ "listing": "one" }))
        .await
        .unwrap_err();
    assert_eq!(wrong.kind, "bad_argument");
    assert!(wrong.message.contains("rows"), "{wrong:?}");
}

#[tokio::test]
async fn settings_are_checked_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let mut settings = api.app_state(Nothing {}).await.unwrap().settings;
    settings.language = Some("zh-CN".to_owned());
    settings.parts_at_once = 32;
    api.put_settings(settings.clone()).await.unwrap();
    assert_eq!(api.app_state(Nothing {}).await.unwrap().settings, settings);
    settings.parts_at_once = 257;
    let wrong = api.put_settings(settings).await.unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("parts_at_once"));
}

#[tokio::test]
async fn the_checks_of_a_running_test_are_told_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let good = working(&api, Dialect::S3).await;
    let asked = api.clone();
    let test = tokio::spawn(async move { asked.test_account(good).await.unwrap() });
    let mut told = Vec::new();
    while !test.is_finished() {
        let so_far = api.checks_so_far(Nothing {}).await.unwrap();
        if so_far.len() > told.len() {
            told = so_far;
        }
        tokio::task::yield_now().await;
    }
    let test = test.await.unwrap();
    assert!(
        told.len() > 1 && test.checks.starts_with(&told),
        "{told:?}, {test:?}"
    );
    assert_eq!(api.checks_so_far(Nothing {}).await.unwrap(), []);
}
