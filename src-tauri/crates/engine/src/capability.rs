//! What is done instead when a server lacks something, and how an absence is learned at work.
//!
//! | lacking              | instead                                                            |
//! |----------------------|--------------------------------------------------------------------|
//! | part copy            | one request per object, up to the provider's limit; larger refused |
//! | copy conditions      | the source is looked at again after the copy                       |
//! | part copy conditions | the source is looked at again before Complete (always done)        |
//! | tagging              | no tags are read or written; they are named as not carried         |
//! | version pin          | the source is bound by its tag and size alone                      |
//! | list parts           | after an interruption the journal's own record of parts counts     |
//! | list uploads         | an upload whose id never arrived is not looked for                 |
//! | HEAD checksum        | COS: the result is compared by its size only                       |
//!
//! A condition is lacking where it is ignored, and where it is refused though nothing changed.

use partway_domain::{
    AccountId, Bucket, Capabilities, Capability, DialectName, Failure, FailureKind, Learned,
    Method, Support,
};
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability, JournalError};

use crate::driver::route::{Route, Side};
use crate::engine::Shared;

/// Something a copy does in another way because a server lacks a capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// What is lacking.
    pub capability: Capability,
    /// The bucket it is lacking for.
    pub bucket: Bucket,
    /// How that is known.
    pub learned: Learned,
}

impl Fallback {
    /// What is done instead while a capability is lacking, in one plain sentence.
    pub fn instead(capability: Capability) -> &'static str {
        match capability {
            Capability::PartCopy => {
                "The server cannot copy parts: each object is copied by one request, without progress, and larger ones than it takes are refused."
            }
            Capability::CopyConditions => {
                "Conditions on copies are of no use on this server: the source is looked at again after each copy, so a change is noticed but not prevented."
            }
            Capability::PartCopyConditions => {
                "Conditions on part copies are of no use on this server: the source is looked at again before the parts are put together."
            }
            Capability::Tagging => "The server has no tags: none are read or written.",
            Capability::VersionPin => {
                "The server takes no version ids: the source is bound by its ETag and size alone."
            }
            Capability::ListParts => {
                "The server cannot list parts: after an interruption this computer's own record of them counts."
            }
            Capability::ListUploads => {
                "The server cannot list uploads: one whose answer is lost cannot be found again, and its parts stay until they expire."
            }
            Capability::HeadChecksum => {
                "The server shows no checksum: the result can be compared by its size only."
            }
            Capability::ListBuckets => "Buckets cannot be listed: add them by name.",
            Capability::ListObjectsV2 => "Objects are listed by the first version of the call.",
            Capability::ListVersions | Capability::VersioningState => {
                "Only current objects are shown and copied."
            }
            Capability::RangeGet => "Copies do not need it.",
            Capability::Acl => {
                "Access settings are neither read nor written; copies get the bucket's own."
            }
            Capability::ConditionalComplete => {
                "Whether the destination exists is looked at before the copy begins, not when it ends."
            }
            Capability::Restore => {
                "Archived objects must be restored with the provider's own tools."
            }
        }
    }
}

/// What is known of both sides of a route.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) source: Capabilities,
    pub(crate) destination: Capabilities,
}

impl Known {
    /// The condition that this way of copying would rely on is ignored, or refused without
    /// cause; how that is known.
    pub(crate) fn conditions_useless(&self, method: Method) -> Option<&Learned> {
        self.destination.absence(conditions_of(method))
    }

    /// The fallbacks that these pins run into.
    pub(crate) fn fallbacks(&self, route: &Route, pins: &[&Pin]) -> Vec<Fallback> {
        use Capability as C;
        let any = |method| pins.iter().any(|pin| pin.plan.method == method);
        let large = |pin: &&Pin| pin.plan.size > partway_domain::plan::SINGLE_COPY_UP_TO;
        let multipart = any(Method::Multipart);
        let cos = route.dialect.name() == DialectName::Cos;
        let (source, destination) = (
            (&self.source, &route.source),
            (&self.destination, &route.destination),
        );
        let felt = [
            (C::PartCopy, destination, pins.iter().any(large)),
            (C::CopyConditions, destination, any(Method::Single)),
            (C::PartCopyConditions, destination, multipart),
            (C::Tagging, source, !pins.is_empty()),
            (C::Tagging, destination, !pins.is_empty()),
            (C::VersionPin, source, !pins.is_empty()),
            (C::ListParts, destination, multipart),
            (C::ListUploads, destination, multipart),
            (C::HeadChecksum, destination, multipart && cos),
        ];
        let mut fallbacks: Vec<Fallback> = Vec::new();
        for (capability, (known, side), felt) in felt {
            let told = fallbacks.iter().any(|told| told.capability == capability);
            if let Some(learned) = known.absence(capability)
                && felt
                && !told
            {
                fallbacks.push(Fallback {
                    capability,
                    bucket: side.bucket.clone(),
                    learned: learned.clone(),
                });
            }
        }
        fallbacks
    }
}

impl Shared {
    /// What is known of both sides at this moment: another transfer may have found out more.
    pub(crate) fn known(&self, route: &Route) -> Result<Known, JournalError> {
        let of = |side: &Side| {
            let journal = self.record.journal();
            journal.capabilities(&side.account.id, Some(&side.bucket))
        };
        Ok(Known {
            source: of(&route.source)?,
            destination: of(&route.destination)?,
        })
    }

    /// Notes that a server said it cannot do something, for the bucket it said it about.
    pub(crate) async fn learn_absence(
        &self,
        side: &Side,
        capability: Capability,
        failure: &Failure,
    ) -> Result<(), JournalError> {
        let (account, bucket) = (&side.account.id, &side.bucket);
        self.note_absence(account, bucket, capability, evidence(failure))
            .await
    }

    pub(crate) async fn note_absence(
        &self,
        account: &AccountId,
        bucket: &Bucket,
        capability: Capability,
        evidence: String,
    ) -> Result<(), JournalError> {
        let absent = Support::Absent(Learned {
            evidence,
            at_ms: self.clock.now_ms(),
        });
        let change = Change::CapabilitiesLearned {
            account: account.clone(),
            bucket: Some(bucket.clone()),
            learned: [(capability, absent)].into_iter().collect(),
        };
        match self.record.write(vec![change], Durability::Grouped).await {
            // An account that is not kept has nothing that could be remembered of it.
            Err(JournalError::NotFound { .. }) => Ok(()),
            outcome => outcome,
        }
    }
}

/// What binds the source of a copy made this way.
pub(crate) fn conditions_of(method: Method) -> Capability {
    match method {
        Method::Single => Capability::CopyConditions,
        Method::Multipart => Capability::PartCopyConditions,
    }
}

/// Whether a failure says that the server does not have the operation at all.
pub(crate) fn is_lacking(failure: &Failure, operation: &str) -> bool {
    failure.kind == FailureKind::NotSupported && failure.operation == operation
}

/// What came back, in the words capabilities are remembered with.
pub fn evidence(failure: &Failure) -> String {
    let mut came = Vec::new();
    came.extend(failure.status.map(|status| format!("HTTP {status}")));
    came.extend(failure.code.clone());
    if came.is_empty() {
        came.push(failure.message.clone());
    }
    format!("{} answered {}", failure.operation, came.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_evidence_is_what_was_sent_and_what_came_back() {
        let failure = Failure {
            operation: "UploadPartCopy".to_owned(),
            status: Some(501),
            code: Some("NotImplemented".to_owned()),
            ..Failure::local(FailureKind::NotSupported, "no")
        };
        assert_eq!(
            evidence(&failure),
            "UploadPartCopy answered HTTP 501 NotImplemented"
        );
        assert!(is_lacking(&failure, "UploadPartCopy"));
        assert!(!is_lacking(&failure, "CopyObject"));
    }

    #[test]
    fn every_fallback_the_plan_can_show_says_what_is_done_instead() {
        for capability in Capability::ALL {
            let sentence = Fallback::instead(capability);
            assert!(sentence.ends_with('.'), "{capability}: {sentence}");
        }
    }
}
