//! Planned misbehaviour: a list that must be used up.
//!
//! A fault waits for an operation, lets `skip` matching requests pass, then spoils `count` of
//! them and is gone. What is left at the end of a test is a fault that never happened, and
//! [`crate::DemoCloud::faults_left`] tells.

mod shape;
mod text;

use std::time::Duration;

use crate::options::Provider;
pub use shape::Shape;
pub use text::FaultSyntax;

/// One planned misbehaviour. Its text form is described at [`Fault::from_str`](#impl-FromStr-for-Fault).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// API name such as `UploadPartCopy`, or `*` for any.
    pub operation: String,
    /// Only on this endpoint.
    pub provider: Option<Provider>,
    /// Only for this key, compared byte for byte.
    pub key: Option<String>,
    /// How many matching requests pass unharmed first.
    pub skip: u32,
    /// How many are spoiled after that.
    pub count: u32,
    /// What happens to them.
    pub kind: FaultKind,
}

/// What a fault does to the request it meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// Nothing is done; this status and error code are answered.
    Refuse {
        /// HTTP status, 300 to 599.
        status: u16,
        /// The `<Code>` of the error body.
        code: String,
    },
    /// It is done, then the connection closes without an answer.
    LoseAnswer,
    /// Nothing is done; status 200 with an `<Error>` body.
    ErrorIn200 {
        /// The `<Code>` of the error body.
        code: String,
    },
    /// Nothing is done; 503 `SlowDown`.
    SlowDown {
        /// Whole seconds for a `Retry-After` header, if there is to be one.
        retry_after: Option<Duration>,
    },
    /// Silence for this long, then everything goes on as usual.
    Stall(Duration),
    /// It is done, but only half of the answer's body arrives.
    HalfBody,
    /// Nothing is done; the security token is said to have expired.
    ExpiredToken,
    /// The copy source (without one: the addressed object) gets new content and a new `ETag`, then
    /// the request goes on as usual.
    SourceChanged,
    /// The multipart upload named in the request vanishes, then the request goes on as usual.
    UploadGone,
    /// The connection closes, and the request takes effect this much later: perhaps after the one
    /// that repeated it. Whatever was decided about its signature stays decided.
    Zombie(Duration),
    /// The connection closes before anything is done.
    Reset,
    /// Nothing is done; a redirect whose `Location` is `to` and the request's path and query.
    Redirect {
        /// HTTP status, 300 to 399.
        status: u16,
        /// Scheme and host, without a slash at the end.
        to: String,
    },
    /// It is done, but what comes back is nothing that the provider would write.
    Garbled {
        /// HTTP status, 200 to 599.
        status: u16,
        /// What comes instead of the answer's body.
        shape: Shape,
    },
}

impl Fault {
    /// Spoils the next matching request once.
    pub fn new(operation: impl Into<String>, kind: FaultKind) -> Self {
        Fault {
            operation: operation.into(),
            provider: None,
            key: None,
            skip: 0,
            count: 1,
            kind,
        }
    }

    /// Spoils `count` requests instead of one.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// Lets `skip` matching requests pass first.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Only for this key.
    #[must_use]
    pub fn on_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Only on this endpoint.
    #[must_use]
    pub fn at(mut self, provider: Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    fn matches(&self, sight: &Sight<'_>) -> bool {
        let possible = match self.kind {
            FaultKind::UploadGone => sight.names_upload,
            FaultKind::SourceChanged => sight.names_object,
            _ => true,
        };
        possible
            && (self.operation == "*" || self.operation == sight.operation)
            && self.provider.is_none_or(|p| p == sight.provider)
            && self.key.as_deref().is_none_or(|k| sight.key == Some(k))
    }
}

/// What a fault can see of a request.
pub(crate) struct Sight<'a> {
    pub(crate) provider: Provider,
    pub(crate) operation: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) names_upload: bool,
    pub(crate) names_object: bool,
}

/// The list, and what is left of it.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn new(list: Vec<Fault>) -> Self {
        Faults(list.into_iter().filter(|f| f.count > 0).collect())
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.count > 0 {
            self.0.push(fault);
        }
    }

    pub(crate) fn left(&self) -> Vec<Fault> {
        self.0.clone()
    }

    /// The misbehaviour for this request. The first fault that matches and has nothing left to
    /// skip wins; faults before it only count the request as one they let pass.
    pub(crate) fn strike(&mut self, sight: &Sight<'_>) -> Option<FaultKind> {
        for index in 0..self.0.len() {
            let fault = &mut self.0[index];
            if !fault.matches(sight) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.count -= 1;
            let kind = fault.kind.clone();
            if fault.count == 0 {
                self.0.remove(index);
            }
            return Some(kind);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part_copy(key: &str) -> Sight<'_> {
        Sight {
            provider: Provider::Cos,
            operation: "UploadPartCopy",
            key: Some(key),
            names_upload: true,
            names_object: true,
        }
    }

    #[test]
    fn a_fault_skips_strikes_and_is_gone() {
        let mut faults = Faults::new(vec![
            Fault::new("UploadPartCopy", FaultKind::Reset)
                .after(2)
                .times(2),
        ]);
        let seen: Vec<bool> = (0..6)
            .map(|_| faults.strike(&part_copy("k")).is_some())
            .collect();
        assert_eq!(seen, [false, false, true, true, false, false]);
        assert!(faults.left().is_empty());
    }

    #[test]
    fn a_fault_waits_for_its_key_and_provider() {
        let mut faults = Faults::new(vec![
            Fault::new("*", FaultKind::HalfBody)
                .on_key("right")
                .at(Provider::S3),
        ]);
        assert_eq!(faults.strike(&part_copy("wrong")), None);
        assert_eq!(faults.strike(&part_copy("right")), None);
        let on_s3 = Sight {
            provider: Provider::S3,
            ..part_copy("right")
        };
        assert_eq!(faults.strike(&on_s3), Some(FaultKind::HalfBody));
    }

    #[test]
    fn an_upload_cannot_vanish_from_a_request_that_names_none() {
        let mut faults = Faults::new(vec![Fault::new("*", FaultKind::UploadGone)]);
        let no_upload = Sight {
            names_upload: false,
            ..part_copy("k")
        };
        assert_eq!(faults.strike(&no_upload), None);
        assert_eq!(faults.left().len(), 1);
    }
}
