//! The codes, class by class, in the order of the vendors' error pages.

use super::{Cos, DialectName, K, Obs, ObsV2, S3};

/// One code of one page.
pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) status: u16,
    /// Who sends it.
    pub(super) from: &'static [DialectName],
    pub(super) kind: K,
    /// Whether the request is sent again without anybody's doing.
    pub(super) again: bool,
}

const ALL: &[DialectName] = &DialectName::ALL;
const OBS: &[DialectName] = &[Obs, ObsV2];
const COS: &[DialectName] = &[Cos];
const AWS: &[DialectName] = &[S3];
const COS_AND_S3: &[DialectName] = &[Cos, S3];
const OBS_AND_S3: &[DialectName] = &[Obs, ObsV2, S3];

const fn again(code: &'static str, status: u16, from: &'static [DialectName], kind: K) -> Row {
    Row {
        code,
        status,
        from,
        kind,
        again: true,
    }
}

const fn never(code: &'static str, status: u16, from: &'static [DialectName], kind: K) -> Row {
    Row {
        code,
        status,
        from,
        kind,
        again: false,
    }
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // They slow us.
    again("SlowDown", 503, ALL, K::Throttled),
    again("ServiceUnavailable", 503, ALL, K::Throttled),
    again("TooManyRequests", 429, OBS, K::Throttled),
    again("KmsFreqControl", 503, COS, K::Throttled),
    again("RequestLimitExceeded", 503, AWS, K::Throttled),
    again("Throttling", 400, AWS, K::Throttled),
    again("ThrottlingException", 400, AWS, K::Throttled),
    again("ThrottledException", 400, AWS, K::Throttled),
    // The server is in trouble for a moment.
    again("InternalError", 500, ALL, K::ServerTrouble),
    again("KmsInternalException", 500, COS, K::ServerTrouble),
    again("OperationAborted", 409, OBS_AND_S3, K::ServerTrouble),
    again("PathConflict", 409, COS, K::ServerTrouble),
    // The way there was.
    again("RequestTimeout", 400, COS_AND_S3, K::ServerTrouble),
    again("RequestTimeout", 408, OBS, K::ServerTrouble),
    again("IncompleteBody", 400, ALL, K::ServerTrouble),
    again("UserNetworkTooSlow", 400, COS, K::ServerTrouble),
    again("BadDigest", 400, ALL, K::ServerTrouble),
    // The clock: corrected once by the caller, not by sending the same again.
    never("RequestTimeTooSkewed", 403, ALL, K::ClockSkew),
    // The credential.
    never("ExpiredToken", 400, ALL, K::ExpiredCredential),
    never("ExpiredToken", 403, ALL, K::ExpiredCredential),
    never("TokenRefreshRequired", 400, AWS, K::ExpiredCredential),
    never("InvalidToken", 400, AWS, K::WrongCredential),
    never("InvalidAccessKeyId", 403, ALL, K::WrongCredential),
    never("SignatureDoesNotMatch", 403, ALL, K::WrongCredential),
    never("TooManyWrongSignature", 400, OBS, K::WrongCredential),
    never("InvalidSecurity", 403, OBS_AND_S3, K::WrongCredential),
    // The right.
    never("AccessDenied", 403, ALL, K::AccessDenied),
    never("AllAccessDisabled", 403, OBS_AND_S3, K::AccessDenied),
    never("RequestPayerDenied", 403, OBS, K::AccessDenied),
    never("UserNotSourceBucketOwner", 403, COS, K::AccessDenied),
    never("UserNotTargetBucketOwner", 403, COS, K::AccessDenied),
    // The account.
    never("PaymentRequired", 402, OBS, K::AccountSuspended),
    never("InArrearOrInsufficientBalance", 403, OBS, K::AccountSuspended),
    never("UnavailableForLegalReasons", 451, COS, K::AccountSuspended),
    never("InsufficientStorageSpace", 403, OBS, K::AccountSuspended),
    never("QuotaConflict", 409, COS, K::AccountSuspended),
    // The source.
    never("InvalidObjectState", 403, ALL, K::NeedsRestore),
    never("InvalidObjectState", 409, COS, K::NeedsRestore),
    never("PreconditionFailed", 412, ALL, K::SourceChanged),
    never("NoSuchKey", 404, ALL, K::NoSuchSource),
    never("NoSuchVersion", 404, ALL, K::NoSuchSource),
    never("NoSuchCopySource", 404, COS, K::NoSuchSource),
    never("InvalidCopySource", 400, COS, K::NoSuchSource),
    // The upload and the bucket.
    never("NoSuchUpload", 404, ALL, K::NoSuchUpload),
    never("NoSuchBucket", 404, ALL, K::NoSuchBucket),
    // Another place.
    never("PermanentRedirect", 301, ALL, K::WrongRegion),
    never("TemporaryRedirect", 307, OBS_AND_S3, K::WrongRegion),
    never("AuthorizationHeaderMalformed", 400, AWS, K::WrongRegion),
    never("IllegalLocationConstraintException", 400, AWS, K::WrongRegion),
    // The plan.
    never("EntityTooSmall", 400, ALL, K::Invalid),
    never("EntityTooLarge", 400, ALL, K::Invalid),
    never("InvalidPart", 400, ALL, K::Invalid),
    never("InvalidPartOrder", 400, ALL, K::Invalid),
    never("InvalidRange", 416, ALL, K::Invalid),
    never("InvalidArgument", 400, ALL, K::Invalid),
    never("InvalidRequest", 400, ALL, K::Invalid),
    never("KeyTooLong", 400, COS, K::Invalid),
    never("KeyTooLongError", 400, OBS_AND_S3, K::Invalid),
    never("MetadataTooLarge", 400, ALL, K::Invalid),
    never("MalformedXML", 400, ALL, K::Invalid),
    never("MissingContentLength", 411, ALL, K::Invalid),
    never("MaxMessageLengthExceeded", 400, OBS, K::Invalid),
    never("InvalidEncryptionAlgorithmError", 400, ALL, K::Invalid),
    never("SSECustomerKeyMissing", 400, COS, K::Invalid),
    // What the server does not do.
    never("NotSupportedStorageClass", 400, COS, K::NotSupported),
    never("NotImplemented", 501, ALL, K::NotSupported),
    never("MethodNotAllowed", 405, ALL, K::NotSupported),
    never("AccessControlListNotSupported", 400, AWS, K::NotSupported),
    // The destination.
    never("ConditionalRequestConflict", 409, AWS, K::DestinationConflict),
    never("UploadConflict", 409, COS, K::DestinationConflict),
    never("ObjectLocked", 409, COS, K::DestinationConflict),
];
