use std::fmt::Write as _;

use partway_domain::{Bucket, FailureKind, Key, VersionId};

use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml::{self, Element};

/// Most objects one request can delete, with every provider.
const MOST: usize = 1000;

/// Deletes up to 1,000 objects or versions at once ("DELETE Multiple Objects" on COS,
/// "Deleting Objects in Batches" on OBS, S3 `DeleteObjects`).
///
/// Every one is answered for: some may be deleted while others are refused. After an error OBS
/// advises to list again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteObjects {
    /// Bucket.
    pub bucket: Bucket,
    /// Keys, each with the version to delete or `None` for the current one.
    pub objects: Vec<(Key, Option<VersionId>)>,
}

/// What became of each object of a [`DeleteObjects`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deletions {
    /// Deleted, or not there in the first place; with the version where one was named.
    pub deleted: Vec<(Key, Option<VersionId>)>,
    /// Refused.
    pub refused: Vec<RefusedDeletion>,
}

/// An object that was not deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedDeletion {
    /// Its key.
    pub key: Key,
    /// The version that was asked for.
    pub version: Option<VersionId>,
    /// What it means.
    pub kind: FailureKind,
    /// The provider's code, verbatim.
    pub code: String,
    /// The provider's message, verbatim.
    pub message: String,
}

impl Operation for DeleteObjects {
    type Output = Deletions;
    const NAME: &'static str = "DeleteObjects";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let refuse = |what: String, reason: &str| RequestError::Refused {
            what,
            reason: reason.to_owned(),
        };
        if self.objects.is_empty() || self.objects.len() > MOST {
            return Err(refuse(
                format!("deleting {} objects at once", self.objects.len()),
                "a request deletes 1 to 1,000; send several",
            ));
        }
        // Quiet answers leave out what succeeded, and a cut one could pass for success.
        let mut body = String::from("<Delete><Quiet>false</Quiet>");
        for (key, version) in &self.objects {
            target.dialect.check_key(key)?;
            let Some(name) = xml::write_text(key.as_str()) else {
                return Err(refuse(
                    format!("deleting {:?} together with others", key.as_str()),
                    "its name has a character XML cannot hold; delete it alone",
                ));
            };
            // Writing to a string cannot fail.
            let _ = write!(body, "<Object><Key>{name}</Key>");
            if let Some(version) = version {
                let version = xml::escape(version.as_str());
                let _ = write!(body, "<VersionId>{version}</VersionId>");
            }
            body.push_str("</Object>");
        }
        body.push_str("</Delete>");
        Ok(target
            .bucket_request(Method::Post, &self.bucket)
            .with_subresource("delete")
            .with_xml(body))
    }

    /// A 200 that leaves out an object says nothing about it: the outcome is then unknown.
    fn response(&self, target: Target<'_>, response: &Response) -> Result<Deletions, WireError> {
        let answer = Answer::changing(Self::NAME, target, response);
        let result = answer
            .root("DeleteResult", xml::LIST)
            .map_err(bucket_error)?;
        let unnamed = || answer.unreadable("a deletion has no key".to_owned());
        let deleted = result
            .all("Deleted")
            .map(named)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(unnamed)?;
        let refused = result
            .all("Error")
            .map(|error| refusal(target, error))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(unnamed)?;
        let told = |asked: &(Key, Option<VersionId>)| {
            let same = |key: &Key, version: &Option<VersionId>| {
                *key == asked.0 && (version.is_none() || asked.1.is_none() || *version == asked.1)
            };
            deleted.iter().any(|(key, version)| same(key, version))
                || refused.iter().any(|one| same(&one.key, &one.version))
        };
        match self.objects.iter().find(|asked| !told(asked)) {
            None => Ok(Deletions { deleted, refused }),
            Some((key, _)) => Err(answer.unreadable(format!(
                "the answer does not say what became of {:?}",
                key.as_str()
            ))),
        }
    }
}

fn named(element: &Element<'_>) -> Option<(Key, Option<VersionId>)> {
    let version = element.value("VersionId");
    Some((
        Key::parse(element.raw("Key")?).ok()?,
        version.and_then(|id| VersionId::parse(id).ok()),
    ))
}

fn refusal(target: Target<'_>, error: &Element<'_>) -> Option<RefusedDeletion> {
    let (key, version) = named(error)?;
    let code = error.value("Code").unwrap_or("");
    Some(RefusedDeletion {
        key,
        version,
        // No status of its own: an unknown code is no reason to try again.
        kind: target.dialect.classify(400, Some(code)),
        code: code.to_owned(),
        message: error.value("Message").unwrap_or("").to_owned(),
    })
}
