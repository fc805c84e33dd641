//! Encryption and access that were asked for reach the copies; keys of one's own reach nothing
//! else.

use std::time::Duration;

use partway_democloud::Timing;
use partway_domain::limits::MIB;
use partway_domain::{
    Access, AtRest, CopyTerms, DialectName, FailureKind, Grant, Grantee, JobId, KeyService,
    Permission, State, Wait,
};
use partway_engine::Engine;
use partway_protocol::op::CustomerKey;
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine};

const SOURCE: &str = "terms/source.bin";

async fn cloud_with_source(dialect: DialectName) -> Cloud {
    let cloud = Cloud::open().await;
    let datasets = bucket(dialect, "datasets");
    cloud
        .demo
        .put_virtual(provider(dialect), datasets.as_str(), SOURCE, 200 * MIB);
    cloud
}

/// A copy with these terms, in parts of 5 MiB; the job is over when it returns.
async fn copy(
    (cloud, dialect): (&Cloud, DialectName),
    engine: &Engine,
    from: (&str, &str),
    to: (&str, &str),
    terms: &CopyTerms,
) -> JobId {
    let mut request = copy_request(cloud, dialect, from, to);
    request.options.part_size = Some(5 * MIB);
    request.options.terms = terms.clone();
    let job = engine.start(&request).await.expect("it starts");
    engine.wait(job).await;
    let (_, transfer) = look(engine, job);
    assert_eq!(
        transfer.state,
        State::Done,
        "{dialect}: {:?}",
        transfer.failure
    );
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_get_the_encryption_and_access_that_were_asked_for() {
    for dialect in DialectName::ALL {
        let cloud = cloud_with_source(dialect).await;
        let machine = Machine::new(&cloud);
        let engine = machine.engine();
        let terms = CopyTerms {
            encryption: AtRest::KeyService(KeyService {
                key_id: Some("key-1".to_owned()),
                ..KeyService::default()
            }),
            access: Access::Grants(vec![Grant {
                permission: Permission::Read,
                grantee: Grantee::Id("100000000009".to_owned()),
            }]),
            ..CopyTerms::default()
        };
        // By parts, and in one request.
        for (from, to) in [
            (("datasets", SOURCE), "by-parts.bin"),
            (("photos", "readme.txt"), "single.txt"),
        ] {
            let here = (&cloud, dialect);
            let job = copy(here, &engine, from, ("backup", to), &terms).await;
            let facts = cloud
                .object(dialect, &bucket(dialect, "backup"), to)
                .unwrap();
            let word = facts.encryption.algorithm.expect("it is encrypted");
            assert!(word.ends_with("kms"), "{dialect}: {word}");
            assert_eq!(facts.encryption.key_id.as_deref(), Some("key-1"));
            let granted = facts
                .grants
                .iter()
                .any(|grant| grant.contains("100000000009"));
            assert!(granted, "{dialect}: {:?}", facts.grants);
            // It is remembered, so that a resume asks for the same.
            assert_eq!(look(&engine, job).0.options.terms, terms);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_a_provider_does_not_have_are_refused_before_anything_starts() {
    let dialect = DialectName::Cos;
    let cloud = cloud_with_source(dialect).await;
    let machine = Machine::new(&cloud);
    let engine = machine.engine();
    let mut request = copy_request(&cloud, dialect, ("datasets", SOURCE), ("backup", "no.bin"));
    request.options.terms.access = Access::Canned("public-read-write".to_owned());
    let refusal = engine.start(&request).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::Invalid);
    assert!(refusal.message.contains("public-read"), "{refusal}");
    assert!(cloud.requests_of(dialect, "no.bin").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_ones_own_encrypt_and_decrypt_and_are_never_written_down() {
    for dialect in DialectName::ALL {
        let cloud = cloud_with_source(dialect).await;
        let machine = Machine::new(&cloud);
        let engine = machine.engine();
        let key = CustomerKey::of_bytes(b"CANARYcanaryCANARYcanary01234567").unwrap();
        let key_md5 = engine.offer_key(key);
        let sealed = CopyTerms {
            encryption: AtRest::Customer {
                key_md5: key_md5.clone(),
            },
            ..CopyTerms::default()
        };
        let opened = CopyTerms {
            source_key_md5: Some(key_md5.clone()),
            ..CopyTerms::default()
        };
        let here = (&cloud, dialect);
        let source = ("datasets", SOURCE);
        copy(here, &engine, source, ("backup", "sealed.bin"), &sealed).await;
        let facts = |key| {
            cloud
                .object(dialect, &bucket(dialect, "backup"), key)
                .unwrap()
        };
        let made = facts("sealed.bin");
        assert_eq!(made.encryption.customer_key_md5, Some(key_md5.clone()));
        let small = ("photos", "readme.txt");
        copy(here, &engine, small, ("backup", "sealed.txt"), &sealed).await;

        // Without the key nobody can even look at it.
        let closed = ("backup", "sealed.bin");
        let request = copy_request(&cloud, dialect, closed, ("photos", "open.bin"));
        let refusal = engine.start(&request).await.unwrap_err();
        assert!(
            refusal.message.contains("key of your own"),
            "{dialect}: {refusal}"
        );

        let job = copy(here, &engine, closed, ("photos", "open.bin"), &opened).await;
        let (row, transfer) = look(&engine, job);
        let open = cloud
            .object(dialect, &bucket(dialect, "photos"), "open.bin")
            .unwrap();
        assert_eq!(open.encryption.customer_key_md5, None);
        assert_eq!(open.segments, made.segments);
        assert_eq!(open.size, 200 * MIB);

        let shown = format!("{row:?} {transfer:?} {engine:?}");
        assert!(
            !shown.contains("CANARY") && !shown.contains("Q0FOQVJZ"),
            "{shown}"
        );
        for entry in std::fs::read_dir(machine.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            // As it is, in base64 and in hexadecimal.
            for secret in ["CANARYcanary", "Q0FOQVJZY2FuYXJ5", "43414e415259"] {
                let found = bytes
                    .windows(secret.len())
                    .any(|at| at == secret.as_bytes());
                assert!(!found, "{}: the key is written down", path.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_a_job_waits_for_its_key() {
    let dialect = DialectName::S3;
    let cloud = cloud_with_source(dialect).await;
    let machine = Machine::new(&cloud);
    let key = CustomerKey::of_bytes(&[5; 32]).unwrap();
    let engine = machine.engine();
    let key_md5 = engine.offer_key(key.clone());
    let mut request = copy_request(
        &cloud,
        dialect,
        ("datasets", SOURCE),
        ("backup", "late.bin"),
    );
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 2;
    request.options.terms.encryption = AtRest::Customer {
        key_md5: key_md5.clone(),
    };
    cloud.demo.set_timing(Timing {
        latency: Duration::from_millis(50),
        ..Timing::default()
    });
    let job = engine.start(&request).await.expect("it starts");
    let some_parts = async {
        while look(&engine, job).1.parts_done < 4 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), some_parts)
        .await
        .expect("parts arrive");
    engine.pause(job).await.unwrap();
    engine.wait(job).await;
    drop(engine);
    cloud.demo.set_timing(Timing::default());

    // Another process knows the key only by its MD5.
    let engine = machine.engine();
    engine.resume(job).await.unwrap();
    engine.wait(job).await;
    let (_, transfer) = look(&engine, job);
    let waits = matches!(
        transfer.state,
        State::Waiting {
            wait: Wait::Credential,
            ..
        }
    );
    assert!(waits, "{:?}", transfer.state);
    let failure = transfer.failure.expect("why it waits");
    assert_eq!(failure.kind, FailureKind::MissingCredential);
    assert!(failure.message.contains(&key_md5), "{failure}");

    engine.offer_key(key);
    engine.resume(job).await.unwrap();
    engine.wait(job).await;
    let (_, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    let facts = cloud
        .object(dialect, &bucket(dialect, "backup"), "late.bin")
        .unwrap();
    assert_eq!(facts.encryption.customer_key_md5, Some(key_md5));
}
