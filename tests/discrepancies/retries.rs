//! What is sent again and what is not, counted at the server.

use partway_domain::{DialectName, FailureKind as K};
use partway_protocol::op::GetObjectTagging;
use partway_tests::on_every_dialect;

use crate::desk::{Desk, name};

/// Refusals that pass by themselves.
const AGAIN: [(u16, &str); 5] = [
    (503, "SlowDown"),
    (503, "ServiceUnavailable"),
    (500, "InternalError"),
    (400, "RequestTimeout"),
    (400, "BadDigest"),
];

/// Refusals that stay what they are.
const NEVER: [(u16, &str, K); 12] = [
    (400, "ExpiredToken", K::ExpiredCredential),
    (403, "InvalidAccessKeyId", K::WrongCredential),
    (403, "SignatureDoesNotMatch", K::WrongCredential),
    (400, "TooManyWrongSignature", K::WrongCredential),
    (403, "AccessDenied", K::AccessDenied),
    (402, "PaymentRequired", K::AccountSuspended),
    (403, "InvalidObjectState", K::NeedsRestore),
    (412, "PreconditionFailed", K::SourceChanged),
    (404, "NoSuchUpload", K::NoSuchUpload),
    (404, "NoSuchKey", K::NoSuchSource),
    (400, "EntityTooSmall", K::Invalid),
    (409, "ConditionalRequestConflict", K::DestinationConflict),
];

const KEY: &str = "readme.txt";

/// A small request whose refusals have a body.
fn tagging(desk: &Desk) -> GetObjectTagging {
    GetObjectTagging {
        bucket: desk.bucket("photos"),
        key: name(KEY),
        version: None,
    }
}

async fn d5_9_what_passes_is_sent_again(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for (at, (status, code)) in AGAIN.into_iter().enumerate() {
        desk.fault(&format!(
            "GetObjectTagging:refuse:status={status}:code={code}:count=2"
        ));
        desk.get(&tagging(&desk)).await;
        assert_eq!(desk.sent(KEY, "GetObjectTagging"), 3 * (at + 1), "{code}");
    }
}

/// A second sending would go through, so a refusal shows that there was none.
async fn d5_9_what_stays_is_sent_once(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    for (at, (status, code, kind)) in NEVER.into_iter().enumerate() {
        // A key that was refused is not tried again until somebody has entered one.
        desk.engine.forget_credential(&desk.account.id);
        desk.fault(&format!(
            "GetObjectTagging:refuse:status={status}:code={code}"
        ));
        let refusal = desk.refusal(&tagging(&desk)).await;
        assert_eq!(
            (refusal.kind, refusal.attempts),
            (kind, 1),
            "{code}: {refusal}"
        );
        assert_eq!(refusal.code.as_deref(), Some(code));
        assert_eq!(desk.sent(KEY, "GetObjectTagging"), at + 1, "{code}");
    }
}

/// The clock is set by the server's once; a second refusal is believed.
async fn d5_9_the_clock_is_set_once(dialect: DialectName) {
    for (count, sent) in [(1, 2), (9, 2)] {
        let desk = Desk::new(dialect).await;
        desk.fault(&format!(
            "GetObjectTagging:refuse:status=403:code=RequestTimeTooSkewed:count={count}"
        ));
        let answer = desk.ask(&tagging(&desk)).await;
        match answer {
            Ok(_) => assert_eq!(count, 1),
            Err(failure) => {
                assert_eq!((failure.kind, count), (K::ClockSkew, 9), "{failure}");
            }
        }
        assert_eq!(desk.sent(KEY, "GetObjectTagging"), sent, "{count} refusals");
    }
}

on_every_dialect! {
    d5_9_what_passes_is_sent_again,
    d5_9_what_stays_is_sent_once,
    d5_9_the_clock_is_set_once,
}
