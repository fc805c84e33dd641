use partway_domain::{Bucket, DialectName, ETag, FailureKind, Key, PartNumber, UploadId};

use super::answer::Answer;
use super::{Operation, Target, Traits, paging};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml::{self, Element};

/// Lists the parts an upload has on the server, up to 1,000 at a time ("List Parts" on COS and
/// OBS, S3 `ListParts`). `NoSuchUpload` means completed, aborted or expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListParts {
    /// Destination bucket.
    pub bucket: Bucket,
    /// Destination key.
    pub key: Key,
    /// The upload.
    pub upload_id: UploadId,
    /// List what comes after this number.
    pub after: Option<PartNumber>,
}

/// One page of parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPage {
    /// Parts by number.
    pub parts: Vec<ListedPart>,
    /// Where the next page begins (exclusive); `None` after the last one.
    pub next: Option<PartNumber>,
}

/// A part as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPart {
    /// Its number.
    pub number: PartNumber,
    /// Its tag.
    pub etag: ETag,
    /// Its bytes: the only proof of which range it holds.
    pub size: u64,
}

impl Operation for ListParts {
    type Output = PartPage;
    const NAME: &'static str = "ListParts";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target
            .object_request(Method::Get, &self.bucket, &self.key)?
            .with_query("uploadId", self.upload_id.as_str())
            .with_query("max-parts", "1000");
        if let Some(after) = self.after {
            request = request.with_query("part-number-marker", after.to_string());
        }
        if target.dialect.name() == DialectName::Cos {
            // The answer repeats the key, which may be one that XML cannot hold.
            request = request.with_query("encoding-type", "url");
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<PartPage, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let result = answer
            .root_beside_key("ListPartsResult", xml::LIST)
            .map_err(upload_error)?;
        let parts: Vec<ListedPart> = result
            .all("Part")
            .map(listed_part)
            .collect::<Option<_>>()
            .ok_or_else(|| answer.unreadable("a part lacks its number, ETag or size".to_owned()))?;
        if !result.flag("IsTruncated") {
            return Ok(PartPage { parts, next: None });
        }
        let next = result
            .value("NextPartNumberMarker")
            .and_then(number)
            .or_else(|| parts.last().map(|part| part.number));
        let next = paging::advance(&answer, "parts", next, |next| Some(*next) > self.after)?;
        Ok(PartPage {
            parts,
            next: Some(next),
        })
    }
}

/// No source is involved here: some servers miss the future object where the upload is gone.
pub(super) fn upload_error(error: WireError) -> WireError {
    let kind = match error.kind {
        FailureKind::NoSuchSource => FailureKind::NoSuchUpload,
        kind => kind,
    };
    WireError { kind, ..error }
}

fn listed_part(part: &Element<'_>) -> Option<ListedPart> {
    Some(ListedPart {
        number: number(part.value("PartNumber")?)?,
        etag: ETag::parse(part.value("ETag")?)?,
        size: part.value("Size")?.parse().ok()?,
    })
}

fn number(text: &str) -> Option<PartNumber> {
    text.parse().ok().and_then(PartNumber::new)
}
