//! What went wrong, by meaning. The provider's own words travel beside it.

use serde::{Deserialize, Serialize};

/// What a failure means for the job and its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The server slows us: `SlowDown`, 429, 503.
    Throttled,
    /// The server failed for the moment: 5xx, `InternalError`, a 200 with such an error.
    ServerTrouble,
    /// Nothing answered: DNS, connect, reset, timeout, TLS end of file.
    Network,
    /// TLS could not be trusted. Never retried, never downgraded.
    Tls,
    /// This computer's clock is too far from the server's.
    ClockSkew,
    /// The server does not know the access key, or the signature is wrong.
    WrongCredential,
    /// The temporary credential has expired.
    ExpiredCredential,
    /// There is no secret for this account in the keyring or in this run.
    MissingCredential,
    /// The key may not do this.
    AccessDenied,
    /// Arrears, quota, or a suspended account.
    AccountSuspended,
    /// The bucket is in another region or behind another endpoint.
    WrongRegion,
    /// There is no such bucket.
    NoSuchBucket,
    /// The source object, or the version asked for, is not there (or is a delete marker).
    NoSuchSource,
    /// The upload is gone: completed, aborted or expired.
    NoSuchUpload,
    /// The source is archived and must be restored first.
    NeedsRestore,
    /// The source is not the one the copy began with.
    SourceChanged,
    /// The destination exists or changed and the copy may not overwrite it.
    DestinationConflict,
    /// What the server did cannot be proven; a person must look.
    Unprovable,
    /// Open uploads of the same key may be ours, and none of them can be proven to be.
    UploadUncertain,
    /// The finished object is not what it must be.
    VerificationFailed,
    /// The request itself is impossible: sizes, names, options.
    Invalid,
    /// The object has no place of its own at the destination: its key is too long there, another
    /// object of the same job gets it, or it would be written into what is being copied. Trying
    /// again cannot change that.
    Impossible,
    /// The server cannot do this operation.
    NotSupported,
    /// The answer could not be understood.
    BadResponse,
    /// The journal could not be written: disk full, read-only, corrupt.
    Journal,
}

impl FailureKind {
    /// Whether the same request may succeed if it is simply sent again later.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::ServerTrouble | Self::Network | Self::BadResponse
        )
    }
}

/// One failure with everything support will ask for. Never holds a secret or a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What it means.
    pub kind: FailureKind,
    /// One plain sentence: what, where.
    pub message: String,
    /// The API operation, e.g. `UploadPartCopy`; empty when none was sent.
    pub operation: String,
    /// The bucket it was about.
    pub bucket: Option<String>,
    /// The key it was about.
    pub key: Option<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// The provider's error code, verbatim.
    pub code: Option<String>,
    /// The provider's request id, verbatim.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

impl Failure {
    /// A failure before anything was sent.
    pub fn local(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            operation: String::new(),
            bucket: None,
            key: None,
            status: None,
            code: None,
            request_id: None,
            attempts: 0,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        let mut details = Vec::new();
        if !self.operation.is_empty() {
            details.push(self.operation.clone());
        }
        details.extend(self.status.map(|status| format!("HTTP {status}")));
        details.extend(self.code.clone());
        details.extend(
            self.request_id
                .as_ref()
                .map(|id| format!("request id {id}")),
        );
        if details.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", details.join(", "))
    }
}

impl std::error::Error for Failure {}
