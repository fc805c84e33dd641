use partway_domain::{Bucket, DialectName, Key, Prefix, UploadId};

use super::answer::Answer;
use super::head_bucket::bucket_error;
use super::listing::Listing;
use super::{Operation, Target, Traits, listing, paging};
use crate::error::{RequestError, WireError};
use crate::wire::{Method, Request, Response};
use crate::xml::{self, Element};

/// Lists the open uploads of a bucket, up to 1,000 at a time ("List Multipart Uploads" on COS,
/// "Listing Initiated Multipart Uploads in a Bucket" on OBS, S3 `ListMultipartUploads`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMultipartUploads {
    /// Bucket.
    pub bucket: Bucket,
    /// What keys begin with.
    pub prefix: Prefix,
    /// Where the page begins: key and upload id, the latter may be empty.
    pub cursor: Option<(String, String)>,
    /// Ask for percent-encoded names even where the dialect does not by itself: the way out
    /// when a page is ill-formed because of a name.
    pub encoded: bool,
}

/// One page of uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPage {
    /// Uploads by key.
    pub uploads: Vec<ListedUpload>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<(String, String)>,
}

/// An upload as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedUpload {
    /// Key of the future object.
    pub key: Key,
    /// The upload.
    pub upload_id: UploadId,
    /// When it was opened: ISO 8601 as sent; without a zone it is UTC.
    pub initiated: String,
    /// Who opened it, in the provider's words.
    pub initiator: Option<String>,
}

impl Operation for ListMultipartUploads {
    type Output = UploadPage;
    const NAME: &'static str = "ListMultipartUploads";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), None)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = target
            .bucket_request(Method::Get, &self.bucket)
            .with_subresource("uploads")
            .with_query("prefix", self.prefix.as_str())
            .with_query("max-uploads", "1000");
        if let Some((key, upload_id)) = &self.cursor {
            request = request.with_query("key-marker", key);
            if !upload_id.is_empty() {
                request = request.with_query("upload-id-marker", upload_id);
            }
        }
        if self.is_encoded(target) {
            request = request.with_query("encoding-type", "url");
        }
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<UploadPage, WireError> {
        let answer = Answer::reading(Self::NAME, target, response);
        let result = answer
            .root("ListMultipartUploadsResult", xml::LIST)
            .map_err(bucket_error)?;
        let listing = Listing::of(target, &result);
        let uploads = result
            .all("Upload")
            .map(|upload| listed_upload(&answer, &listing, upload))
            .collect::<Result<Vec<_>, _>>()?;
        if !result.flag("IsTruncated") {
            return Ok(UploadPage {
                uploads,
                next: None,
            });
        }
        let further = |next: &_| paging::is_further(next, self.cursor.as_ref());
        let next = paging::advance(&answer, "uploads", next(&listing, &uploads), further)?;
        Ok(UploadPage {
            uploads,
            next: Some(next),
        })
    }

    fn otherwise(&self, target: Target<'_>, response: &Response) -> Option<Self> {
        (!self.is_encoded(target) && listing::is_ill_formed(response)).then(|| Self {
            encoded: true,
            ..self.clone()
        })
    }
}

impl ListMultipartUploads {
    /// On S3 only when a plain page could not be read: asked to, Ceph's gateway encodes the keys
    /// here without saying so.
    fn is_encoded(&self, target: Target<'_>) -> bool {
        let always =
            target.dialect.url_encodes_listings() && target.dialect.name() != DialectName::S3;
        self.encoded || always
    }
}

fn listed_upload(
    answer: &Answer<'_>,
    listing: &Listing<'_>,
    upload: &Element<'_>,
) -> Result<ListedUpload, WireError> {
    let initiator = upload.child("Initiator").and_then(|who| {
        who.value("DisplayName")
            .or_else(|| who.value("ID"))
            .map(str::to_owned)
    });
    let key = listing.key(answer, upload)?;
    let upload_id = upload
        .value("UploadId")
        .and_then(|id| UploadId::parse(id).ok());
    Ok(ListedUpload {
        upload_id: upload_id.ok_or_else(|| listing::lacking(answer, &key, "upload id"))?,
        initiated: upload.value("Initiated").unwrap_or("").to_owned(),
        initiator,
        key,
    })
}

/// The server's word for the next page; without one, the last upload on this page.
fn next(listing: &Listing<'_>, uploads: &[ListedUpload]) -> Option<(String, String)> {
    let key = listing
        .result
        .raw("NextKeyMarker")
        .filter(|key| !key.is_empty());
    match key {
        Some(key) => {
            let upload_id = listing.result.value("NextUploadIdMarker").unwrap_or("");
            Some((listing.decode(key)?, upload_id.to_owned()))
        }
        None => uploads
            .last()
            .map(|upload| (upload.key.to_string(), upload.upload_id.to_string())),
    }
}
