//! One abort and one look.

use partway_domain::{FailureKind, Key, UploadId};
use partway_protocol::op::{AbortMultipartUpload, ListParts, Operation as _};

use crate::call::{CallError, Caller, Listener};
use crate::capability::is_lacking;
use crate::driver::route::Side;

/// Whether the server no longer has an upload; nothing is changed by asking.
pub(crate) async fn is_over(
    caller: &Caller,
    side: &Side,
    key: &Key,
    upload_id: &UploadId,
    listener: &Listener<'_>,
) -> Result<bool, CallError> {
    let list = ListParts {
        bucket: side.bucket.clone(),
        key: key.clone(),
        upload_id: upload_id.clone(),
        after: None,
    };
    let region = side.region.as_deref();
    match caller.call(&side.account, region, &list, listener).await {
        Err(CallError::Failed { failure, .. }) if is_lacking(&failure, ListParts::NAME) => {
            Ok(false)
        }
        looked => is_gone(looked.map(|_| ())),
    }
}

/// Asks for an abort and then looks; whether the upload is gone.
pub(crate) async fn abort_once(
    caller: &Caller,
    side: &Side,
    key: &Key,
    upload_id: &UploadId,
    listener: &Listener<'_>,
) -> Result<bool, CallError> {
    let region = side.region.as_deref();
    let abort = AbortMultipartUpload {
        bucket: side.bucket.clone(),
        key: key.clone(),
        upload_id: upload_id.clone(),
    };
    let aborted = caller.call(&side.account, region, &abort, listener).await;
    if is_gone(aborted.map(|_| ()))? {
        return Ok(true);
    }
    let list = ListParts {
        bucket: side.bucket.clone(),
        key: key.clone(),
        upload_id: upload_id.clone(),
        after: None,
    };
    match caller.call(&side.account, region, &list, listener).await {
        // Nothing can be looked at: the accepted abort has to be believed.
        Err(CallError::Failed { failure, .. }) if is_lacking(&failure, ListParts::NAME) => Ok(true),
        looked => is_gone(looked.map(|_| ())),
    }
}

fn is_gone(answer: Result<(), CallError>) -> Result<bool, CallError> {
    match answer {
        Ok(()) => Ok(false),
        Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchUpload => {
            Ok(true)
        }
        Err(other) => Err(other),
    }
}
