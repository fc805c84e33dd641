//! Conditions on what a write takes the place of.

use partway_domain::{Bucket, DialectName, ETag, Key};

use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Request, Response};

/// What a write may take the place of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Replaces {
    /// Whatever is there.
    #[default]
    Anything,
    /// Nothing: the key has to be free (S3 `If-None-Match: *`, answered with 412; COS
    /// `x-cos-forbid-overwrite`, answered with 409 `FileAlreadyExists`, and without effect in
    /// buckets that keep versions).
    Nothing,
    /// The object with this tag only (S3 `If-Match`; 412 for another, 404 for none).
    Only(ETag),
}

/// A write that must not take the place of anything unexpected, as far as the dialect has a
/// condition for that. OBS has none, COS none for [`Replaces::Only`]: there it is sent
/// without, so whoever needs more than the condition looks at the key right before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded<O> {
    /// The write.
    pub operation: O,
    /// What it may replace.
    pub replaces: Replaces,
}

impl Replaces {
    /// Whether the dialect has a condition that says so.
    pub fn can_be_said_to(&self, dialect: DialectName) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing => matches!(dialect, DialectName::S3 | DialectName::Cos),
            Self::Only(_) => dialect == DialectName::S3,
        }
    }
}

impl<O: Operation> Operation for Guarded<O> {
    type Output = O::Output;
    const NAME: &'static str = O::NAME;

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        self.operation.subject()
    }

    fn traits(&self) -> Traits {
        self.operation.traits()
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let request = self.operation.request(target)?;
        Ok(match (target.dialect.name(), &self.replaces) {
            (DialectName::S3, Replaces::Nothing) => request.with_header("if-none-match", "*"),
            (DialectName::S3, Replaces::Only(etag)) => {
                request.with_header("if-match", etag.quoted())
            }
            (DialectName::Cos, Replaces::Nothing) => {
                request.with_header(target.vendor("forbid-overwrite"), "true")
            }
            _ => request,
        })
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<O::Output, WireError> {
        self.operation.response(target, response)
    }
}
