//! Copies that are given other headers, metadata and tags than their sources have.

use partway_api::Api;
use partway_api::contract::*;
use partway_democloud::{Provider, example_bucket};

use crate::support::{Behaviour, Memory, demo_account, open, open_behaving, settled};

const EACH: [(Dialect, Provider); 3] = [
    (Dialect::Cos, Provider::Cos),
    (Dialect::Obs, Provider::Obs),
    (Dialect::S3, Provider::S3),
];

/// By one request, by parts because they are many bytes, and by parts because it must be.
const SIZES: [&str; 3] = [
    "images/tiles-000.zip",
    "checkpoints/model.safetensors",
    "climate/era5-2026.nc",
];

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn place(account: &AccountView, provider: Provider, word: &str) -> Place {
    Place {
        account: account.id.clone(),
        bucket: example_bucket(provider, word),
        region: None,
        prefix: String::new(),
    }
}

type Tags = Option<Vec<(String, String)>>;

fn request(
    from: Place,
    to: Place,
    key: &str,
    (properties, tags): (Option<ObjectProperties>, Tags),
) -> CopyRequest {
    CopyRequest {
        source: from,
        keys: vec![key.to_owned()],
        prefixes: None,
        named: None,
        destination: to,
        rename: Some("copy".to_owned()),
        options: CopyOptions {
            part_size: None,
            transfers_at_once: 1,
            parts_at_once: 32,
            storage_class: None,
            terms: Some(CopyTerms {
                acl: None,
                grants: Vec::new(),
                encryption: None,
                kms_key: None,
                kms_context: Vec::new(),
                key_md5: None,
                source_key_md5: None,
                properties,
                tags,
            }),
            timing: None,
        },
        overwrite: true,
        on_conflict: None,
        kind: None,
    }
}

fn object(place: &Place, key: &str) -> ObjectRef {
    ObjectRef {
        place: place.clone(),
        key: key.to_owned(),
        version: None,
        key_md5: None,
    }
}

/// Headers, metadata and tags of an object.
async fn has(api: &Api, object: ObjectRef) -> (ObjectProperties, Vec<(String, String)>) {
    let details = api.object_details(object.clone()).await.unwrap();
    let properties = ObjectProperties {
        headers: details.headers,
        metadata: details.metadata,
    };
    let mut tags = api.object_tags(object).await.unwrap().tags;
    tags.sort();
    (properties, tags)
}

async fn copied(api: &Api, request: CopyRequest) {
    let job = api.start_copy(request).await.unwrap().job;
    let view = settled(api, job).await;
    assert_eq!(view.state, JobState::Done, "{view:?}");
    let look = TransfersRequest {
        job,
        after: None,
        limit: 1,
    };
    let transfers = api.transfers(look).await.unwrap();
    let verdict = transfers[0].verdict.as_ref().unwrap();
    assert!(verdict.verified, "{}", verdict.evidence);
}

#[tokio::test]
async fn copies_have_what_was_asked_for_whatever_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    for (dialect, provider) in EACH {
        let account = demo_account(&api, dialect).await;
        let (from, to) = (
            place(&account, provider, "datasets"),
            place(&account, provider, "backup"),
        );
        for key in SIZES {
            let tags = vec![pair("source", "1")];
            let put = PutObjectTags {
                object: object(&from, key),
                tags: tags.clone(),
            };
            api.put_object_tags(put).await.unwrap();
            let before = has(&api, object(&from, key)).await;

            let asked = ObjectProperties {
                headers: vec![
                    pair("Cache-Control", "no-cache"),
                    pair("content-type", "a/b"),
                ],
                metadata: vec![pair("Colour", "blue sky")],
            };
            let only_properties = (Some(asked), None);
            copied(
                &api,
                request(from.clone(), to.clone(), key, only_properties),
            )
            .await;
            let (properties, kept) = has(&api, object(&to, "copy")).await;
            let mut headers = properties.headers;
            headers.sort();
            let expected = [
                pair("cache-control", "no-cache"),
                pair("content-type", "a/b"),
            ];
            assert_eq!(headers, expected, "{dialect:?} {key}");
            assert_eq!(properties.metadata, [pair("colour", "blue sky")]);
            assert_eq!(kept, tags, "{dialect:?} {key}: tags stay as they are");

            let new = vec![pair("a", "1"), pair("b c", "2+3")];
            let only_tags = (None, Some(new.clone()));
            copied(&api, request(from.clone(), to.clone(), key, only_tags)).await;
            let (properties, tags) = has(&api, object(&to, "copy")).await;
            assert_eq!(properties, before.0, "{dialect:?} {key}: the rest stays");
            assert_eq!(tags, new, "{dialect:?} {key}");

            let none = (None, Some(Vec::new()));
            copied(&api, request(from.clone(), to.clone(), key, none)).await;
            let (_, tags) = has(&api, object(&to, "copy")).await;
            assert_eq!(tags, [], "{dialect:?} {key}");
        }
    }
}

#[tokio::test]
async fn what_a_provider_does_not_carry_is_refused_before_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    for (dialect, provider) in EACH {
        let account = demo_account(&api, dialect).await;
        let at = |word| place(&account, provider, word);
        let refused = async |metadata: Vec<(String, String)>, tags: Tags| {
            let headers = Vec::new();
            let asked = (Some(ObjectProperties { headers, metadata }), tags);
            let asked = request(at("datasets"), at("backup"), SIZES[0], asked);
            api.plan_copy(asked).await.unwrap_err().message
        };
        let long = vec![pair("a", &"x".repeat(9000))];
        let said = refused(long, None).await;
        assert!(said.contains("user metadata"), "{dialect:?}: {said}");
        let said = refused(vec![pair("a", "line\nfeed")], None).await;
        assert!(said.contains("control character"), "{dialect:?}: {said}");
        let many = (0..11).map(|n| pair(&n.to_string(), "")).collect();
        let said = refused(Vec::new(), Some(many)).await;
        assert!(said.contains("at most 10"), "{dialect:?}: {said}");
        let tags = Some(vec![pair("a", "b=c")]);
        let asked = request(at("datasets"), at("backup"), SIZES[0], (None, tags));
        let planned = api.plan_copy(asked).await;
        assert_eq!(planned.is_err(), dialect == Dialect::Obs, "{planned:?}");
    }
}

#[tokio::test]
async fn tags_that_a_server_does_not_take_are_not_left_out_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let behaviour = Behaviour::of(&[], &["s3:no_tagging"]);
    let secrets = std::sync::Arc::new(Memory::default());
    let api = open_behaving(folder.path(), secrets, behaviour).await;
    let account = demo_account(&api, Dialect::S3).await;
    let at = |word| place(&account, Provider::S3, word);
    for key in SIZES {
        let tags = (None, Some(vec![pair("a", "1")]));
        let request = request(at("datasets"), at("backup"), key, tags);
        match api.start_copy(request).await {
            Ok(begun) => {
                let view = settled(&api, begun.job).await;
                assert_eq!(view.state, JobState::Failed, "{key}: {view:?}");
            }
            Err(error) => assert!(error.message.contains("tags"), "{key}: {error:?}"),
        }
    }
}
