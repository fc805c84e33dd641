//! Encryption keys of the user's own, for as long as this process runs. Journals know them
//! only by their MD5, so a job that goes on after a restart waits until its key is given again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use partway_domain::{AtRest, CopyTerms, Failure, FailureKind};
use partway_protocol::op::{CustomerKey, Encryption, Terms};

/// Keys by the MD5 of their bytes in base64. Two jobs with one key share it.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<HashMap<String, CustomerKey>>);

/// The keys one job needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobKeys {
    pub(crate) source: Option<CustomerKey>,
    pub(crate) copies: Option<CustomerKey>,
}

impl Keys {
    /// Remembers a key and returns the MD5 it is asked for by.
    pub(crate) fn offer(&self, key: CustomerKey) -> String {
        let md5 = key.md5();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(md5.clone(), key);
        md5
    }

    /// A key that was offered.
    pub(crate) fn offered(&self, md5: &str) -> Result<CustomerKey, Failure> {
        self.find(Some(md5), "object").and_then(|key| {
            key.ok_or_else(|| Failure::local(FailureKind::MissingCredential, "no key is named"))
        })
    }

    /// Both keys of a job.
    pub(crate) fn of_job(&self, terms: &CopyTerms) -> Result<JobKeys, Failure> {
        Ok(JobKeys {
            source: self.of_source(terms)?,
            copies: self.of_copies(terms)?,
        })
    }

    /// The key the sources are encrypted with, if any.
    pub(crate) fn of_source(&self, terms: &CopyTerms) -> Result<Option<CustomerKey>, Failure> {
        self.find(terms.source_key_md5.as_deref(), "sources")
    }

    /// The key the copies are encrypted with, if it is one of the user's own.
    pub(crate) fn of_copies(&self, terms: &CopyTerms) -> Result<Option<CustomerKey>, Failure> {
        match &terms.encryption {
            AtRest::Customer { key_md5 } => self.find(Some(key_md5), "copies"),
            AtRest::BucketDefault | AtRest::Provider | AtRest::KeyService(_) => Ok(None),
        }
    }

    /// What Create and a single copy ask for.
    pub(crate) fn terms(&self, terms: &CopyTerms) -> Result<Terms, Failure> {
        let encryption = match (self.of_copies(terms)?, &terms.encryption) {
            (Some(key), _) => Encryption::Customer(key),
            (None, AtRest::Provider) => Encryption::Provider,
            (None, AtRest::KeyService(key)) => Encryption::KeyService(key.clone()),
            (None, AtRest::BucketDefault | AtRest::Customer { .. }) => Encryption::BucketDefault,
        };
        Ok(Terms {
            encryption,
            access: terms.access.clone(),
            ..Terms::default()
        })
    }

    fn find(&self, md5: Option<&str>, whose: &str) -> Result<Option<CustomerKey>, Failure> {
        let Some(md5) = md5 else { return Ok(None) };
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match keys.get(md5) {
            Some(key) => Ok(Some(key.clone())),
            None => Err(Failure::local(
                FailureKind::MissingCredential,
                format!(
                    "the encryption key of the {whose} is needed again, the one whose MD5 is \
                     {md5}; keys are never written down: give it and resume"
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_md5_or_asked_for_by_it() {
        let keys = Keys::default();
        let key = CustomerKey::of_bytes(&[7; 32]).unwrap();
        let terms = CopyTerms {
            encryption: AtRest::Customer { key_md5: key.md5() },
            source_key_md5: Some(key.md5()),
            ..CopyTerms::default()
        };
        for failure in [
            keys.of_source(&terms).unwrap_err(),
            keys.of_copies(&terms).unwrap_err(),
            keys.terms(&terms).unwrap_err(),
        ] {
            assert_eq!(failure.kind, FailureKind::MissingCredential);
            assert!(failure.message.contains(&key.md5()), "{failure}");
        }
        assert_eq!(keys.offer(key.clone()), key.md5());
        assert_eq!(keys.of_source(&terms).unwrap(), Some(key.clone()));
        let made = keys.terms(&terms).unwrap();
        assert_eq!(made.encryption, Encryption::Customer(key));
        assert_eq!(keys.of_copies(&CopyTerms::default()).unwrap(), None);
    }
}
