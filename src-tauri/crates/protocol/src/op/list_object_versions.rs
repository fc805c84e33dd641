use partway_domain::{Bucket, ETag, Key, Prefix, VersionId};

use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::listing::Listing;
use super::{Operation, Target, Traits, listing, paging};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml::{self, Element};

/// Lists all versions of objects by prefix, up to 1,000 at a time ("GET Bucket Object versions"
/// on COS, "Listing Objects in a Bucket" with `versions` on OBS, S3 `ListObjectVersions`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListObjectVersions {
    /// Bucket.
    pub bucket: Bucket,
    /// What keys begin with.
    pub prefix: Prefix,
    /// Roll up keys that have this character after the prefix; `None` lists them all.
    pub delimiter: Option<char>,
    /// Where the page begins: key and version id, the latter may be empty.
    pub cursor: Option<(String, String)>,
    /// At most this many, 1 to 1,000.
    pub max_keys: u32,
    /// Ask for percent-encoded names even where the dialect does not by itself: the way out
    /// when a page is ill-formed because of a name.
    pub encoded: bool,
}

/// One page of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionPage {
    /// Versions and delete markers in key order, the newest of a key first.
    pub versions: Vec<VersionEntry>,
    /// Rolled-up prefixes, each with its delimiter at the end.
    pub prefixes: Vec<Prefix>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<(String, String)>,
}

/// One version of an object, or the marker that it was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionEntry {
    /// Key, byte for byte.
    pub key: Key,
    /// Its version; `None` in a bucket that never had versions.
    pub version: Option<VersionId>,
    /// Whether it is what a request without a version gets.
    pub is_latest: bool,
    /// Whether it only says that the object was deleted; then it has no bytes.
    pub is_delete_marker: bool,
    /// Bytes.
    pub size: u64,
    /// ISO 8601 as sent; without a zone it is UTC.
    pub last_modified: String,
    /// Entity tag.
    pub etag: Option<ETag>,
    /// Storage class in the provider's words.
    pub storage_class: Option<String>,
}

impl Operation for ListObjectVersions {
    type Output = VersionPage;
    const NAME: &'static str = "ListObjectVersions";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target
            .bucket_request(Method::Get, &self.bucket)
            .with_subresource("versions")
            .with_query("prefix", self.prefix.as_str());
        if let Some(delimiter) = self.delimiter {
            request = request.with_query("delimiter", delimiter);
        }
        if let Some((key, version)) = &self.cursor {
            request = request.with_query("key-marker", key);
            // An empty one is refused; without it the list goes on after the key.
            if !version.is_empty() {
                request = request.with_query("version-id-marker", version);
            }
        }
        request = request.with_query("max-keys", self.max_keys.clamp(1, 1000).to_string());
        if self.encoded || target.dialect.url_encodes_listings() {
            request = request.with_query("encoding-type", "url");
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<VersionPage, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let result = answer
            // The second is how the vendor's page and its old servers call it.
            .root_among(
                &["ListVersionsResult", "ListBucketVersionsResult"],
                xml::LIST,
            )
            .map_err(bucket_error)?;
        let listing = Listing::of(target, &result);
        let versions = result
            .children
            .iter()
            .filter(|child| child.is("Version") || child.is("DeleteMarker"))
            .map(|child| entry(&answer, &listing, child))
            .collect::<Result<Vec<_>, _>>()?;
        let prefixes = listing.prefixes(&answer)?;
        let next = if result.flag("IsTruncated") {
            let further = |next: &_| paging::is_further(next, self.cursor.as_ref());
            let next = next(&listing, &versions);
            Some(paging::advance(&answer, "versions", next, further)?)
        } else {
            None
        };
        Ok(VersionPage {
            versions,
            prefixes,
            next,
        })
    }

    fn otherwise(&self, target: Target<'_>, response: &Response) -> Option<Self> {
        let was_plain = !self.encoded && !target.dialect.url_encodes_listings();
        (was_plain && listing::is_ill_formed(response)).then(|| Self {
            encoded: true,
            ..self.clone()
        })
    }
}

fn entry(
    answer: &Answer<'_>,
    listing: &Listing<'_>,
    version: &Element<'_>,
) -> Result<VersionEntry, WireError> {
    let is_delete_marker = version.is("DeleteMarker");
    let key = listing.key(answer, version)?;
    let size = match version.value("Size") {
        _ if is_delete_marker => Some(0),
        size => size.and_then(|size| size.parse().ok()),
    };
    Ok(VersionEntry {
        version: version
            .value("VersionId")
            .and_then(|id| VersionId::parse(id).ok()),
        is_latest: version.flag("IsLatest"),
        is_delete_marker,
        size: size.ok_or_else(|| listing::lacking(answer, &key, "size"))?,
        last_modified: version.value("LastModified").unwrap_or("").to_owned(),
        etag: version.value("ETag").and_then(ETag::parse),
        storage_class: version.value("StorageClass").map(str::to_owned),
        key,
    })
}

/// The server's word for the next page; without one, the last version on this page.
fn next(listing: &Listing<'_>, versions: &[VersionEntry]) -> Option<(String, String)> {
    let key = listing.result.raw("NextKeyMarker");
    match key.filter(|key| !key.is_empty()) {
        Some(key) => {
            let version = listing.result.value("NextVersionIdMarker").unwrap_or("");
            Some((listing.decode(key)?, version.to_owned()))
        }
        None => versions.last().map(|last| {
            let version = last.version.as_ref().map(VersionId::as_str);
            (last.key.to_string(), version.unwrap_or("").to_owned())
        }),
    }
}
