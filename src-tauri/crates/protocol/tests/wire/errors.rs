//! What went wrong, by meaning: every code the vendors' pages name, read from whole answers.
//!
//! A row says which providers send the code with which status, what it means, and the meaning
//! alone decides whether the same request may simply be sent again.

mod table;

use std::collections::HashSet;

use partway_domain::{DialectName, FailureKind as K};
use partway_protocol::error::WireError;
use partway_protocol::op::HeadBucket;

use crate::fixture::{bucket, read, response};
use crate::sample::{head, part_copy};
use DialectName::{Cos, Obs, ObsV2, S3};
use table::{ROWS, Row};

/// What a part copy makes of an error body.
fn refused(name: DialectName, status: u16, body: &str) -> WireError {
    read(name, &part_copy(name), &response(status, &[], body)).unwrap_err()
}

fn xml(code: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<Error><Code>{code}</Code>\
         <Message>in the provider's words</Message><Resource>/k</Resource>\
         <RequestId>R</RequestId><HostId>H</HostId></Error>"
    )
}

#[test]
fn every_code_means_what_its_row_says() {
    for Row {
        code,
        status,
        from,
        kind,
        ..
    } in ROWS
    {
        for name in from.iter().copied() {
            let error = refused(name, *status, &xml(code));
            assert_eq!(error.kind, *kind, "{name} {status} {code}");
            assert_eq!(error.code.as_deref(), Some(*code));
            assert_eq!(
                error.message.as_deref(),
                Some("in the provider's words"),
                "{code}"
            );
            assert_eq!(error.request_id.as_deref(), Some("R"), "{code}");
        }
    }
}

#[test]
fn only_what_may_pass_by_itself_is_sent_again() {
    for row in ROWS {
        assert_eq!(
            row.kind.is_transient(),
            row.again,
            "{} {}",
            row.status,
            row.code
        );
    }
}

#[test]
fn no_row_stands_twice() {
    let mut seen = HashSet::new();
    for row in ROWS {
        for name in row.from {
            assert!(
                seen.insert((row.code, row.status, *name)),
                "{name} {} {}",
                row.status,
                row.code
            );
        }
    }
}

/// The status of the line says "done", the body says otherwise.
#[test]
fn an_error_in_the_body_of_a_200_means_the_same() {
    for (code, kind) in [
        ("InternalError", K::ServerTrouble),
        ("SlowDown", K::Throttled),
        ("ServiceUnavailable", K::Throttled),
        ("NoSuchKey", K::NoSuchSource),
        ("AccessDenied", K::AccessDenied),
        ("PreconditionFailed", K::SourceChanged),
    ] {
        for name in DialectName::ALL {
            let error = refused(name, 200, &xml(code));
            assert_eq!((error.kind, error.status), (kind, 200), "{name} {code}");
            assert!(!error.outcome_unknown, "{name} {code}: the server knows");
        }
    }
}

/// A success that cannot be read may have happened, so it is unknown rather than refused.
#[test]
fn a_200_cut_off_is_neither_success_nor_refusal() {
    let whole = xml("InternalError");
    for name in DialectName::ALL {
        for at in [0, 20, whole.len() / 2, whole.len() - 3] {
            let error = refused(name, 200, &whole[..at]);
            assert_eq!(error.kind, K::BadResponse, "{name} {at}");
            assert!(error.outcome_unknown && error.kind.is_transient());
        }
    }
}

/// A HEAD has no body: only the status speaks, of an object as of a bucket.
#[test]
fn a_head_is_judged_by_its_status_alone() {
    let object = head();
    let rows = [
        (301, K::WrongRegion),
        (302, K::WrongRegion),
        (304, K::BadResponse),
        (307, K::WrongRegion),
        (400, K::Invalid),
        (401, K::WrongCredential),
        (402, K::AccountSuspended),
        (403, K::AccessDenied),
        (404, K::NoSuchSource),
        (405, K::NotSupported),
        (408, K::ServerTrouble),
        (409, K::DestinationConflict),
        (412, K::SourceChanged),
        (416, K::Invalid),
        (429, K::Throttled),
        (451, K::AccountSuspended),
        (500, K::ServerTrouble),
        (501, K::NotSupported),
        (502, K::ServerTrouble),
        (503, K::Throttled),
        (504, K::ServerTrouble),
    ];
    for name in DialectName::ALL {
        for (status, kind) in rows {
            let error = read(name, &object, &response(status, &[], "")).unwrap_err();
            assert_eq!(error.kind, kind, "{name} {status}");
            assert_eq!((error.code, error.status), (None, status));
        }
        let bucket = HeadBucket { bucket: bucket() };
        let missing = read(name, &bucket, &response(404, &[], "")).unwrap_err();
        assert_eq!(missing.kind, K::NoSuchBucket, "{name}");
    }
}

/// Vector buckets and some gateways name the code of a bodyless answer in a header.
#[test]
fn a_code_in_a_header_is_better_than_a_status() {
    for (name, header) in [
        (Cos, "x-cos-error-code"),
        (Obs, "x-obs-error-code"),
        (ObsV2, "x-amz-error-code"),
        (S3, "x-amz-error-code"),
    ] {
        let answer = response(400, &[(header, "ExpiredToken")], "");
        let error = read(name, &head(), &answer).unwrap_err();
        assert_eq!(error.kind, K::ExpiredCredential, "{name}");
        assert_eq!(error.code.as_deref(), Some("ExpiredToken"));
    }
}

/// Codes that COS lists with letters missing or swapped, and any in other capitals.
#[test]
fn codes_are_matched_loosely() {
    for (code, right, status) in [
        ("BadRquest", "BadRequest", 400),
        ("QuotaOperationConfilct", "QuotaOperationConflict", 409),
        ("ObjectNotAppendale", "ObjectNotAppendable", 409),
        ("slowdown", "SlowDown", 503),
        ("NO_SUCH_KEY", "NoSuchKey", 404),
        ("Invalid-Object-State", "InvalidObjectState", 403),
    ] {
        let (loose, exact) = (
            refused(Cos, status, &xml(code)),
            refused(Cos, status, &xml(right)),
        );
        assert_eq!(loose.kind, exact.kind, "{code}");
        // A status that says something else shows that the code was understood.
        let elsewhere = refused(Cos, 418, &xml(code));
        assert_eq!(elsewhere.kind, exact.kind, "{code} is not known");
        assert_eq!(loose.code.as_deref(), Some(code), "shown as it came");
    }
}

/// Codes nobody has listed fall back to the status and are kept for support.
#[test]
fn an_unknown_code_falls_back_to_the_status() {
    for (status, kind) in [
        (400, K::Invalid),
        (403, K::AccessDenied),
        (404, K::NoSuchSource),
        (409, K::DestinationConflict),
        (500, K::ServerTrouble),
        (503, K::Throttled),
    ] {
        for name in DialectName::ALL {
            let error = refused(name, status, &xml("SSESomethingNew"));
            assert_eq!(error.kind, kind, "{name} {status}");
            assert_eq!(error.code.as_deref(), Some("SSESomethingNew"));
        }
    }
}

/// Some gateways in front of COS answer in JSON, its numbers and its capitals their own.
#[test]
fn json_errors_say_the_same_as_xml() {
    for body in [
        r#"{"code":"NoSuchUpload","message":"gone","request_id":"R"}"#,
        "\n {\"message\": \"gone\", \"requestid\": \"R\", \"code\": \"NoSuchUpload\", \"more\": [1, {}]}",
    ] {
        let error = refused(Cos, 404, body);
        assert_eq!(error.kind, K::NoSuchUpload, "{body}");
        assert_eq!(error.code.as_deref(), Some("NoSuchUpload"));
        assert_eq!(error.message.as_deref(), Some("gone"));
        assert_eq!(error.request_id.as_deref(), Some("R"));
    }
    let number = refused(Cos, 400, r#"{"code":-46628,"message":"no"}"#);
    assert_eq!(
        (number.kind, number.code.as_deref()),
        (K::Invalid, Some("-46628"))
    );
    let in_200 = refused(Cos, 200, r#"{"code":"InternalError"}"#);
    assert!(in_200.kind.is_transient(), "{in_200}");
}

/// The errors of the part copy that the OBS page names, one by one, in both of its forms.
#[test]
fn the_errors_obs_names_for_a_part_copy() {
    let rows = [
        // A wrong key or signature, no right to read or to write, not who began the upload.
        (403, Some("AccessDenied"), K::AccessDenied),
        (403, Some("InvalidAccessKeyId"), K::WrongCredential),
        (403, Some("SignatureDoesNotMatch"), K::WrongCredential),
        (404, Some("NoSuchBucket"), K::NoSuchBucket),
        (404, Some("NoSuchKey"), K::NoSuchSource),
        (404, Some("NoSuchUpload"), K::NoSuchUpload),
        // A part of more than 5 GiB, a number beyond 10,000: the page gives no code.
        (400, None, K::Invalid),
        (400, Some("EntityTooLarge"), K::Invalid),
        (400, Some("InvalidArgument"), K::Invalid),
        // A cold source that is not restored.
        (403, Some("InvalidObjectState"), K::NeedsRestore),
    ];
    for name in [Obs, ObsV2] {
        for (status, code, kind) in rows {
            let body = code.map_or_else(String::new, xml);
            let error = refused(name, status, &body);
            assert_eq!(error.kind, kind, "{name} {status} {code:?}");
            assert!(!error.kind.is_transient(), "{name}: {code:?} does not pass");
        }
    }
}

/// A signature that has run out seconds after it was made means the clock and not the rights,
/// whatever the code says.
#[test]
fn an_expired_request_is_a_clock_that_is_wrong() {
    let denied = |message: &str| {
        format!(
            "<Error><Code>AccessDenied</Code><Message>{message}</Message>\
             <ServerTime>2026-03-14T09:26:53Z</ServerTime></Error>"
        )
    };
    let obs: &[DialectName] = &[Obs, ObsV2];
    for (message, from) in [
        ("Request has expired", &DialectName::ALL[..]),
        ("Request is not yet valid", &[Cos]),
        (
            "AWS authentication requires a valid Date or x-amz-date header",
            obs,
        ),
    ] {
        for name in from.iter().copied() {
            let error = refused(name, 403, &denied(message));
            assert_eq!(error.kind, K::ClockSkew, "{name}: {message}");
            assert_eq!(error.server_time.as_deref(), Some("2026-03-14T09:26:53Z"));
        }
    }
    for name in DialectName::ALL {
        let skewed = refused(name, 403, &xml("RequestTimeTooSkewed"));
        assert_eq!(skewed.kind, K::ClockSkew, "{name}");
        let denied = refused(name, 403, &denied("You may not"));
        assert_eq!(denied.kind, K::AccessDenied, "{name}: a good clock");
    }
}

/// OBS says of what may be written only once that access is denied.
#[test]
fn an_immutable_destination_is_a_conflict() {
    let worm = "<Error><Code>AccessDenied</Code><Message>The object is immutable</Message></Error>";
    for name in [Obs, ObsV2] {
        assert_eq!(
            refused(name, 403, worm).kind,
            K::DestinationConflict,
            "{name}"
        );
    }
    assert_eq!(refused(S3, 403, worm).kind, K::AccessDenied);
}

/// What the connection itself did never has a status; a page of a proxy has no code.
#[test]
fn a_page_of_a_proxy_is_judged_by_its_status() {
    let page = "<!DOCTYPE html><html><head><title>502</title></head><body>nginx</body></html>";
    for name in DialectName::ALL {
        let error = refused(name, 502, page);
        assert_eq!((error.kind, error.code), (K::ServerTrouble, None), "{name}");
        let ok = refused(name, 200, page);
        assert_eq!(ok.kind, K::BadResponse, "{name}");
    }
}
