//! Objects outside of copies, on the demo cloud.

use partway_api::Api;
use partway_api::contract::*;
use serde_json::json;

use crate::support::{demo_account, open, s3_place, settled};

async fn ready() -> (tempfile::TempDir, Api) {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    demo_account(&api, Dialect::S3).await;
    (folder, api)
}

fn object(word: &str, key: &str) -> ObjectRef {
    ObjectRef {
        place: s3_place(word, ""),
        key: key.to_owned(),
        version: None,
        key_md5: None,
    }
}

fn set(word: &str, keys: &[&str], prefixes: &[&str]) -> ObjectSet {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    ObjectSet {
        place: s3_place(word, ""),
        keys: owned(keys),
        prefixes: owned(prefixes),
    }
}

async fn ended(api: &Api, objects: ObjectSet, errand: Errand) -> ErrandStatus {
    let mut status = api
        .begin_errand(BeginErrand { objects, errand })
        .await
        .unwrap();
    for _ in 0..600 {
        if status.ended {
            return status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let errand = status.errand;
        status = api.errand(ErrandRef { errand }).await.unwrap();
    }
    panic!("the errand never ended: {status:?}");
}

async fn folder(api: &Api, word: &str, prefix: &str, name: &str) {
    let place = s3_place(word, prefix);
    let name = name.to_owned();
    api.make_folder(MakeFolder { place, name }).await.unwrap();
}

#[tokio::test]
async fn a_folder_is_made_once_and_deleted_with_what_is_in_it() {
    let (_folder, api) = ready().await;
    for name in ["one", "two/", "three"] {
        folder(&api, "backup", "made/", name).await;
    }
    let again = MakeFolder {
        place: s3_place("backup", "made/"),
        name: "two".to_owned(),
    };
    let error = api.make_folder(again).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("name"));

    let all = || set("backup", &["made/one/"], &["made/", "made/t"]);
    let counted = ended(&api, all(), Errand::Count).await;
    assert_eq!(
        (counted.found, counted.done),
        (3.0, 3.0),
        "nothing counts twice"
    );
    let deleted = ended(&api, all(), Errand::Delete { versions: false }).await;
    assert_eq!(
        (deleted.done, deleted.failed, deleted.error),
        (3.0, 0.0, None)
    );
    let left = ended(&api, all(), Errand::Count).await;
    // The named one is counted unseen, as part of the prefix it is looked for.
    assert!(left.found < 0.5, "{left:?}");
}

#[tokio::test]
async fn metadata_is_changed_by_a_job_and_the_rest_stays() {
    let (_folder, api) = ready().await;
    folder(&api, "backup", "", "m").await;
    let tags = vec![("team".to_owned(), "a b".to_owned())];
    let put = PutObjectTags {
        object: object("backup", "m/"),
        tags: tags.clone(),
    };
    assert_eq!(api.put_object_tags(put).await.unwrap().tags, tags);

    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let change = ChangeObjects {
        objects: set("backup", &["m/"], &[]),
        storage_class: None,
        properties: Some(ObjectProperties {
            headers: vec![pair("Content-Type", "text/plain")],
            metadata: vec![pair("Colour", "blue")],
        }),
    };
    let job = api.change_objects(change).await.unwrap().job;
    assert_eq!(settled(&api, job).await.state, JobState::Done);
    let details = api.object_details(object("backup", "m/")).await.unwrap();
    assert!(
        details
            .headers
            .contains(&pair("content-type", "text/plain"))
    );
    assert_eq!(details.metadata, [pair("colour", "blue")]);
    let kept = api.object_tags(object("backup", "m/")).await.unwrap();
    assert_eq!(kept.tags, tags);

    let class = ChangeObjects {
        objects: set("backup", &[], &["m/"]),
        storage_class: Some("STANDARD_IA".to_owned()),
        properties: None,
    };
    let job = api.change_objects(class).await.unwrap().job;
    assert_eq!(settled(&api, job).await.state, JobState::Done);
    let details = api.object_details(object("backup", "m/")).await.unwrap();
    assert_eq!(details.storage_class, "STANDARD_IA");
    assert_eq!(details.metadata, [pair("colour", "blue")]);
}

#[tokio::test]
async fn an_acl_is_shown_before_it_is_sent() {
    let (_folder, api) = ready().await;
    folder(&api, "backup", "", "acl").await;
    let put = || PutObjectAcl {
        object: object("backup", "acl/"),
        canned: "public-read".to_owned(),
    };
    let request = api.preview_acl(put()).await.unwrap().text;
    assert!(request.starts_with("PUT /"), "{request}");
    assert!(request.contains("x-amz-acl: public-read"), "{request}");
    assert!(
        !request.to_lowercase().contains("authorization"),
        "{request}"
    );
    let grants = api.put_object_acl(put()).await.unwrap().grants;
    let everyone = grants.iter().find(|grant| grant.grantee == "everyone");
    assert_eq!(
        everyone.map(|grant| grant.permission.as_str()),
        Some("read")
    );
}

#[tokio::test]
async fn a_link_is_no_longer_than_seven_days_and_holds_no_secret() {
    let (_folder, api) = ready().await;
    folder(&api, "backup", "", "l").await;
    let wanted = |seconds| PresignObject {
        object: object("backup", "l/"),
        seconds,
        as_download: true,
    };
    let link = api.presign_object(wanted(60)).await.unwrap();
    assert!(link.url.contains("X-Amz-Signature="), "{}", link.url);
    assert!(
        link.url.contains("response-content-disposition=attachment"),
        "{}",
        link.url
    );
    for seconds in [0, 7 * 24 * 3600 + 1] {
        let error = api.presign_object(wanted(seconds)).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("seconds"));
    }
}

#[tokio::test]
async fn a_dry_run_tells_of_every_object_and_writes_nothing() {
    let (_folder, api) = ready().await;
    for name in ["a", "b"] {
        folder(&api, "backup", "from/", name).await;
    }
    folder(&api, "backup", "to/from/", "a").await;
    let request: CopyRequest = serde_json::from_value(json!({
        "source": s3_place("backup", ""),
        "keys": [], "prefixes": ["from/"],
        "destination": s3_place("backup", "to/"),
        "rename": null,
        "options": {
            "part_size": null, "transfers_at_once": 3, "parts_at_once": 4, "storage_class": null,
        },
        "overwrite": false, "on_conflict": "skip",
    }))
    .unwrap();
    let dry_run = api.begin_dry_run(request).await.unwrap().dry_run;
    let ask = |notable| DryRunRequest {
        dry_run,
        notable,
        start: 0,
        count: 10,
    };
    let mut lines = api.dry_run(ask(false)).await.unwrap();
    while !lines.status.ended {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        lines = api.dry_run(ask(false)).await.unwrap();
    }
    assert_eq!(lines.status.error, None);
    assert_eq!((lines.status.objects, lines.status.copies), (2.0, 1.0));
    let notable = api.dry_run(ask(true)).await.unwrap().lines;
    let told: Vec<_> = notable
        .iter()
        .map(|line| (line.source_key.as_str(), line.fate.as_str()))
        .collect();
    assert_eq!(told, [("from/a/", "skip")]);
    let format = ManifestFormat::Csv;
    let written = api
        .export_dry_run(ExportDryRun { dry_run, format })
        .await
        .unwrap();
    let csv = std::fs::read_to_string(&written.path).unwrap();
    std::fs::remove_file(&written.path).unwrap();
    assert_eq!((written.rows, csv.lines().count()), (2, 3), "{csv}");
    let count = ended(&api, set("backup", &[], &["to/"]), Errand::Count).await;
    assert!((count.found - 1.0).abs() < 0.5, "nothing was copied");
}

#[tokio::test]
async fn versions_come_back_and_deletions_are_undone() {
    let (_folder, api) = ready().await;
    let of = |key: &str| VersionsRequest {
        object: object("versions", key),
        after: None,
    };
    let state = api.bucket_versions(s3_place("versions", "")).await.unwrap();
    assert_eq!(state.versioning, "enabled");

    let versions = api
        .object_versions(of("report.txt"))
        .await
        .unwrap()
        .versions;
    assert_eq!(versions.len(), 3);
    let first = ObjectRef {
        version: versions[2].version.clone(),
        ..object("versions", "report.txt")
    };
    let job = api.bring_back(first.clone()).await.unwrap().job;
    let job = settled(&api, job).await;
    assert_eq!(job.state, JobState::Done, "{:?}", job.error);
    let current = api
        .preview_object(object("versions", "report.txt"))
        .await
        .unwrap();
    assert_eq!(current.text.as_deref(), Some("First draft.\n"));
    let versions = api
        .object_versions(of("report.txt"))
        .await
        .unwrap()
        .versions;
    assert_eq!(versions.len(), 4, "nothing of before is lost");

    let marker = api
        .object_versions(of("minutes.txt"))
        .await
        .unwrap()
        .versions;
    assert!(marker[0].is_latest && marker[0].is_delete_marker);
    let marker = ObjectRef {
        version: marker[0].version.clone(),
        ..object("versions", "minutes.txt")
    };
    api.delete_version(marker).await.unwrap();
    assert!(
        api.object_details(object("versions", "minutes.txt"))
            .await
            .is_ok()
    );
    let error = api
        .delete_version(object("versions", "minutes.txt"))
        .await
        .unwrap_err();
    assert_eq!(error.field.as_deref(), Some("version"));

    let gone = set("versions", &["report.txt"], &[]);
    let gone = ended(&api, gone, Errand::Delete { versions: true }).await;
    assert_eq!((gone.done, gone.failed), (4.0, 0.0), "{:?}", gone.failures);
    let left = api
        .object_versions(of("report.txt"))
        .await
        .unwrap()
        .versions;
    assert!(left.is_empty());
}

#[tokio::test]
async fn only_what_is_archived_is_restored_and_refusals_are_named() {
    let (_folder, api) = ready().await;
    let restore = || Errand::Restore {
        tier: RestoreTier::Standard,
        days: 3,
    };
    let folder = ended(&api, set("archive", &[], &[""]), restore()).await;
    assert_eq!((folder.found, folder.done, folder.failed), (1.0, 1.0, 0.0));
    let details = api
        .object_details(object("archive", "2019/ledger.tar"))
        .await
        .unwrap();
    assert!(details.is_archived && details.restore.is_some_and(|restore| restore.ongoing));
    let warm = ended(&api, set("archive", &["readme.txt"], &[]), restore()).await;
    assert_eq!((warm.done, warm.failed), (1.0, 1.0));
    assert_eq!(warm.failures[0].key, "readme.txt");
    assert!(warm.failures[0].error.request_id.is_some());
}
