//! One plain sentence per failure: what did not work, where, and what helps.

use partway_domain::FailureKind;

use super::WireError;

/// The sentence for a user. The provider's code and request id are shown beside it, so only
/// its message is repeated, and only where our own words would say less.
pub(super) fn of(error: &WireError, bucket: Option<&str>, key: Option<&str>) -> String {
    let operation = error.operation;
    let place = place(bucket, key);
    let said = said(error);
    match error.kind {
        FailureKind::Throttled => {
            format!("The server asks for fewer requests: {operation}{place} was refused for now.")
        }
        FailureKind::ServerTrouble => {
            format!("The server could not do {operation}{place} for the moment{said}.")
        }
        FailureKind::Network => format!("{operation}{place} got no answer{said}."),
        FailureKind::Tls => {
            format!(
                "The server's certificate cannot be trusted, so {operation}{place} was not sent."
            )
        }
        FailureKind::ClockSkew => format!(
            "This computer's clock differs too much from the server's for {operation}{place}; \
             set the clock."
        ),
        FailureKind::WrongCredential => format!(
            "The server does not accept the access key or its signature for {operation}{place}; \
             check the account's key and secret."
        ),
        FailureKind::ExpiredCredential => format!(
            "The temporary credential has expired, {operation}{place} was refused; \
             enter a new one."
        ),
        FailureKind::MissingCredential => {
            format!("There is no secret for {operation}{place}; enter it in the account.")
        }
        FailureKind::AccessDenied => denied(operation, bucket, key),
        FailureKind::AccountSuspended => format!(
            "The provider has suspended the account or its quota is used up: {operation}{place} \
             was refused{said}."
        ),
        FailureKind::WrongRegion => match (&error.stranger, &error.region) {
            (Some(host), _) => format!(
                "{operation}{place} was redirected to {host}, which is not a host of this \
                 account, so nothing was sent there; if it is your provider's, make it the \
                 account's endpoint."
            ),
            (None, Some(region)) => format!(
                "The bucket is elsewhere: {operation}{place} has to go to {region}; \
                 change the account's endpoint."
            ),
            (None, None) => format!(
                "The bucket is in another region than {operation}{place} was sent to; \
                 change the account's endpoint."
            ),
        },
        FailureKind::NoSuchBucket => match bucket {
            Some(bucket) => format!(
                "There is no bucket {bucket} in this account's region; check its name and region."
            ),
            None => format!("{operation} found no such bucket; check its name and region."),
        },
        FailureKind::NoSuchSource => format!(
            "{operation} found nothing{place}{said}; check the name, which must be exact, and \
             whether it was deleted."
        ),
        FailureKind::NoSuchUpload => {
            format!("The upload{place} is gone: it was completed, aborted or has expired.")
        }
        FailureKind::NeedsRestore => {
            format!("The source is archived; {operation}{place} can go on once it is restored.")
        }
        FailureKind::SourceChanged => format!(
            "The source is no longer the one the copy began with, so {operation}{place} \
             was refused; copy it anew."
        ),
        FailureKind::DestinationConflict => {
            format!("Something at the destination stands in the way of {operation}{place}{said}.")
        }
        FailureKind::NotSupported => {
            format!("The server cannot do {operation}{place}{said}.")
        }
        FailureKind::Invalid => {
            format!("The server refuses {operation}{place} as it was asked{said}.")
        }
        FailureKind::BadResponse if error.outcome_unknown => format!(
            "The answer to {operation}{place} cannot be read, so it may or may not have been \
             done{said}."
        ),
        FailureKind::BadResponse => {
            format!("The answer to {operation}{place} cannot be understood{said}.")
        }
        // These are found out by the engine, not by an answer.
        FailureKind::Impossible
        | FailureKind::Unprovable
        | FailureKind::UploadUncertain
        | FailureKind::VerificationFailed
        | FailureKind::Journal => format!("{operation}{place} did not succeed{said}."),
    }
}

fn place(bucket: Option<&str>, key: Option<&str>) -> String {
    match (bucket, key) {
        (Some(bucket), Some(key)) => format!(" on {key} in bucket {bucket}"),
        (Some(bucket), None) => format!(" on bucket {bucket}"),
        (None, Some(key)) => format!(" on {key}"),
        (None, None) => String::new(),
    }
}

/// Copies read one side and write the other, and the answer does not say which was refused.
fn denied(operation: &str, bucket: Option<&str>, key: Option<&str>) -> String {
    let whose = match (bucket, key) {
        (Some(bucket), Some(key)) => format!(" on bucket {bucket} (for {key})"),
        (Some(bucket), None) => format!(" on bucket {bucket}"),
        (None, _) => String::new(),
    };
    let remedy = match operation {
        "UploadPartCopy" | "CopyObject" => {
            "allow it to read the source and to write the destination"
        }
        "ListBuckets" => "allow it, or add the bucket by its name",
        _ => "ask the bucket's owner to allow it",
    };
    format!("The key may not do {operation}{whose}; {remedy}.")
}

fn said(error: &WireError) -> String {
    match &error.message {
        Some(message) => format!(": {}", message.trim().trim_end_matches('.')),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(operation: &'static str, kind: FailureKind) -> WireError {
        WireError {
            operation,
            status: 403,
            kind,
            code: Some("AccessDenied".to_owned()),
            message: Some("Access Denied.".to_owned()),
            request_id: Some("REQ1".to_owned()),
            region: None,
            stranger: None,
            server_time: None,
            retry_after: None,
            outcome_unknown: false,
        }
    }

    #[test]
    fn a_refusal_names_the_operation_and_both_sides() {
        let failure =
            error("UploadPartCopy", FailureKind::AccessDenied).failure(Some("b"), Some("k"));
        assert_eq!(
            failure.message,
            "The key may not do UploadPartCopy on bucket b (for k); \
             allow it to read the source and to write the destination."
        );
        assert_eq!(failure.request_id.as_deref(), Some("REQ1"));
    }

    #[test]
    fn the_error_itself_keeps_the_providers_words() {
        assert_eq!(
            error("HeadObject", FailureKind::AccessDenied).to_string(),
            "HeadObject: AccessDenied: Access Denied. (request id REQ1)"
        );
    }

    #[test]
    fn every_kind_has_a_sentence_with_the_place() {
        for kind in [
            FailureKind::Throttled,
            FailureKind::ServerTrouble,
            FailureKind::ClockSkew,
            FailureKind::WrongCredential,
            FailureKind::ExpiredCredential,
            FailureKind::AccessDenied,
            FailureKind::AccountSuspended,
            FailureKind::WrongRegion,
            FailureKind::NoSuchBucket,
            FailureKind::NoSuchSource,
            FailureKind::NoSuchUpload,
            FailureKind::NeedsRestore,
            FailureKind::SourceChanged,
            FailureKind::DestinationConflict,
            FailureKind::NotSupported,
            FailureKind::Invalid,
            FailureKind::BadResponse,
        ] {
            let sentence = error("ListParts", kind)
                .failure(Some("bucket-1"), None)
                .message;
            assert!(sentence.contains("bucket-1"), "{kind:?}: {sentence}");
            assert!(
                sentence.ends_with('.') && !sentence.contains(".."),
                "{sentence}"
            );
        }
    }
}
