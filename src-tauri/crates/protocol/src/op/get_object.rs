use partway_domain::{Bucket, ByteRange, ETag, Key, VersionId};

use super::answer::Answer;
use super::encryption::with_customer_key;
use super::properties::check_value;
use super::{Attributes, CustomerKey, Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::wire::{Request, Response};

/// Reads an object or a range of it into memory ("GET Object" on COS, "Downloading an Object"
/// on OBS, S3 `GetObject`). For small objects and for probing; copies never pass here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetObject {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
    /// Which bytes; `None` for all. A range that begins behind the last byte is refused (416).
    pub range: Option<ByteRange>,
    /// Headers the answer shall have instead of the object's, by their names:
    /// `content-type`, `cache-control`, `content-disposition`, `content-encoding`,
    /// `content-language`, `expires`. Servers refuse them without a signature.
    pub overrides: Vec<(String, String)>,
    /// The key it is encrypted with, if it is one of the user's own.
    pub customer_key: Option<CustomerKey>,
}

/// Bytes of an object, and what came with them.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The bytes asked for.
    pub body: Vec<u8>,
    /// Bytes of the whole object.
    pub size: u64,
    /// Entity tag of the whole object.
    pub etag: Option<ETag>,
    /// Version, when the bucket has versions.
    pub version: Option<VersionId>,
    /// Headers, metadata and class.
    pub attributes: Attributes,
}

/// Without the bytes.
impl std::fmt::Debug for Fetched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetched")
            .field("body_bytes", &self.body.len())
            .field("size", &self.size)
            .field("etag", &self.etag)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Headers an answer can be given by `response-*` parameters.
const OVERRIDABLE: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
];

impl Operation for GetObject {
    type Output = Fetched;
    const NAME: &'static str = "GetObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target
            .bytes_request(&self.bucket, &self.key)?
            .of_version(self.version.as_ref());
        for (name, value) in &self.overrides {
            let name = name.to_ascii_lowercase();
            if !OVERRIDABLE.contains(&name.as_str()) {
                return Err(RequestError::Refused {
                    what: format!("another {name:?} in the answer"),
                    reason: format!("only {} can be given", OVERRIDABLE.join(", ")),
                });
            }
            check_value(&name, value)?;
            request = request.with_query(&format!("response-{name}"), value);
        }
        if let Some(range) = &self.range {
            request = request.with_header("range", range.to_string());
        }
        with_customer_key(target, request, self.customer_key.as_ref())
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Fetched, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let size = match (self.range, response.status) {
            (None, 200) => response.body.len() as u64,
            (Some(range), 206) => sliced(range, &answer)?,
            // The whole object may be large, and is not what was asked for.
            (Some(_), 200) => {
                return Err(answer.lacks("the server sends the whole object for a range of it"));
            }
            _ => return Err(answer.refused_object()),
        };
        let declared = answer
            .single("content-length")?
            .and_then(|text| text.trim().parse::<usize>().ok());
        if declared.is_some_and(|bytes| bytes != response.body.len()) {
            return Err(answer.unreadable("the object's bytes end too early".to_owned()));
        }
        Ok(Fetched {
            body: response.body.clone(),
            size,
            etag: response.header("etag").and_then(ETag::parse),
            version: answer.version("version-id"),
            attributes: Attributes::of(target, response),
        })
    }
}

/// Bytes of the whole object, once `Content-Range` has been found to be what was asked for:
/// the end may be cut at the object's.
fn sliced(range: ByteRange, answer: &Answer<'_>) -> Result<u64, WireError> {
    let (first, end, size) = answer
        .single("content-range")?
        .and_then(content_range)
        .ok_or_else(|| answer.unreadable("the answer has no Content-Range".to_owned()))?;
    let asked = (range.start(), range.end().min(size));
    let bytes = answer.response.body.len() as u64;
    if (first, end) != asked || bytes != end - first {
        return Err(answer.unreadable(format!(
            "{bytes} bytes of {first} to {end} came for {} to {}",
            asked.0, asked.1
        )));
    }
    Ok(size)
}

/// First byte, the byte behind the last, and the whole, of `bytes 0-4/10`.
fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, size) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let end = last.checked_add(1)?;
    let size = size.parse().ok()?;
    (first < end && end <= size).then_some((first, end, size))
}
