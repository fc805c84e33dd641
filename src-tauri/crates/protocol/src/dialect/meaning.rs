//! What error codes and statuses mean, as one table.
//!
//! Codes are compared without case and punctuation, and the misspelled ones that vendors list
//! are rows of their own. An unknown code falls back to the status.

use partway_domain::{DialectName, FailureKind};

use FailureKind as K;

/// The meaning of an answer that is not success. `status` is 200 when the error stood in the
/// body of a success; `code` is the provider's, `None` where there was no body (HEAD).
pub fn of(dialect: DialectName, status: u16, code: Option<&str>) -> FailureKind {
    code.map(canonical)
        .and_then(|code| own_meaning(dialect, &code).or_else(|| shared_meaning(&code)))
        .unwrap_or_else(|| by_status(status))
}

fn canonical(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

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
    SHARED
        .iter()
        .find(|(_, codes)| codes.contains(&code))
        .map(|(kind, _)| *kind)
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
            "throttling",
            "throttlingexception",
            "throttled",
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
            // As COS lists it.
            "quotaoperationconfilct",
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
            "virtualhostdomainrequired",
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
            // As COS lists it.
            "objectnotappendale",
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
            // As COS lists it.
            "badrquest",
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
        ],
    ),
];

fn by_status(status: u16) -> FailureKind {
    match status {
        301 | 302 | 307 | 308 => K::WrongRegion,
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
    fn no_code_has_two_meanings() {
        let mut seen = std::collections::HashSet::new();
        for code in SHARED.iter().flat_map(|(_, codes)| codes.iter()) {
            assert!(seen.insert(code), "{code} stands in the table twice");
            assert_eq!(canonical(code), **code, "only canonical codes can match");
        }
    }
}
