//! Whether an object that stands at the destination is one this job sent without a record of it:
//! that word may wait in memory, and goes with a crash.

use partway_domain::planted::{self, Bug};
use partway_domain::{DialectName, FailureKind, Method};
use partway_journal::table::transfer::Pin;
use partway_protocol::op::{Attributes, ObjectHead};
use partway_protocol::time;

use super::evidence::Judgement;
use super::replaced::replace;
use super::source::rewritten;
use super::{Obstacle, pin, sealed};
use crate::call::{Answer, CallError};
use crate::driver::run::Run;

impl Run {
    /// In a job whose driver once ended without a word, an object that was written since the job
    /// began and is the source's copy in everything counts as sent. Any other is somebody else's.
    pub(super) async fn was_sent_unrecorded(
        &self,
        pin: &Pin,
        answer: &Answer<ObjectHead>,
    ) -> Result<bool, Obstacle> {
        let small = pin.plan.method == Method::Single;
        if !small || !matches!(self.judge(&answer.output), Some(Judgement::Same(_))) {
            return Ok(false);
        }
        let job = self.shared.record.journal().job(self.job())?;
        if !job.abandoned {
            return Ok(false);
        }
        let home = &self.route.destination.home;
        let known = || self.shared.caller.clock_offset_ms(home);
        let offset = answer.clock_offset_ms.unwrap_or_else(known);
        // Servers tell the time in whole seconds.
        let begun_ms = job.created_ms + offset - 1_000;
        let since = time::parse_ms(&answer.output.last_modified)
            .is_some_and(|written_ms| written_ms >= begun_ms);
        Ok(since && self.carries_all(pin, &answer.output).await?)
    }

    /// The same bytes may be anybody's, and a source that is moved is deleted for them: what goes
    /// along with the bytes must be the same too, as far as it can be seen. Fails with
    /// `SourceChanged` where the source is not the pinned one any more.
    pub(super) async fn carries_all(&self, pin: &Pin, copy: &ObjectHead) -> Result<bool, Obstacle> {
        if planted::is(Bug::BytesAreProof) {
            return Ok(true);
        }
        let key = &self.row.source_key;
        let source = pin::head_source(self, &self.route, key, pin.version.as_ref()).await;
        let (source, request_id) = match source {
            Ok(answer) => (answer.output, answer.request_id),
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                return Err(self.source_gone(*failure).into());
            }
            Err(other) => return Err(other.into()),
        };
        if let Some(difference) = rewritten(pin, &source) {
            return Err(self.source_changed(&difference, request_id).into());
        }
        let options = &self.route.options;
        let mut expected = source.attributes.clone();
        replace(&mut expected, &options.terms.replaced);
        if let Some(class) = &options.storage_class {
            expected.storage_class = Some(class.clone());
        }
        if sealed::difference(&options.terms.encryption, copy.encrypted.as_ref()).is_some()
            || class_of(&expected) != class_of(&copy.attributes)
            || !self.same_properties(&expected, &copy.attributes)
        {
            return Ok(false);
        }
        self.has_same_tags(&source, copy).await
    }

    /// Whether an object with the bytes of our Complete is ours: the same bytes may be anybody's.
    /// Where the server says which upload made it, that is proof.
    pub(super) async fn is_proven_to_be_ours(&self, copy: &ObjectHead) -> Result<bool, Obstacle> {
        Ok(copy.upload_id.is_some() || self.has_what_it_was_given(copy).await?)
    }

    /// Whether an object made of parts has all that our Create was told to give it, and was not
    /// begun by somebody else's.
    pub(super) async fn has_what_it_was_given(&self, copy: &ObjectHead) -> Result<bool, Obstacle> {
        if planted::is(Bug::BytesAreProof) {
            return Ok(true);
        }
        let Some(pin) = self.pin() else {
            return Ok(false);
        };
        // Not the source as it is now: it may have changed since, which does not matter any more.
        let expected = self.attributes(pin)?;
        let asked = &self.route.options.terms.encryption;
        // A class that was asked for may be shown by another word.
        let same_class = self.route.options.storage_class.is_some()
            || class_of(&expected) == class_of(&copy.attributes);
        if sealed::difference(asked, copy.encrypted.as_ref()).is_some()
            || !same_class
            || !self.same_properties(&expected, &copy.attributes)
        {
            return Ok(false);
        }
        let silent = self.route.dialect.name() == DialectName::Cos;
        let count = copy.tag_count.unwrap_or(0) as usize;
        if !silent && count != expected.tags.len() {
            return Ok(false);
        }
        if expected.tags.is_empty() && count == 0 && !silent {
            return Ok(true);
        }
        let (side, version) = (&self.route.destination, copy.version.as_ref());
        let (found, _) = self
            .tags_at(side, &self.row.destination_key, version)
            .await?;
        // Of what may not be read nothing better is known.
        Ok(found.is_none_or(|found| found == sorted(&expected.tags)))
    }

    fn same_properties(&self, expected: &Attributes, found: &Attributes) -> bool {
        // A server keeps some characters in a spelling of its own.
        let sent = |(name, value): &(String, String)| {
            (name.clone(), self.route.dialect.metadata_value(value))
        };
        let replaced = self.route.options.terms.replaced.properties.is_some();
        let metadata: Vec<_> = if replaced {
            expected.metadata.iter().map(sent).collect()
        } else {
            expected.metadata.clone()
        };
        sorted(&expected.headers) == sorted(&found.headers)
            && sorted(&metadata) == sorted(&found.metadata)
    }

    async fn has_same_tags(
        &self,
        source: &ObjectHead,
        copy: &ObjectHead,
    ) -> Result<bool, Obstacle> {
        let replaced = self.route.options.terms.replaced.tags.as_ref();
        let count = |head: &ObjectHead| head.tag_count.unwrap_or(0) as usize;
        let expected = replaced.map_or_else(|| count(source), Vec::len);
        // COS does not say in a HEAD whether there are any.
        let silent = self.route.dialect.name() == DialectName::Cos;
        if expected != count(copy) && !silent {
            return Ok(false);
        }
        if expected == 0 && !silent {
            return Ok(true);
        }
        let (from, to) = (&self.route.source, &self.route.destination);
        let wanted = if let Some(tags) = replaced {
            Some(sorted(tags))
        } else {
            let version = source.version.as_ref();
            let key = &self.row.source_key;
            self.tags_at(from, key, version).await?.0
        };
        let version = copy.version.as_ref();
        let (found, _) = self.tags_at(to, &self.row.destination_key, version).await?;
        // Of what may not be read on either side nothing better is known.
        Ok(wanted == found)
    }
}

fn sorted(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let mut pairs = pairs.to_vec();
    pairs.sort();
    pairs
}

fn class_of(attributes: &Attributes) -> &str {
    attributes.storage_class.as_deref().unwrap_or("STANDARD")
}
