//! Encryption that was asked for is proven like the bytes: a copy whose HEAD does not show it is
//! not called verified, and a part that was made with another key is no part of ours.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use partway_democloud::{Quirks, Switches};
use partway_domain::limits::MIB;
use partway_domain::{AtRest, CopyTerms, DialectName, FailureKind, KeyService, State};
use partway_engine::transport::{Transport, TransportError};
use partway_journal::table::transfer::TransferRow;
use partway_protocol::op::CustomerKey;
use partway_protocol::wire::{Method, Request, Response};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::{Cloud, Machine, on_every_dialect};

const SOURCE: &str = "sealed/source.bin";

/// By parts, and in one request.
const SIZES: [u64; 2] = [12 * MIB, MIB];

/// Copies an object of that size with this encryption, whatever comes of it.
async fn copy(
    (cloud, dialect): (&Cloud, DialectName),
    wire: Arc<dyn Transport>,
    size: u64,
    encryption: AtRest,
    key: Option<&CustomerKey>,
) -> TransferRow {
    let datasets = bucket(dialect, "datasets");
    cloud
        .demo
        .put_virtual(provider(dialect), datasets.as_str(), SOURCE, size);
    let machine = Machine::new(cloud);
    let engine = machine.engine_over(wire);
    if let Some(key) = key {
        engine.offer_key(key.clone());
    }
    // Each finds its place free.
    let made = cloud.demo.requests().len();
    let to = format!("sealed-{made}.bin");
    let mut request = copy_request(cloud, dialect, ("datasets", SOURCE), ("backup", &to));
    request.options.part_size = (size > 5 * MIB).then_some(5 * MIB);
    request.options.terms = CopyTerms {
        encryption,
        ..CopyTerms::default()
    };
    let job = engine.start(&request).await.expect("it starts");
    tokio::time::timeout(Duration::from_secs(60), engine.wait(job))
        .await
        .expect("it does not hang");
    look(&engine, job).1
}

/// Each kind of encryption, with the word that names it to a person.
fn kinds(key: &CustomerKey) -> [(AtRest, &'static str); 3] {
    [
        (AtRest::Provider, "AES256"),
        (
            AtRest::KeyService(KeyService {
                key_id: Some("key-1".to_owned()),
                ..KeyService::default()
            }),
            "key service",
        ),
        (AtRest::Customer { key_md5: key.md5() }, "key of your own"),
    ]
}

async fn what_was_asked_for_is_verified_only_if_it_shows(dialect: DialectName) {
    let key = CustomerKey::of_bytes(&[9; 32]).expect("a key");
    for forgets_encryption in [false, true] {
        let cloud = Cloud::open().await;
        cloud.demo.set_quirks(Quirks::everywhere(Switches {
            forgets_encryption,
            ..Switches::default()
        }));
        for size in SIZES {
            for (encryption, word) in kinds(&key) {
                let here = (&cloud, dialect);
                let row = copy(here, transport(), size, encryption, Some(&key)).await;
                assert_eq!(row.state, State::Done, "{word}: {:?}", row.failure);
                let verdict = row.verdict.expect("a verdict");
                let evidence = &verdict.evidence;
                if forgets_encryption {
                    assert!(!verdict.verified, "{word}: {evidence}");
                    assert!(evidence.contains(word), "{word}: {evidence}");
                    assert!(evidence.contains("asked for"), "{word}: {evidence}");
                } else {
                    assert!(!evidence.contains("asked for"), "{word}: {evidence}");
                }
            }
            // Where nothing was asked for there is nothing to miss.
            let row = copy(
                (&cloud, dialect),
                transport(),
                size,
                AtRest::default(),
                None,
            )
            .await;
            let evidence = row.verdict.expect("a verdict").evidence;
            assert!(!evidence.contains("asked for"), "{evidence}");
        }
    }
}

/// Answers to copies name another key than the one that was sent.
#[derive(Debug)]
struct OtherKey(Arc<dyn Transport>);

#[async_trait]
impl Transport for OtherKey {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let copies = request.method == Method::Put;
        let mut response = self.0.send(request, deadline).await?;
        for (name, value) in &mut response.headers {
            let name = name.to_ascii_lowercase();
            if copies && name.ends_with("server-side-encryption-customer-key-md5") {
                "AAAAAAAAAAAAAAAAAAAAAA==".clone_into(value);
            }
        }
        Ok(response)
    }
}

async fn a_copy_made_with_another_key_fails(dialect: DialectName) {
    let key = CustomerKey::of_bytes(&[9; 32]).expect("a key");
    for size in SIZES {
        let cloud = Cloud::open().await;
        let encryption = AtRest::Customer { key_md5: key.md5() };
        let wire = Arc::new(OtherKey(transport()));
        let row = copy((&cloud, dialect), wire, size, encryption, Some(&key)).await;
        let kind = FailureKind::VerificationFailed;
        assert_eq!(row.state, State::Failed { kind }, "{:?}", row.failure);
        let failure = row.failure.expect("why");
        assert!(failure.message.contains("another key"), "{failure}");
        assert!(failure.message.contains(&key.md5()), "{failure}");
    }
}

on_every_dialect!(
    what_was_asked_for_is_verified_only_if_it_shows,
    a_copy_made_with_another_key_fails,
);
