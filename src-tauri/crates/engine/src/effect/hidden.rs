//! An object that a HEAD does not show, for it is encrypted with a key that was not given. The
//! refusal comes without a word, as much else does, so a listing has to show that it is there. What
//! the listing knows of it tells it from another.

use partway_domain::{ETag, Failure, FailureKind, Key, Occupant, Prefix, Standing};
use partway_protocol::op::ObjectEntry;

use super::pin::{Ask, refuses_the_key, wants_a_key};
use crate::call::CallError;
use crate::driver::route::Side;
use crate::listing::Level;

/// Whether a HEAD was refused as one of a hidden object is. With a key that is not the object's it is
/// what a missing permission is, too.
pub(crate) fn may_hide(refused: &Failure, with_key: bool) -> bool {
    wants_a_key(refused) || with_key && refuses_the_key(refused)
}

/// What stands at a key whose HEAD was `refused` so. Where nothing may be listed, an object of
/// which nothing is known. Fails where a listing shows none: the refusal is a gateway's, or about
/// something else.
pub(crate) async fn stands(
    asker: &impl Ask,
    side: &Side,
    key: &Key,
    refused: Failure,
) -> Result<Standing, CallError> {
    let Ok(prefix) = Prefix::parse(key.as_str()) else {
        return Ok(Standing::Hidden);
    };
    let page = match Level::new(side.clone(), prefix, None)
        .page(asker, None, None)
        .await
    {
        Ok(page) => page,
        Err(CallError::Failed { failure, .. }) if !failure.kind.is_transient() => {
            return if wants_a_key(&refused) {
                Ok(Standing::Hidden)
            } else {
                Err(CallError::local(refused))
            };
        }
        Err(other) => return Err(other),
    };
    // The key itself comes before everything that goes on behind it.
    match page.entries.into_iter().find(|entry| entry.key == *key) {
        Some(ObjectEntry {
            etag: Some(etag),
            size,
            last_modified,
            ..
        }) => Ok(occupied(etag, size, last_modified)),
        Some(_) => Ok(Standing::Hidden),
        None if wants_a_key(&refused) => Err(CallError::local(Failure {
            kind: FailureKind::BadResponse,
            ..refused
        })),
        None => Err(CallError::local(refused)),
    }
}

fn occupied(etag: ETag, size: u64, last_modified: String) -> Standing {
    Standing::Object(Occupant {
        etag,
        size,
        last_modified,
        version: None,
    })
}
