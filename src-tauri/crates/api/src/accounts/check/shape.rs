//! Operations sent in an unusual way, only to see what the server makes of them.

use partway_domain::{Bucket, FailureKind, Key};
use partway_protocol::error::{RequestError, WireError};
use partway_protocol::op::{
    CompleteMultipartUpload, Copied, ListObjects, Operation, Target, Traits, UploadPartCopy,
};
use partway_protocol::wire::{Request, Response};

/// A second-version listing; answers whether it is one. Servers that do not know the version
/// send the first one back, which reads like a whole listing when it is short.
pub(super) struct ListedV2(pub(super) ListObjects);

impl Operation for ListedV2 {
    type Output = bool;
    const NAME: &'static str = ListObjects::NAME;

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        self.0.subject()
    }

    fn traits(&self) -> Traits {
        self.0.traits()
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        self.0.request(target)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<bool, WireError> {
        let counted = String::from_utf8_lossy(&response.body).contains("<KeyCount>");
        match self.0.response(target, response) {
            Ok(_) => Ok(counted),
            // A first-version page that is not the last has no token to go on with.
            Err(error) if error.kind == FailureKind::BadResponse && error.status == 200 => {
                Ok(counted)
            }
            Err(error) => Err(error),
        }
    }
}

/// A part copy of a whole object: S3 takes a range only of objects above 5 MiB.
pub(super) struct WholePart(pub(super) UploadPartCopy);

impl Operation for WholePart {
    type Output = Copied;
    const NAME: &'static str = UploadPartCopy::NAME;

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        self.0.subject()
    }

    fn traits(&self) -> Traits {
        self.0.traits()
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let mut request = self.0.request(target)?;
        let range = target.vendor("copy-source-range");
        request.headers.retain(|(name, _)| *name != range);
        Ok(request)
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        self.0.response(target, response)
    }
}

/// A Complete that must not replace an object.
pub(super) struct CompleteIfNew(pub(super) CompleteMultipartUpload);

impl Operation for CompleteIfNew {
    type Output = Copied;
    const NAME: &'static str = CompleteMultipartUpload::NAME;

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        self.0.subject()
    }

    fn traits(&self) -> Traits {
        self.0.traits()
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        Ok(self.0.request(target)?.with_header("if-none-match", "*"))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Copied, WireError> {
        self.0.response(target, response)
    }
}
