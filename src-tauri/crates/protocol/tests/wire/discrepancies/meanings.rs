//! What goes wrong, and what is found wrong before anything is sent.

use partway_domain::{ByteRange, DialectName, FailureKind as K};
use partway_protocol::dialect::meaning;

/// A good clock and a refused right: three codes, and none is sent again.
#[test]
fn d5_7_a_wrong_key_a_wrong_signature_and_no_right_are_told_apart() {
    for name in DialectName::ALL {
        for (code, kind) in [
            ("AccessDenied", K::AccessDenied),
            ("InvalidAccessKeyId", K::WrongCredential),
            ("SignatureDoesNotMatch", K::WrongCredential),
        ] {
            assert_eq!(meaning::of(name, 403, Some(code)), kind, "{name} {code}");
            assert!(!kind.is_transient());
        }
    }
}

/// The pages list no error for a bad range, so a bad range is never made.
#[test]
fn d5_9_ranges_are_checked_before_they_are_sent() {
    assert_eq!(ByteRange::new(0, 0), None);
    assert_eq!(ByteRange::new(10, 10), None);
    assert_eq!(ByteRange::new(11, 10), None);
    assert_eq!(ByteRange::new(10, 11).unwrap().to_string(), "bytes=10-10");
    for name in DialectName::ALL {
        assert_eq!(meaning::of(name, 416, Some("InvalidRange")), K::Invalid);
    }
}

/// Archived is archived, whichever of the two statuses it comes with.
#[test]
fn d5_2_a_cold_source_waits_for_its_restore() {
    for name in DialectName::ALL {
        for status in [403, 409] {
            let kind = meaning::of(name, status, Some("InvalidObjectState"));
            assert_eq!(kind, K::NeedsRestore, "{name} {status}");
        }
    }
}

/// 412 is the only answer to a condition that does not hold.
#[test]
fn d2_12_a_failed_condition_means_the_source_changed() {
    for name in DialectName::ALL {
        for code in [Some("PreconditionFailed"), None] {
            assert_eq!(meaning::of(name, 412, code), K::SourceChanged, "{name}");
        }
        // "Not modified" was never asked for: an answer nobody understands.
        assert_eq!(meaning::of(name, 304, None), K::BadResponse, "{name}");
    }
}
