use partway_domain::{Bucket, ETag, Key, Prefix};

use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::listing::Listing;
use super::{Operation, Target, Traits, listing, paging};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml::{self, Element};

/// Lists objects by prefix, in key order, up to 1,000 at a time ("GET Bucket (List Objects)" on
/// COS, "Listing Objects in a Bucket" on OBS, S3 `ListObjectsV2` or `ListObjects`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListObjects {
    /// Bucket.
    pub bucket: Bucket,
    /// What keys begin with.
    pub prefix: Prefix,
    /// Roll up keys that have this character after the prefix; `None` lists them all.
    pub delimiter: Option<char>,
    /// Where the page begins; `None` for the first.
    pub cursor: Option<String>,
    /// Without a cursor: list keys after this one.
    pub start_after: Option<String>,
    /// At most this many, 1 to 1,000.
    pub max_keys: u32,
    /// S3 only: the first version of the call, for servers that do not know the second.
    pub v1: bool,
    /// Ask for percent-encoded names even where the dialect does not by itself: the way out
    /// when a page is ill-formed because of a name.
    pub encoded: bool,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPage {
    /// Objects in key order.
    pub entries: Vec<ObjectEntry>,
    /// Rolled-up prefixes, each with its delimiter at the end.
    pub prefixes: Vec<Prefix>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectEntry {
    /// Key, byte for byte.
    pub key: Key,
    /// Bytes.
    pub size: u64,
    /// ISO 8601 as sent; without a zone it is UTC.
    pub last_modified: String,
    /// Entity tag.
    pub etag: Option<ETag>,
    /// Storage class in the provider's words.
    pub storage_class: Option<String>,
}

impl Operation for ListObjects {
    type Output = ObjectPage;
    const NAME: &'static str = "ListObjects";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target.bucket_request(Method::Get, &self.bucket);
        let v2 = self.is_v2(target);
        if v2 {
            request = request.with_query("list-type", "2");
        }
        request = request.with_query("prefix", self.prefix.as_str());
        if let Some(delimiter) = self.delimiter {
            request = request.with_query("delimiter", delimiter);
        }
        request = match (&self.cursor, &self.start_after) {
            (Some(cursor), _) if v2 => request.with_query("continuation-token", cursor),
            (None, Some(after)) if v2 => request.with_query("start-after", after),
            (Some(marker), _) | (None, Some(marker)) => request.with_query("marker", marker),
            (None, None) => request,
        };
        request = request.with_query("max-keys", self.max_keys.clamp(1, 1000).to_string());
        if self.encoded || target.dialect.url_encodes_listings() {
            request = request.with_query("encoding-type", "url");
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<ObjectPage, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let result = answer
            .root("ListBucketResult", xml::LIST)
            .map_err(bucket_error)?;
        let listing = Listing::of(target, &result);
        let entries = result
            .all("Contents")
            .map(|contents| entry(&answer, &listing, contents))
            .collect::<Result<Vec<_>, _>>()?;
        let prefixes = listing.prefixes(&answer)?;
        let next = if result.flag("IsTruncated") {
            if self.is_v2(target) && is_v1_answer(&result) {
                return Err(answer.lacks("the server does not know the second version of lists"));
            }
            let next = self.next(target, &listing, &entries, &prefixes);
            let further = |next: &String| self.advances(target, next);
            Some(paging::advance(&answer, "objects", next, further)?)
        } else {
            None
        };
        Ok(ObjectPage {
            entries,
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

impl ListObjects {
    fn is_v2(&self, target: Target<'_>) -> bool {
        target.dialect.lists_v2() && !self.v1
    }

    /// Tokens are opaque and only must differ. Markers are keys: one that does not grow would
    /// bring the same page for ever.
    fn advances(&self, target: Target<'_>, next: &str) -> bool {
        let last = match (&self.cursor, &self.start_after) {
            (Some(cursor), _) => cursor,
            (None, Some(after)) if !self.is_v2(target) => after,
            (None, _) => return !next.is_empty(),
        };
        if self.is_v2(target) {
            next != last
        } else {
            next > last.as_str()
        }
    }

    /// The server's word for the next page; without one, the last name on this page.
    fn next(
        &self,
        target: Target<'_>,
        listing: &Listing<'_>,
        entries: &[ObjectEntry],
        prefixes: &[Prefix],
    ) -> Option<String> {
        if self.is_v2(target) {
            // With its blanks: Ceph's gateway gives the last key, which may end with one.
            let token = listing.result.raw("NextContinuationToken");
            let token = token.filter(|token| !token.trim().is_empty());
            return token.map(str::to_owned);
        }
        let marker = listing
            .result
            .raw("NextMarker")
            .filter(|text| !text.is_empty());
        if let Some(marker) = marker {
            return listing.decode(marker);
        }
        let last_key = entries.last().map(|entry| entry.key.as_str());
        let last_prefix = prefixes.last().map(Prefix::as_str);
        last_key.max(last_prefix).map(str::to_owned)
    }
}

/// Whether a server has passed over `list-type=2`: it would pass over the token as well.
fn is_v1_answer(result: &Element<'_>) -> bool {
    result.child("NextContinuationToken").is_none()
        && result.child("KeyCount").is_none()
        && result.child("ContinuationToken").is_none()
}

fn entry(
    answer: &Answer<'_>,
    listing: &Listing<'_>,
    contents: &Element<'_>,
) -> Result<ObjectEntry, WireError> {
    let key = listing.key(answer, contents)?;
    let size = contents.value("Size").and_then(|size| size.parse().ok());
    Ok(ObjectEntry {
        size: size.ok_or_else(|| listing::lacking(answer, &key, "size"))?,
        last_modified: contents.value("LastModified").unwrap_or("").to_owned(),
        etag: contents.value("ETag").and_then(ETag::parse),
        storage_class: contents.value("StorageClass").map(str::to_owned),
        key,
    })
}
