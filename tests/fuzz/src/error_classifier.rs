//! The error classifier: any status with any code.

use partway_domain::{DialectName, FailureKind};
use partway_protocol::dialect::meaning;

use crate::words::{Lines, dialect_name};

/// Dialect, status and code on a line each; without a third line there is no code.
///
/// An answer means something only a server can tell, spelling does not matter, and what the
/// status alone says is not undone by a code nobody knows.
pub fn error_classifier(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = Lines::of(&text);
    let name = dialect_name(lines.next());
    let status: u16 = lines.next().parse().unwrap_or(400);
    let code = lines.rest().next();
    let kind = meaning::of(name, status, code);
    assert!(!is_ours_to_say(kind), "{kind:?}");
    if let Some(code) = code {
        for spelled in [
            code.to_ascii_uppercase(),
            code.to_ascii_lowercase(),
            format!(" {code}. "),
        ] {
            assert_eq!(meaning::of(name, status, Some(&spelled)), kind, "{spelled}");
        }
        // In front, because families of codes are known by their beginning.
        let unknown = format!("NobodyEverSaid{code}");
        assert_eq!(
            meaning::of(name, status, Some(&unknown)),
            meaning::of(name, status, None)
        );
    }
    check_status(name, status);
}

/// Kinds that no answer of a server can have.
fn is_ours_to_say(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Network
            | FailureKind::Tls
            | FailureKind::MissingCredential
            | FailureKind::Impossible
            | FailureKind::Unprovable
            | FailureKind::UploadUncertain
            | FailureKind::VerificationFailed
            | FailureKind::Journal
    )
}

/// Without a word from the server a refusal is not tried again and again, and a fault is.
fn check_status(name: DialectName, status: u16) {
    let kind = meaning::of(name, status, None);
    match status {
        401 | 403 | 404 | 405 | 409 | 410 | 412 | 416 => assert!(!kind.is_transient(), "{kind:?}"),
        429 | 500 | 502..=504 => assert!(kind.is_transient(), "{kind:?}"),
        _ => {}
    }
}
