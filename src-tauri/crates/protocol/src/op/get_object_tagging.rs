use partway_domain::{Bucket, DialectName, Key, VersionId};

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
        let request = target
            .object_request(Method::Get, &self.bucket, &self.key)?
            .with_subresource("tagging");
        Ok(match &self.version {
            Some(version) => request.with_query("versionId", version.as_str()),
            None => request,
        })
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
            Err(error)
                if target.dialect.name() == DialectName::Cos
                    && error.code.as_deref() == Some("NoSuchTagSet") =>
            {
                return Ok(Vec::new());
            }
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
