//! What a whole job makes of misleading answers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use partway_domain::limits::MIB;
use partway_domain::{DialectName, FailureKind, State, Wait};
use partway_engine::transport::{Transport, TransportError};
use partway_protocol::wire::{Request, Response};
use partway_tests::cloud::provider;
use partway_tests::on_every_dialect;

use crate::desk::Desk;

/// A copy of twelve parts.
fn small_parts(desk: &Desk) -> partway_engine::CopyRequest {
    let bucket = desk.bucket("datasets");
    let demo = &desk.cloud.demo;
    demo.put_virtual(provider(desk.dialect), bucket.as_str(), "source", 58 * MIB);
    let mut request = desk.request(("datasets", "source"), ("backup", "copy"));
    request.options.part_size = Some(5 * MIB);
    request.options.parts_at_once = 4;
    request
}

/// A part the server finds too small is a mistake of the plan: it fails once and for all.
async fn d1_1_a_part_too_small_is_not_sent_again(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let request = small_parts(&desk);
    desk.fault("CompleteMultipartUpload:refuse:status=400:code=EntityTooSmall:count=9");
    let job = desk.run(&request).await;
    desk.assert_failed(job, FailureKind::Invalid);
    assert_eq!(desk.sent("copy", "CompleteMultipartUpload"), 1);
}

/// The line says 200, the body an error: of a part, of a whole copy, of the completion.
async fn d4_8_an_error_in_a_200_is_never_taken_for_success(dialect: DialectName) {
    for (line, single) in [
        ("UploadPartCopy:error_in_200:count=2", false),
        ("CompleteMultipartUpload:error_in_200:count=2", false),
        ("CopyObject:error_in_200:count=2", true),
    ] {
        let desk = Desk::new(dialect).await;
        let mut request = small_parts(&desk);
        if single {
            request.options.part_size = None;
        }
        desk.fault(line);
        let job = desk.run(&request).await;
        desk.assert_done(job);
        assert!(desk.cloud.demo.faults_left().is_empty(), "{line} happened");
        assert_eq!(
            desk.truth("backup", "copy").expect("the copy").segments,
            desk.truth("datasets", "source")
                .expect("the source")
                .segments,
            "{line}"
        );
    }
}

/// Neither success nor the proof of it depends on whose clock is right.
async fn d4_5_clocks_need_not_agree(dialect: DialectName) {
    for minutes in [-10, 10] {
        let desk = Desk::new(dialect).await;
        desk.machine.wall.shift_ms(minutes * 60_000);
        let job = desk.run(&small_parts(&desk)).await;
        desk.assert_done(job);
        let verdict = desk.transfer(job).verdict.expect("a verdict");
        assert!(verdict.verified, "{minutes} minutes: {}", verdict.evidence);
    }
}

/// A wire on which part copies say they read another version than the one that was asked for.
#[derive(Debug)]
struct OtherVersion(Arc<dyn Transport>);

#[async_trait]
impl Transport for OtherVersion {
    async fn send(&self, request: Request, deadline: Duration) -> Result<Response, TransportError> {
        let part = request.query.iter().any(|(name, _)| name == "partNumber");
        let mut response = self.0.send(request, deadline).await?;
        if part {
            for (name, value) in &mut response.headers {
                if name.ends_with("copy-source-version-id") {
                    "another".clone_into(value);
                }
            }
        }
        Ok(response)
    }
}

/// Where the server says what it read, it must be what was pinned.
async fn d4_12_a_part_of_another_version_fails_the_copy(dialect: DialectName) {
    let desk = Desk::over(dialect, |wire| Arc::new(OtherVersion(wire))).await;
    let job = desk
        .run(&desk.request(("versions", "big.bin"), ("backup", "copy")))
        .await;
    desk.assert_source_changed(job);
    assert!(
        desk.truth("backup", "copy").is_none(),
        "nothing is completed"
    );

    let desk = Desk::new(dialect).await;
    let job = desk
        .run(&desk.request(("versions", "big.bin"), ("backup", "copy")))
        .await;
    desk.assert_done(job);
}

/// Only who began an upload may add to it. With OBS a key of another user finds the upload
/// closed to it: the copy starts over under the new one instead of failing for ever.
async fn d5_8_another_identity_starts_over(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let request = small_parts(&desk);
    desk.fault("UploadPartCopy:expired_token:skip=5");
    let job = desk.run(&request).await;
    let credential = State::Waiting {
        wait: Wait::Credential,
    };
    assert_eq!(desk.transfer(job).state, credential, "half way");
    desk.fault("ListParts:refuse:status=403:code=AccessDenied:count=3");
    // Long enough for a look at what is owed while nobody knows which upload the new one will be.
    desk.fault("CreateMultipartUpload:stall:millis=1500");
    desk.engine.resume(job).await.expect("it resumes");
    desk.wait(job).await;
    match dialect {
        DialectName::Obs | DialectName::ObsV2 => {
            desk.assert_done(job);
            assert_eq!(desk.sent("copy", "CreateMultipartUpload"), 2);
            // Here it is the key that began it, so that it is given back and not forgotten.
            let given_back = async {
                while desk.sent("copy", "AbortMultipartUpload") == 0 {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            };
            let patience = std::time::Duration::from_secs(20);
            tokio::time::timeout(patience, given_back)
                .await
                .expect("it is given back");
        }
        // There another user of the account may go on, so a refusal means what it says.
        DialectName::Cos | DialectName::S3 => {
            desk.assert_failed(job, FailureKind::AccessDenied);
            assert_eq!(desk.sent("copy", "CreateMultipartUpload"), 1);
        }
    }
}

/// One refusal may be a policy that is being changed: the upload with its parts is not left for it.
async fn d5_8_one_refusal_is_no_other_identity(dialect: DialectName) {
    if !matches!(dialect, DialectName::Obs | DialectName::ObsV2) {
        return;
    }
    let desk = Desk::new(dialect).await;
    let request = small_parts(&desk);
    desk.fault("UploadPartCopy:expired_token:skip=5");
    let job = desk.run(&request).await;
    desk.fault("ListParts:refuse:status=403:code=AccessDenied");
    desk.engine.resume(job).await.expect("it resumes");
    desk.wait(job).await;
    desk.assert_done(job);
    assert_eq!(desk.sent("copy", "CreateMultipartUpload"), 1);
}

on_every_dialect! {
    d5_8_one_refusal_is_no_other_identity,
    d1_1_a_part_too_small_is_not_sent_again,
    d4_8_an_error_in_a_200_is_never_taken_for_success,
    d4_5_clocks_need_not_agree,
    d4_12_a_part_of_another_version_fails_the_copy,
    d5_8_another_identity_starts_over,
}
