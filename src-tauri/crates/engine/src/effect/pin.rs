//! The pin: the source as it is now, with everything that will be replayed and the plan.

use partway_domain::{
    CopyOptions, Failure, FailureKind, Key, Method, VersionId, plan as plan_parts,
};
use partway_journal::table::transfer::Pin;
use partway_protocol::op::{GetObjectTagging, HeadObject, ObjectHead, Operation};

use crate::call::{Answer, CallError};
use crate::driver::route::{Route, Side};

/// Whoever can ask a side: a driver with its orders, or the planner.
pub(crate) trait Ask: Sync {
    fn ask<O: Operation<Output: Send>>(
        &self,
        side: &Side,
        operation: &O,
    ) -> impl Future<Output = Result<Answer<O::Output>, CallError>> + Send;
}

/// HEADs the source, reads its tags where they must be replayed, and plans the parts.
pub(crate) async fn take(
    asker: &impl Ask,
    route: &Route,
    options: &CopyOptions,
    key: &Key,
    version: Option<&VersionId>,
) -> Result<Answer<Pin>, CallError> {
    let head = head_source(asker, route, key, version).await?;
    let (pin, request_id) = (head.output, head.request_id);
    let plan = plan_parts(pin.size, options.part_size, &route.dialect.limits())
        .map_err(|error| local(FailureKind::Invalid, route, key, &error.to_string()))?;
    let mut attributes = pin.attributes.clone();
    let mut not_carried = pin.not_carried.clone();
    // A single copy lets the server carry the tags; Create must be given them.
    if plan.method == Method::Multipart {
        match tags(asker, route, key, &pin).await? {
            Ok(tags) => attributes.tags = tags,
            Err(failure) => not_carried.push(format!("tags: {failure}")),
        }
    }
    if let Some(class) = &options.storage_class {
        attributes.storage_class = Some(class.clone());
    }
    let attributes = serde_json::to_value(&attributes)
        .map_err(|error| local(FailureKind::Invalid, route, key, &error.to_string()))?;
    Ok(Answer {
        output: Pin {
            checksum: checksum(&pin),
            etag: pin.etag,
            size: pin.size,
            version: pin.version.or_else(|| version.cloned()),
            last_modified: pin.last_modified,
            attributes,
            not_carried,
            plan,
        },
        request_id,
        attempts: head.attempts,
        clock_offset_ms: head.clock_offset_ms,
    })
}

/// HEADs the source and refuses what cannot be read without a restore.
pub(crate) async fn head_source(
    asker: &impl Ask,
    route: &Route,
    key: &Key,
    version: Option<&VersionId>,
) -> Result<Answer<ObjectHead>, CallError> {
    let operation = HeadObject {
        bucket: route.source.bucket.clone(),
        key: key.clone(),
        version: version.cloned(),
    };
    let head = asker.ask(&route.source, &operation).await?;
    if let Some(advice) = needs_restore(&head.output) {
        let class = head
            .output
            .attributes
            .storage_class
            .as_deref()
            .unwrap_or("");
        return Err(CallError::local(Failure {
            operation: HeadObject::NAME.to_owned(),
            bucket: Some(route.source.bucket.to_string()),
            key: Some(key.to_string()),
            request_id: head.request_id,
            ..Failure::local(
                FailureKind::NeedsRestore,
                format!(
                    "{:?} in {} is archived ({class}) and cannot be read; {advice}",
                    key.as_str(),
                    route.source.bucket
                ),
            )
        }));
    }
    Ok(head)
}

/// What to do about an archived object; `None` if it can be read.
fn needs_restore(head: &ObjectHead) -> Option<&'static str> {
    let archived = matches!(
        head.attributes.storage_class.as_deref(),
        Some("ARCHIVE" | "DEEP_ARCHIVE" | "COLD" | "GLACIER")
    );
    match head.restore.as_deref() {
        Some(restore) if restore.contains("ongoing-request=\"false\"") => None,
        Some(_) => Some("its restore is running: resume when it has ended"),
        None if archived => Some("restore it first, then resume"),
        None => None,
    }
}

/// The tags, or why they cannot be read though the object can.
async fn tags(
    asker: &impl Ask,
    route: &Route,
    key: &Key,
    head: &ObjectHead,
) -> Result<Result<Vec<(String, String)>, Failure>, CallError> {
    // COS does not say in a HEAD whether there are any.
    let silent =
        head.tag_count.is_none() && route.dialect.name() == partway_domain::DialectName::Cos;
    if !silent && head.tag_count.unwrap_or(0) == 0 {
        return Ok(Ok(Vec::new()));
    }
    let operation = GetObjectTagging {
        bucket: route.source.bucket.clone(),
        key: key.clone(),
        version: head.version.clone(),
    };
    match asker.ask(&route.source, &operation).await {
        Ok(answer) => Ok(Ok(answer.output)),
        Err(CallError::Failed { failure, .. })
            if matches!(
                failure.kind,
                FailureKind::AccessDenied | FailureKind::NoSuchSource | FailureKind::NotSupported
            ) =>
        {
            Ok(Err(*failure))
        }
        Err(other) => Err(other),
    }
}

/// The checksum with its name, as journals keep it.
pub(crate) fn checksum(head: &ObjectHead) -> Option<String> {
    head.crc64_xz
        .as_ref()
        .map(|crc| format!("crc64xz:{crc}"))
        .or_else(|| {
            head.crc64_nvme
                .as_ref()
                .map(|crc| format!("crc64nvme:{crc}"))
        })
}

fn local(kind: FailureKind, route: &Route, key: &Key, why: &str) -> CallError {
    CallError::local(Failure {
        bucket: Some(route.source.bucket.to_string()),
        key: Some(key.to_string()),
        ..Failure::local(kind, format!("{:?} cannot be copied: {why}", key.as_str()))
    })
}
