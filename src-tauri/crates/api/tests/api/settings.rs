//! Settings, put in force, written into a file and read from one.

use partway_api::contract::*;

use crate::support::open;

#[tokio::test]
async fn settings_go_into_a_file_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let before = api.app_state(Nothing {}).await.unwrap().settings;
    let chosen = Settings {
        retries: 3,
        part_size: Some(67_108_864.0),
        proxy: Some("http://proxy.example:3128".to_owned()),
        ..before.clone()
    };
    api.put_settings(chosen.clone()).await.unwrap();
    let written = api.export_settings(Nothing {}).await.unwrap();
    api.put_settings(before).await.unwrap();

    let text = std::fs::read_to_string(written.path).unwrap();
    let read = api.import_settings(SettingsText { text }).await.unwrap();
    assert_eq!(read, chosen);
    let kept = api.app_state(Nothing {}).await.unwrap().settings;
    assert_eq!(kept, chosen);
}

#[tokio::test]
async fn what_cannot_be_obeyed_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let before = api.app_state(Nothing {}).await.unwrap().settings;
    let with = |proxy: Option<&str>, ca_file: Option<&str>, retries: u32| Settings {
        proxy: proxy.map(str::to_owned),
        ca_file: ca_file.map(str::to_owned),
        retries,
        ..before.clone()
    };
    for (settings, field) in [
        (with(Some("http://me:secret@proxy"), None, 7), "proxy"),
        (with(Some("proxy"), None, 7), "proxy"),
        (with(None, Some("/nowhere/ca.pem"), 7), "ca_file"),
        (with(None, None, 21), "retries"),
    ] {
        let error = api.put_settings(settings).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{error:?}");
        assert!(!error.message.contains("secret"), "{error:?}");
    }
    let newer = r#"{"partway_settings": 99, "settings": {}}"#;
    for text in ["{}", newer, "no JSON"] {
        let text = text.to_owned();
        let error = api
            .import_settings(SettingsText { text })
            .await
            .unwrap_err();
        assert_eq!(error.field.as_deref(), Some("text"));
    }
    let kept = api.app_state(Nothing {}).await.unwrap().settings;
    assert_eq!(kept, before);
}

#[tokio::test]
async fn every_linked_crate_is_named_with_its_licence() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let list = api.licences(Nothing {}).await.unwrap();
    for linked in ["tokio", "reqwest", "rusqlite"] {
        let one = list.iter().find(|one| one.name == linked);
        assert!(
            one.is_some_and(|one| one.licence.contains("MIT")),
            "{linked}"
        );
    }
    assert!(
        list.iter()
            .all(|one| one.name != "insta" && !one.licence.is_empty())
    );
}
