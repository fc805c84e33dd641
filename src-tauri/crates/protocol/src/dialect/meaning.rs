//! What error codes and statuses mean, as one table.
//!
//! Codes are compared without case and punctuation, and one slip of the pen is forgiven:
//! vendors list misspelled ones (`BadRquest`, `QuotaOperationConfilct`, `ObjectNotAppendale`).
//! An unknown code falls back to the status. What follows from a meaning:
//!
//! | meaning                                   | what is done about it                         |
//! |-------------------------------------------|-----------------------------------------------|
//! | throttled                                 | again, ever slower; fewer requests at once    |
//! | server trouble, network, bad response     | again, a few times                            |
//! | clock skew                                | once more by the server's clock               |
//! | wrong region                              | once more where the bucket is                 |
//! | wrong, expired or missing credential      | stop and ask; never again with the same key   |
//! | account suspended                         | stop and ask                                  |
//! | needs restore                             | wait for the restore                          |
//! | no such upload                            | was it completed? else begin a new one        |
//! | everything else                           | the transfer fails and says why               |

use partway_domain::{DialectName, FailureKind};

use FailureKind as K;

/// The meaning of an answer that is not success. `status` is 200 when the error stood in the
/// body of a success; `code` is the provider's, `None` where there was no body (HEAD).
pub fn of(dialect: DialectName, status: u16, code: Option<&str>) -> FailureKind {
    code.map(canonical)
        .and_then(|code| own_meaning(dialect, &code).or_else(|| shared_meaning(&code)))
        .unwrap_or_else(|| by_status(status))
}

/// The meaning once the message is heard. Some servers give one code for different troubles
/// and tell them apart in words only.
pub fn by_message(dialect: DialectName, kind: FailureKind, message: Option<&str>) -> FailureKind {
    let Some(message) = message else { return kind };
    let message = message.to_ascii_lowercase();
    TOLD_IN_WORDS
        .iter()
        .find(|told| {
            told.dialects.contains(&dialect) && told.said_of == kind && message.contains(told.words)
        })
        .map_or(kind, |told| told.means)
}

/// One row of [`by_message`].
struct Told {
    dialects: &'static [DialectName],
    /// What code and status seem to mean.
    said_of: FailureKind,
    /// What the message contains, in lower case.
    words: &'static str,
    /// What it means then.
    means: FailureKind,
}

/// A signature that is out of time seconds after it was made means the clock.
const TOLD_IN_WORDS: &[Told] = &[
    Told {
        dialects: &DialectName::ALL,
        said_of: K::AccessDenied,
        words: "request has expired",
        means: K::ClockSkew,
    },
    Told {
        dialects: &[DialectName::Cos],
        said_of: K::AccessDenied,
        words: "request is not yet valid",
        means: K::ClockSkew,
    },
    Told {
        dialects: &[DialectName::Obs, DialectName::ObsV2],
        said_of: K::AccessDenied,
        words: "requires a valid date",
        means: K::ClockSkew,
    },
    // Written once, read many times: the destination may not be replaced.
    Told {
        dialects: &[DialectName::Obs, DialectName::ObsV2],
        said_of: K::AccessDenied,
        words: "immutable",
        means: K::DestinationConflict,
    },
];

fn canonical(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        // No code of any vendor is longer, and what a server sends may be.
        .take(LONGEST_CODE)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Letters of a code that are looked at.
const LONGEST_CODE: usize = 64;

/// Codes that mean something else with one provider than with the others.
fn own_meaning(dialect: DialectName, code: &str) -> Option<FailureKind> {
    let kind = match (dialect, code) {
        // Source or destination belongs to an account that has not let this one in.
        (DialectName::Cos, "usernotsourcebucketowner" | "usernottargetbucketowner") => {
            K::AccessDenied
        }
        (DialectName::Cos, "pathconflict") => K::ServerTrouble,
        (DialectName::Obs | DialectName::ObsV2, "objecthasalreadyrestored") => K::Invalid,
        _ => return None,
    };
    Some(kind)
}

fn shared_meaning(code: &str) -> Option<FailureKind> {
    let meaning_of = |fits: &dyn Fn(&str) -> bool| {
        SHARED
            .iter()
            .find(|(_, codes)| codes.iter().any(|known| fits(known)))
            .map(|(kind, _)| *kind)
    };
    let by_beginning = || {
        BEGINNINGS
            .iter()
            .find(|(beginning, _)| code.starts_with(beginning))
            .map(|(_, kind)| *kind)
    };
    meaning_of(&|known| known == code)
        .or_else(by_beginning)
        .or_else(|| meaning_of(&|known| misspelled(known, code)))
}

/// Families of codes of which new ones appear.
const BEGINNINGS: &[(&str, FailureKind)] = &[
    ("throttl", K::Throttled),
    ("ssec", K::Invalid),
    ("immutable", K::DestinationConflict),
];

/// Whether a code is another one with one letter missing, added, changed, or two exchanged.
/// Short codes are too close to each other for that.
fn misspelled(known: &str, code: &str) -> bool {
    let (known, code) = (known.as_bytes(), code.as_bytes());
    if known.len() < 9 || known.len().abs_diff(code.len()) > 1 {
        return false;
    }
    let same = known.iter().zip(code).take_while(|(a, b)| a == b).count();
    let (known, code) = (&known[same..], &code[same..]);
    match (known, code) {
        ([_, rest @ ..], _) if rest == code => true,
        (_, [_, rest @ ..]) if rest == known => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, after @ ..], [c, d, rest @ ..]) => a == d && b == c && after == rest,
        _ => false,
    }
}

/// Canonical codes by meaning.
const SHARED: &[(FailureKind, &[&str])] = &[
    (
        K::Throttled,
        &[
            "slowdown",
            "serviceunavailable",
            "toomanyrequests",
            "kmsfreqcontrol",
            "requestlimitexceeded",
            "throttledexception",
            "requestthrottled",
            "bandwidthlimitexceeded",
            "glacierexpeditedretrievalnotavailable",
        ],
    ),
    (
        K::ServerTrouble,
        &[
            "internalerror",
            "internalfailure",
            "kmsinternalexception",
            "operationaborted",
            "requesttimeout",
            "incompletebody",
            "usernetworktooslow",
            "baddigest",
            "badgateway",
            "gatewaytimeout",
        ],
    ),
    (K::ClockSkew, &["requesttimetooskewed", "requestexpired"]),
    (
        K::ExpiredCredential,
        &[
            "expiredtoken",
            "expiredtokenexception",
            "tokenrefreshrequired",
        ],
    ),
    (
        K::WrongCredential,
        &[
            "invalidaccesskeyid",
            "signaturedoesnotmatch",
            "invalidtoken",
            "invalidsecuritytoken",
            "invalidsecurity",
            "toomanywrongsignature",
            "invalidsecretid",
            "authfailure",
            "unrecognizedclientexception",
        ],
    ),
    (
        K::AccessDenied,
        &[
            "accessdenied",
            "allaccessdisabled",
            "accountproblem",
            "requestpayerdenied",
            "accessforbidden",
            "notsignedup",
        ],
    ),
    (
        K::AccountSuspended,
        &[
            "paymentrequired",
            "inarrearorinsufficientbalance",
            "unavailableforlegalreasons",
            "insufficientstoragespace",
            "quotaconflict",
            "quotaoperationconflict",
            "quotaexceeded",
            "arrearage",
        ],
    ),
    (K::NeedsRestore, &["invalidobjectstate"]),
    (K::SourceChanged, &["preconditionfailed"]),
    (K::NoSuchUpload, &["nosuchupload"]),
    (
        K::NoSuchSource,
        &[
            "nosuchkey",
            "nosuchversion",
            "nosuchcopysource",
            "nosuchobject",
            "invalidcopysource",
        ],
    ),
    (K::NoSuchBucket, &["nosuchbucket"]),
    (
        K::WrongRegion,
        &[
            "permanentredirect",
            "temporaryredirect",
            "redirect",
            "authorizationheadermalformed",
            "illegallocationconstraintexception",
            "incorrectendpoint",
            "wrongregion",
        ],
    ),
    (
        K::DestinationConflict,
        &[
            "conditionalrequestconflict",
            "uploadconflict",
            "objectlocked",
            "objectlockedbyother",
            "filealreadyexists",
            "objectalreadyexists",
            "filestatusconflict",
            "filenotappendable",
            "objectnotappendable",
        ],
    ),
    (
        K::NotSupported,
        &[
            "notimplemented",
            "methodnotallowed",
            "accesscontrollistnotsupported",
            "oazoperationnotsupportonmazbucket",
            "mazoperationnotsupportonoazbucket",
            "notsupportedstorageclass",
            "unsupportedoperation",
        ],
    ),
    (
        K::Invalid,
        &[
            "badrequest",
            "entitytoosmall",
            "entitytoolarge",
            "invalidpart",
            "invalidpartorder",
            "invalidrange",
            "invalidargument",
            "invalidrequest",
            "invaliddigest",
            "invaliduri",
            "invalidbucketname",
            "invalidstorageclass",
            "invalidencryptionalgorithmerror",
            "keytoolong",
            "keytoolongerror",
            "metadatatoolarge",
            "malformedxml",
            "missingcontentlength",
            "missingrequestbodyerror",
            "maxmessagelengthexceeded",
            "restoreobjectinprogress",
            "restorealreadyinprogress",
            // OBS wants the bucket in the host name.
            "virtualhostdomainrequired",
        ],
    ),
];

fn by_status(status: u16) -> FailureKind {
    match status {
        // "Not modified" answers a question nobody asks; every other one points elsewhere.
        304 => K::BadResponse,
        300..=399 => K::WrongRegion,
        401 => K::WrongCredential,
        402 | 451 => K::AccountSuspended,
        403 => K::AccessDenied,
        404 => K::NoSuchSource,
        405 | 501 => K::NotSupported,
        408 => K::ServerTrouble,
        409 => K::DestinationConflict,
        412 => K::SourceChanged,
        429 | 503 => K::Throttled,
        400..=499 => K::Invalid,
        500..=599 => K::ServerTrouble,
        _ => K::BadResponse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, code, meaning: the rows of the vendors' error tables that decide what a job does.
    const TABLE: &[(u16, Option<&str>, FailureKind)] = &[
        (503, Some("SlowDown"), K::Throttled),
        (200, Some("SlowDown"), K::Throttled),
        (503, Some("ServiceUnavailable"), K::Throttled),
        (429, Some("TooManyRequests"), K::Throttled),
        (429, None, K::Throttled),
        (503, Some("KmsFreqControl"), K::Throttled),
        (500, Some("InternalError"), K::ServerTrouble),
        (200, Some("InternalError"), K::ServerTrouble),
        (502, None, K::ServerTrouble),
        (504, None, K::ServerTrouble),
        (409, Some("OperationAborted"), K::ServerTrouble),
        (400, Some("RequestTimeout"), K::ServerTrouble),
        (408, Some("RequestTimeout"), K::ServerTrouble),
        (400, Some("IncompleteBody"), K::ServerTrouble),
        (400, Some("BadDigest"), K::ServerTrouble),
        (403, Some("RequestTimeTooSkewed"), K::ClockSkew),
        (400, Some("ExpiredToken"), K::ExpiredCredential),
        (403, Some("InvalidAccessKeyId"), K::WrongCredential),
        (403, Some("SignatureDoesNotMatch"), K::WrongCredential),
        (400, Some("TooManyWrongSignature"), K::WrongCredential),
        (403, Some("InvalidSecurity"), K::WrongCredential),
        (403, Some("AccessDenied"), K::AccessDenied),
        (403, None, K::AccessDenied),
        (403, Some("AllAccessDisabled"), K::AccessDenied),
        (402, Some("PaymentRequired"), K::AccountSuspended),
        (
            403,
            Some("InArrearOrInsufficientBalance"),
            K::AccountSuspended,
        ),
        (451, Some("UnavailableForLegalReasons"), K::AccountSuspended),
        (409, Some("QuotaOperationConfilct"), K::AccountSuspended),
        (403, Some("InvalidObjectState"), K::NeedsRestore),
        (409, Some("InvalidObjectState"), K::NeedsRestore),
        (412, Some("PreconditionFailed"), K::SourceChanged),
        (412, None, K::SourceChanged),
        (404, Some("NoSuchUpload"), K::NoSuchUpload),
        (404, Some("NoSuchKey"), K::NoSuchSource),
        (404, None, K::NoSuchSource),
        (404, Some("NoSuchVersion"), K::NoSuchSource),
        (400, Some("InvalidCopySource"), K::NoSuchSource),
        (404, Some("NoSuchBucket"), K::NoSuchBucket),
        (301, Some("PermanentRedirect"), K::WrongRegion),
        (307, Some("TemporaryRedirect"), K::WrongRegion),
        (301, None, K::WrongRegion),
        (400, Some("AuthorizationHeaderMalformed"), K::WrongRegion),
        (
            409,
            Some("ConditionalRequestConflict"),
            K::DestinationConflict,
        ),
        (409, Some("UploadConflict"), K::DestinationConflict),
        (409, Some("ObjectNotAppendale"), K::DestinationConflict),
        (501, Some("NotImplemented"), K::NotSupported),
        (405, Some("MethodNotAllowed"), K::NotSupported),
        (400, Some("BadRquest"), K::Invalid),
        (400, Some("EntityTooSmall"), K::Invalid),
        (400, Some("InvalidPart"), K::Invalid),
        (400, Some("KeyTooLongError"), K::Invalid),
        (411, None, K::Invalid),
        (416, Some("InvalidRange"), K::Invalid),
        (200, None, K::BadResponse),
        (304, None, K::BadResponse),
        // Unknown codes fall back to the status.
        (503, Some("SomethingNew"), K::Throttled),
        (403, Some("SomethingNew"), K::AccessDenied),
    ];

    #[test]
    fn every_row_means_the_same_with_every_provider() {
        for dialect in DialectName::ALL {
            for &(status, code, kind) in TABLE {
                assert_eq!(
                    of(dialect, status, code),
                    kind,
                    "{dialect} {status} {code:?}"
                );
            }
        }
    }

    #[test]
    fn codes_of_one_provider() {
        let cos = |status, code| of(DialectName::Cos, status, Some(code));
        assert_eq!(cos(404, "NoSuchCopySource"), K::NoSuchSource);
        assert_eq!(cos(409, "PathConflict"), K::ServerTrouble);
        assert_eq!(cos(403, "UserNotSourceBucketOwner"), K::AccessDenied);
    }

    #[test]
    fn a_slip_of_the_pen_is_forgiven_and_nothing_more() {
        for (wire, kind) in [
            ("QuotaOperationConfilct", K::AccountSuspended),
            ("ObjectNotAppendale", K::DestinationConflict),
            ("NoSuchUplaod", K::NoSuchUpload),
            ("Precondition-Failed", K::SourceChanged),
            ("ThrottlingQuotaExceeded", K::Throttled),
        ] {
            assert_eq!(of(DialectName::Cos, 400, Some(wire)), kind, "{wire}");
        }
        // Two slips, short codes and other words are what their status says.
        for wire in ["NoSuchXXload", "SlowUp", "NoSuchTagSet", ""] {
            assert_eq!(of(DialectName::Cos, 400, Some(wire)), K::Invalid, "{wire}");
        }
        // No known code is a slip of another.
        let all: Vec<&str> = SHARED
            .iter()
            .flat_map(|(_, codes)| codes.iter().copied())
            .collect();
        for (kind, codes) in SHARED {
            for code in *codes {
                assert_eq!(shared_meaning(code), Some(*kind), "{code}");
                let near = all
                    .iter()
                    .filter(|other| other != &code && misspelled(other, code));
                for other in near {
                    assert_eq!(shared_meaning(other), Some(*kind), "{code} and {other}");
                }
            }
        }
        let endless = "x".repeat(1 << 20);
        assert_eq!(of(DialectName::S3, 503, Some(&endless)), K::Throttled);
    }

    #[test]
    fn some_troubles_are_told_apart_in_words_only() {
        let by = |dialect, message: &str| by_message(dialect, K::AccessDenied, Some(message));
        for dialect in DialectName::ALL {
            assert_eq!(by(dialect, "Request has expired"), K::ClockSkew);
            assert_eq!(by(dialect, "Access Denied"), K::AccessDenied);
        }
        assert_eq!(
            by(DialectName::Cos, "Request is not yet valid."),
            K::ClockSkew
        );
        let no_date = "AWS authentication requires a valid Date or x-amz-date header";
        assert_eq!(by(DialectName::Obs, no_date), K::ClockSkew);
        assert_eq!(by(DialectName::S3, no_date), K::AccessDenied);
        assert_eq!(
            by(DialectName::Obs, "The object is immutable"),
            K::DestinationConflict
        );
        // Words change nothing of what a code says clearly.
        let gone = by_message(
            DialectName::Cos,
            K::NoSuchSource,
            Some("Request has expired"),
        );
        assert_eq!(gone, K::NoSuchSource);
    }

    #[test]
    fn no_code_has_two_meanings() {
        let mut seen = std::collections::HashSet::new();
        for code in SHARED.iter().flat_map(|(_, codes)| codes.iter()) {
            assert!(seen.insert(code), "{code} stands in the table twice");
            assert_eq!(canonical(code), **code, "only canonical codes can match");
        }
    }
}
