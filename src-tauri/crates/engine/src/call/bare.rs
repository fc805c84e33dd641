//! Refusals without a word. The answer to a HEAD has no body, so that an expired token, a missing
//! encryption key and a malformed request all look the same: a bare 400.

use std::time::Duration;

use partway_domain::{Bucket, Failure, FailureKind};
use partway_protocol::credential::Credential;
use partway_protocol::op::{GetBucketLocation, Target};

use super::Caller;
use super::once::Stumble;

/// It is only a question beside the question.
const LOOK: Duration = Duration::from_secs(20);

impl Caller {
    /// Asks what a bare 400 meant where it may have been the token: by a request whose answer has
    /// a body. Where that one meets passing trouble, the trouble stands for both: then the first
    /// is repeated. Anything else it says proves nothing about the other.
    pub(super) async fn explain(
        &self,
        target: Target<'_>,
        credential: &Credential,
        bucket: Option<&Bucket>,
        mut stumble: Stumble,
        offset_ms: i64,
    ) -> Stumble {
        let Some(bucket) = bucket.filter(|_| may_be_the_token(credential, &stumble.failure)) else {
            return stumble;
        };
        let question = GetBucketLocation {
            bucket: bucket.clone(),
        };
        let answer = self
            .send(target, credential, &question, LOOK, offset_ms)
            .await;
        if let Err(Stumble { failure, .. }) = answer
            && (failure.kind == FailureKind::ExpiredCredential || failure.kind.is_transient())
        {
            stumble.failure = Failure {
                key: stumble.failure.key,
                ..failure
            };
        }
        stumble
    }
}

fn may_be_the_token(credential: &Credential, failure: &Failure) -> bool {
    let bare = failure.status == Some(400) && failure.code.is_none();
    bare && failure.kind == FailureKind::Invalid && credential.token.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bare_refusal_of_a_temporary_credential_is_asked_about() {
        let credential = |token: Option<&str>| Credential {
            access_key: "access".to_owned(),
            secret_key: "secret".to_owned(),
            token: token.map(str::to_owned),
        };
        let bare = Failure {
            status: Some(400),
            ..Failure::local(FailureKind::Invalid, "")
        };
        let told = Failure {
            code: Some("InvalidArgument".to_owned()),
            ..bare.clone()
        };
        assert!(may_be_the_token(&credential(Some("token")), &bare));
        assert!(!may_be_the_token(&credential(None), &bare));
        assert!(!may_be_the_token(&credential(Some("token")), &told));
    }
}
