//! Objects among many: the listing pinned them, one conditional request copies them, and its
//! answer is their evidence. What that one request cannot tell is asked as for any other.

use partway_domain::{AtRest, Method};
use partway_journal::Change;
use partway_journal::table::transfer::{Pin, Verdict};
use partway_protocol::op::{Conditions, Copied};

use super::evidence::is_md5;
use super::{Obstacle, Step};
use crate::driver::run::Run;

/// What the answer to a `CopyObject` said of the copy.
#[derive(Debug)]
pub(crate) struct Answered {
    copied: Copied,
    request_id: Option<String>,
}

impl Run {
    /// Whether the request that copies this source refuses any other: then there is nothing to
    /// be learned by a look before it.
    pub(super) fn is_bound_by_its_request(&self, pin: &Pin) -> Result<bool, Obstacle> {
        let bulk = self.route.in_bulk && pin.plan.method == Method::Single;
        Ok(bulk && self.condition(pin)? != Conditions::None)
    }

    /// Keeps the answer where it may be all the evidence that is needed.
    pub(super) fn keep_answer(&mut self, bound: bool, copied: Copied, request_id: Option<String>) {
        let terms = &self.route.options.terms;
        let plain = terms.encryption == AtRest::BucketDefault && terms.replaced.is_default();
        if self.route.in_bulk && bound && plain {
            self.answered = Some(Answered { copied, request_id });
        }
    }

    /// Whether the answer alone is proof: both tags are the MD5 of the bytes, and equal. If they
    /// are not, that proves nothing.
    pub(crate) fn is_proven_by_answer(&self) -> bool {
        let answered = self.answered.as_ref();
        answered
            .zip(self.pin())
            .is_some_and(|(answered, pin)| is_md5(&pin.etag) && answered.copied.etag == pin.etag)
    }

    /// The verdict by the answer alone, if it is proof.
    pub(super) fn verdict_by_answer(&mut self) -> Option<Step> {
        let proven = self.is_proven_by_answer();
        let Answered { copied, request_id } = self.answered.take().filter(|_| proven)?;
        let pin = self.pin()?;
        let verdict = Verdict {
            verified: true,
            evidence: "ETag of the source's listing and of the answer to the copy".to_owned(),
            etag: copied.etag,
            version: copied.version,
            size: pin.size,
            request_id,
            at_ms: self.shared.clock.now_ms(),
        };
        let transfer = self.id();
        Some(self.after_verdict(true, vec![Change::Verdict { transfer, verdict }]))
    }
}
