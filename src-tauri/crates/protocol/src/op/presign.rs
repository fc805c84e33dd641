use super::{Operation, Target};
use crate::credential::Credential;
use crate::error::RequestError;
use crate::wire::Request;

/// The request of an operation with its signature in the query: whoever has its
/// [`url`](Request::url) may send it, with exactly its headers, until `lifetime` seconds after
/// the Unix second `seconds`.
///
/// S3 allows seven days. A temporary credential ends earlier than the URL may say.
pub fn presign<O: Operation>(
    operation: &O,
    target: Target<'_>,
    credential: &Credential,
    seconds: i64,
    lifetime: u32,
) -> Result<Request, RequestError> {
    let refuse = |reason: String| RequestError::Refused {
        what: format!("a URL for {}", O::NAME),
        reason,
    };
    if lifetime == 0 {
        return Err(refuse(
            "it would be over at once; give it some seconds".to_owned(),
        ));
    }
    let mut request = operation.request(target)?;
    target
        .dialect
        .presign(&mut request, target.endpoint, credential, seconds, lifetime)
        .map_err(|error| refuse(error.0))?;
    // The host stands in the URL, and whoever sends it adds the header.
    request.headers.retain(|(name, _)| name != "host");
    Ok(request)
}
