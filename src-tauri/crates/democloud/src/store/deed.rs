//! What took effect, in order: the memory of a simulation.

use serde::{Deserialize, Serialize};

use super::Store;
use crate::content::Segment;
use crate::facts::ObjectFacts;
use crate::operation::Operation;
use crate::options::Provider;

/// One change of the state that took effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Counts the deeds of one cloud from 1, over all providers.
    pub seq: u64,
    /// Milliseconds since 1970 on the clock of the simulation.
    pub at_ms: i64,
    /// Whose endpoint.
    pub provider: Provider,
    /// The bucket that was changed.
    pub bucket: String,
    /// The key that was changed.
    pub key: String,
    /// The request that did it; `None` for a hand outside the wire and for the server's own rules.
    pub request: Option<DeedRequest>,
    /// What it was.
    pub what: DeedKind,
}

/// Which request did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeedRequest {
    /// The request id, as in [`crate::RequestRecord`].
    pub id: String,
    /// API name.
    pub operation: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DeedKind {
    /// A version was written in one go, by a PUT, a copy or a hand outside the wire.
    Written {
        /// `None` is the version called `null`.
        version_id: Option<String>,
        /// Without quotes.
        etag: String,
        /// Bytes.
        size: u64,
        /// What it is made of.
        segments: Vec<Segment>,
        /// Everything about it, as it was then.
        facts: Box<ObjectFacts>,
    },
    /// Something attached to a version changed, or a cold version is being thawed.
    Changed {
        /// `None` is the version called `null`.
        version_id: Option<String>,
    },
    /// A DELETE: a version went, a marker came, or there was nothing to delete.
    Deleted {
        /// The version that went or the marker that was made.
        version_id: Option<String>,
        /// Whether that is a delete marker.
        marker: bool,
    },
    /// An upload was begun.
    UploadMade {
        /// Opaque.
        upload_id: String,
    },
    /// A part came, or came again.
    PartWritten {
        /// Opaque.
        upload_id: String,
        /// From 1.
        number: u32,
        /// Bytes.
        size: u64,
        /// Without quotes.
        etag: String,
        /// What it is made of.
        segments: Vec<Segment>,
    },
    /// An upload became a version.
    Completed {
        /// Opaque.
        upload_id: String,
        /// `None` is the version called `null`.
        version_id: Option<String>,
        /// Without quotes.
        etag: String,
        /// Bytes.
        size: u64,
        /// Everything about the version, as it was then.
        facts: Box<ObjectFacts>,
    },
    /// An upload was aborted by request.
    Aborted {
        /// Opaque.
        upload_id: String,
    },
    /// An upload went away by itself: by a rule of its bucket, or on purpose.
    Vanished {
        /// Opaque.
        upload_id: String,
    },
}

/// The request that has the state in its hands.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    pub(crate) request_id: String,
    pub(crate) operation: Operation,
}

impl Store {
    /// From here on what takes effect is remembered.
    pub(crate) fn remember(&mut self) {
        self.deeds.get_or_insert_default();
    }

    /// Remembers a deed, if anybody asked for it.
    pub(super) fn note(&mut self, bucket: &str, key: &str, what: impl FnOnce() -> DeedKind) {
        let Some(deeds) = &mut self.deeds else { return };
        deeds.push(Deed {
            seq: self.nature.count(),
            at_ms: self.nature.now_ms(),
            provider: self.provider,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            request: self.cause.as_ref().map(|cause| DeedRequest {
                id: cause.request_id.clone(),
                operation: cause.operation.name(),
            }),
            what: what(),
        });
    }

    /// Whether the request at work is an Abort.
    pub(super) fn is_aborting(&self) -> bool {
        let cause = self.cause.as_ref();
        cause.is_some_and(|cause| cause.operation == Operation::AbortMultipartUpload)
    }

    /// What took effect here, in order.
    pub(crate) fn deeds(&self) -> &[Deed] {
        self.deeds.as_deref().unwrap_or_default()
    }
}
