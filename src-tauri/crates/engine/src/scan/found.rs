//! What becomes of a key that was found under a prefix. Pure.

use std::collections::BTreeSet;

use partway_domain::{
    Capability, ConflictPolicy, Facts, Failure, FailureKind, Key, Method, NameError, Plan,
    PlanError, Prefix, Reason, Resolution, plan as plan_parts, plan_whole, resolve,
};
use partway_journal::table::job::{Beginning, NewTransfer};
use partway_journal::table::transfer::Pin;
use partway_protocol::op::{Attributes, ObjectEntry};

use super::beside::facts;
use crate::capability::Known;
use crate::driver::route::Route;
use crate::effect::replaced::replace;
use crate::request::mapping;

/// Knows what to do with the keys of one prefix.
pub(crate) struct Finder<'a> {
    route: &'a Route,
    known: &'a Known,
    from: &'a Prefix,
    to: &'a Prefix,
    /// Prefixes of the same bucket that are listed by this job: nothing may be written there.
    listed: Vec<&'a Prefix>,
    /// Destination keys of objects that were named one by one.
    named: BTreeSet<Key>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(
        route: &'a Route,
        known: &'a Known,
        (from, to): (&'a Prefix, &'a Prefix),
        sources: impl Iterator<Item = &'a Prefix>,
        named: BTreeSet<Key>,
    ) -> Self {
        let in_place = route.source.is_same_bucket(&route.destination);
        Self {
            route,
            known,
            from,
            to,
            listed: sources.filter(|_| in_place).collect(),
            named,
        }
    }

    /// The key that `key` becomes; fails where nothing is left of it, or too much.
    pub(crate) fn destination_of(&self, key: &Key) -> Result<Key, NameError> {
        self.to.join(&key.as_str()[self.from.as_str().len()..])
    }

    pub(crate) fn policy(&self) -> ConflictPolicy {
        self.route.options.on_conflict
    }

    /// The transfer of an object, beside what stands at its destination as far as known.
    /// `is_taken`: another object of the same job becomes that key.
    pub(crate) fn transfer(
        &self,
        entry: &ObjectEntry,
        stands: Option<&Facts>,
        is_taken: bool,
    ) -> NewTransfer {
        let (destination_key, beginning) = match self.destination_of(&entry.key) {
            // The marker of the folder itself, whose contents go where no folder is.
            Err(_) if entry.key.as_str() == self.from.as_str() && entry.size == 0 => {
                (entry.key.clone(), Beginning::Skipped(Reason::Nameless))
            }
            Err(error) => {
                let why = format!(
                    "{:?} cannot be copied to {:?}: {error}; choose a shorter destination",
                    entry.key.as_str(),
                    self.to.as_str()
                );
                (
                    entry.key.clone(),
                    Beginning::Failed(self.impossible(entry, why)),
                )
            }
            Ok(key) => {
                let is_taken = is_taken || self.named.contains(&key);
                let beginning = self.beginning(entry, &key, stands, is_taken);
                (key, beginning)
            }
        };
        let pin = match &beginning {
            Beginning::Queued => self.pin(entry),
            _ => None,
        };
        NewTransfer {
            source_key: entry.key.clone(),
            source_version: None,
            destination_key,
            size: entry.size,
            pin,
            beginning,
        }
    }

    fn beginning(
        &self,
        entry: &ObjectEntry,
        key: &Key,
        stands: Option<&Facts>,
        is_taken: bool,
    ) -> Beginning {
        if let Err(failure) = mapping::check_key(self.route, &entry.key, key) {
            return Beginning::Failed(self.impossible(entry, failure.message));
        }
        if is_taken {
            let why = format!(
                "two of the selected objects would become {:?} in {}: copy one of them under another name",
                key.as_str(),
                self.route.destination.bucket
            );
            return Beginning::Failed(self.impossible(entry, why));
        }
        if let Some(inside) = self
            .listed
            .iter()
            .find(|prefix| key.as_str().starts_with(prefix.as_str()))
        {
            let why = format!(
                "{:?} would be written into {:?}, which this job is copying: choose a destination outside of it",
                key.as_str(),
                inside.as_str()
            );
            return Beginning::Failed(self.impossible(entry, why));
        }
        match resolve(self.policy(), &facts(entry), stands) {
            Resolution::Skip { why } => Beginning::Skipped(why),
            // What is asked or renamed is looked at once more when its turn comes.
            Resolution::Copy | Resolution::Ask { .. } | Resolution::KeepBoth => Beginning::Queued,
        }
    }

    /// The pin of an object that goes by one request: its tag binds that request, and the
    /// server itself carries headers, metadata and tags. The storage class it does not carry,
    /// so a listing without classes tells too little, and so does one of archived objects.
    fn pin(&self, entry: &ObjectEntry) -> Option<Pin> {
        let options = &self.route.options;
        let useless = self.known.conditions_useless(Method::Single);
        let class = entry.storage_class.as_deref()?;
        if useless.is_some() || is_archived(class) || options.terms.source_key_md5.is_some() {
            return None;
        }
        // Whoever gives a copy tags brings headers and metadata along, which no listing tells.
        let replaced = &options.terms.replaced;
        if replaced.tags.is_some() && replaced.properties.is_none() {
            return None;
        }
        let plan = self.plan(entry.size).ok()?;
        if plan.method != Method::Single {
            return None;
        }
        let class = options.storage_class.as_deref().unwrap_or(class);
        let mut attributes = Attributes {
            storage_class: Some(class.to_owned()),
            ..Attributes::default()
        };
        replace(&mut attributes, replaced);
        Some(Pin {
            etag: entry.etag.clone()?,
            size: entry.size,
            version: None,
            last_modified: entry.last_modified.clone(),
            checksum: None,
            attributes: serde_json::to_value(attributes).ok()?,
            not_carried: Vec::new(),
            plan,
        })
    }

    pub(crate) fn plan(&self, size: u64) -> Result<Plan, PlanError> {
        let limits = self.route.dialect.limits();
        if self.known.destination.lacks(Capability::PartCopy) {
            return plan_whole(size, &limits);
        }
        plan_parts(size, self.route.options.part_size, &limits)
    }

    fn impossible(&self, entry: &ObjectEntry, why: String) -> Failure {
        Failure {
            bucket: Some(self.route.source.bucket.to_string()),
            key: Some(entry.key.to_string()),
            ..Failure::local(FailureKind::Impossible, why)
        }
    }
}

/// Classes that may have to be restored before they can be read.
fn is_archived(class: &str) -> bool {
    !matches!(
        class,
        "STANDARD" | "STANDARD_IA" | "WARM" | "MAZ_STANDARD" | "MAZ_STANDARD_IA" | "ONEZONE_IA"
    )
}

#[cfg(test)]
mod tests;
