//! Reading, setting and removing the tags of an object.

use std::fmt::Write as _;

use partway_domain::{Bucket, Key, VersionId};

use super::answer::Answer;
use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml;

/// Reads the tags of an object ("GET Object tagging" on COS, "Querying Object Tags" on OBS,
/// S3 `GetObjectTagging`), as names and values in the server's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetObjectTagging {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
}

/// Replaces the tags of an object ("PUT Object tagging" on COS, "Configuring Object Tags" on
/// OBS, S3 `PutObjectTagging`). At most 10; lengths differ by provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutObjectTagging {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
    /// Names and values.
    pub tags: Vec<(String, String)>,
}

/// Removes the tags of an object ("DELETE Object tagging" on COS, "Deleting Object Tags" on
/// OBS, S3 `DeleteObjectTagging`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteObjectTagging {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
}

fn request(
    target: Target<'_>,
    method: Method,
    (bucket, key): (&Bucket, &Key),
    version: Option<&VersionId>,
) -> Result<Request, RequestError> {
    Ok(target
        .object_request(method, bucket, key)?
        .with_subresource("tagging")
        .of_version(version))
}

impl Operation for GetObjectTagging {
    type Output = Vec<(String, String)>;
    const NAME: &'static str = "GetObjectTagging";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let subject = (&self.bucket, &self.key);
        request(target, Method::Get, subject, self.version.as_ref())
    }

    fn response(
        &self,
        target: Target<'_>,
        response: &Response,
    ) -> Result<Vec<(String, String)>, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let tagging = match answer.root("Tagging", xml::SMALL) {
            Ok(tagging) => tagging,
            // COS has an error for "none"; the others answer with an empty set.
            Err(error) if error.code.as_deref() == Some("NoSuchTagSet") => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let tags = tagging
            .child("TagSet")
            .into_iter()
            .flat_map(|set| set.all("Tag"));
        tags.map(|tag| {
            let name = tag.raw("Key")?;
            Some((name.to_owned(), tag.raw("Value").unwrap_or("").to_owned()))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| answer.unreadable("a tag has no key".to_owned()))
    }
}

impl Operation for PutObjectTagging {
    type Output = ();
    const NAME: &'static str = "PutObjectTagging";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut body = String::from("<Tagging><TagSet>");
        for (name, value) in &self.tags {
            let written = (xml::write_text(name), xml::write_text(value));
            let (Some(name), Some(value)) = written else {
                return Err(RequestError::Refused {
                    what: format!("the tag {name:?}"),
                    reason: "it has a character XML cannot hold; choose another".to_owned(),
                });
            };
            // Writing to a string cannot fail.
            let _ = write!(body, "<Tag><Key>{name}</Key><Value>{value}</Value></Tag>");
        }
        body.push_str("</TagSet></Tagging>");
        let subject = (&self.bucket, &self.key);
        Ok(request(target, Method::Put, subject, self.version.as_ref())?.with_xml(body))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        Answer::changing(Self::NAME, target, response).succeeded()
    }
}

impl Operation for DeleteObjectTagging {
    type Output = ();
    const NAME: &'static str = "DeleteObjectTagging";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let subject = (&self.bucket, &self.key);
        request(target, Method::Delete, subject, self.version.as_ref())
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<(), WireError> {
        Answer::changing(Self::NAME, target, response).succeeded()
    }
}
