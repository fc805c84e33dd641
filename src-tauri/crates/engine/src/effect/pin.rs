//! The pin: the source as it is now, with everything that will be replayed and the plan.

use partway_domain::{
    AtRest, Capability, CopyOptions, Failure, FailureKind, Key, Learned, Method, Plan, PlanError,
    VersionId, plan as plan_parts, plan_whole,
};
use partway_journal::table::transfer::Pin;
use partway_protocol::op::{GetObjectTagging, HeadObject, ObjectHead, Operation};

use super::granted::left_behind;
use super::replaced::replace;
use crate::call::{Answer, CallError};
use crate::capability::{Known, is_lacking};
use crate::driver::route::{Route, Side};
use crate::engine::Shared;
use crate::record::journal_failure;

/// Whoever can ask a side: a driver with its orders, or the planner.
pub(crate) trait Ask: Sync {
    fn ask<O: Operation<Output: Send>>(
        &self,
        side: &Side,
        operation: &O,
    ) -> impl Future<Output = Result<Answer<O::Output>, CallError>> + Send;

    /// Where what is found out is kept.
    fn shared(&self) -> &Shared;
}

/// What is to be pinned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) key: &'a Key,
    /// `None` for the current one.
    pub(crate) version: Option<&'a VersionId>,
    /// Whether the copy takes the place of its source.
    pub(crate) in_place: bool,
}

/// HEADs the source, reads its tags where they must be replayed, and plans the parts. Fails with
/// `NeedsRestore` where it is archived.
pub(crate) async fn take(
    asker: &impl Ask,
    route: &Route,
    known: &Known,
    options: &CopyOptions,
    wanted: Wanted<'_>,
) -> Result<Answer<Pin>, CallError> {
    let (answer, archived, _) = look(asker, route, known, options, wanted).await?;
    archived.map_or(Ok(answer), |failure| Err(CallError::local(failure)))
}

/// As `take`, for those who only want to know what would be copied: an archived source comes with
/// why it cannot be read, and without its tags. The last is the class the source has.
pub(crate) async fn look(
    asker: &impl Ask,
    route: &Route,
    known: &Known,
    options: &CopyOptions,
    wanted: Wanted<'_>,
) -> Result<(Answer<Pin>, Option<Failure>, Option<String>), CallError> {
    let Wanted { key, version, .. } = wanted;
    if let (Some(_), Some(lack)) = (version, known.source.absence(Capability::VersionPin)) {
        let why = format!(
            "the server takes no version ids ({}); copy the current version",
            lack.evidence
        );
        return Err(local(FailureKind::NotSupported, route, key, &why));
    }
    let head = ask_head(asker, route, key, version).await?;
    let archived = unreadable(&head, route, key);
    let (pin, request_id) = (head.output, head.request_id);
    let plan = plan(&pin, known, route, options)
        .map_err(|error| local(plan_kind(&error), route, key, &plan_advice(&error)))?;
    let mut attributes = pin.attributes.clone();
    let class = attributes.storage_class.clone();
    let mut not_carried = pin.not_carried.clone();
    if options.terms.encryption != AtRest::BucketDefault {
        // The user has chosen for the copies, so nothing is lost unawares.
        not_carried.retain(|what| !what.starts_with("encryption "));
    }
    let replaced = &options.terms.replaced;
    // A single copy lets the server carry the tags; Create must be given them.
    if plan.method == Method::Multipart && archived.is_none() && replaced.tags.is_none() {
        match tags(asker, route, known, key, &pin).await? {
            Ok(tags) => attributes.tags = tags,
            Err(why) => not_carried.push(format!("tags: {why}")),
        }
    }
    if wanted.in_place {
        not_carried.extend(left_behind(asker, route, known, options, (key, version)).await?);
    }
    replace(&mut attributes, replaced);
    if let Some(class) = &options.storage_class {
        attributes.storage_class = Some(class.clone());
    }
    let attributes = serde_json::to_value(&attributes)
        .map_err(|error| local(FailureKind::Invalid, route, key, &error.to_string()))?;
    let answer = Answer {
        output: Pin {
            checksum: checksum(&pin),
            etag: pin.etag,
            size: pin.size,
            version: if known.source.lacks(Capability::VersionPin) {
                None
            } else {
                pin.version.or_else(|| version.cloned())
            },
            last_modified: pin.last_modified,
            attributes,
            not_carried,
            plan,
        },
        request_id,
        attempts: head.attempts,
        clock_offset_ms: head.clock_offset_ms,
    };
    Ok((answer, archived, class))
}

fn plan(
    head: &ObjectHead,
    known: &Known,
    route: &Route,
    options: &CopyOptions,
) -> Result<Plan, PlanError> {
    let limits = route.dialect.limits();
    if known.destination.lacks(Capability::PartCopy) {
        return plan_whole(head.size, &limits);
    }
    plan_parts(head.size, options.part_size, &limits)
}

pub(crate) fn plan_kind(error: &PlanError) -> FailureKind {
    match error {
        PlanError::NeedsParts { .. } => FailureKind::NotSupported,
        _ => FailureKind::Invalid,
    }
}

pub(crate) fn plan_advice(error: &PlanError) -> String {
    match error {
        PlanError::NeedsParts { .. } => format!(
            "{error}; if the server has learned it meanwhile, test the account again, otherwise copy it with a tool that downloads"
        ),
        other => other.to_string(),
    }
}

/// A HEAD of an object that is encrypted with a key of the user's own is refused without a
/// word when the key is missing; so are few others.
pub(crate) fn wants_a_key(failure: &Failure) -> bool {
    failure.kind == FailureKind::Invalid && failure.status == Some(400) && failure.code.is_none()
}

/// The answers to a HEAD with a key that is not the object's.
pub(crate) fn refuses_the_key(failure: &Failure) -> bool {
    wants_a_key(failure) || failure.kind == FailureKind::AccessDenied && failure.status == Some(403)
}

/// HEADs the source and refuses what cannot be read without a restore.
pub(crate) async fn head_source(
    asker: &impl Ask,
    route: &Route,
    key: &Key,
    version: Option<&VersionId>,
) -> Result<Answer<ObjectHead>, CallError> {
    let head = ask_head(asker, route, key, version).await?;
    match unreadable(&head, route, key) {
        Some(failure) => Err(CallError::local(failure)),
        None => Ok(head),
    }
}

async fn ask_head(
    asker: &impl Ask,
    route: &Route,
    key: &Key,
    version: Option<&VersionId>,
) -> Result<Answer<ObjectHead>, CallError> {
    let operation = HeadObject {
        bucket: route.source.bucket.clone(),
        key: key.clone(),
        version: version.cloned(),
        customer_key: asker
            .shared()
            .keys
            .of_source(&route.options.terms)
            .map_err(CallError::local)?,
    };
    let key_given = operation.customer_key.is_some();
    asker
        .ask(&route.source, &operation)
        .await
        .map_err(|error| match error {
            CallError::Failed {
                failure,
                outcome_unknown,
            } if key_given && refuses_the_key(&failure) => CallError::Failed {
                failure: Box::new(Failure {
                    message: format!(
                        "The server refuses to show {:?} in {}: the encryption key given for the \
                         source may be the wrong one, or the object is not encrypted with one. \
                         Otherwise the access key may not read it.",
                        key.as_str(),
                        route.source.bucket
                    ),
                    ..*failure
                }),
                outcome_unknown,
            },
            CallError::Failed {
                failure,
                outcome_unknown,
            } if wants_a_key(&failure) => CallError::Failed {
                failure: Box::new(Failure {
                    message: format!(
                        "{} If it is encrypted with a key of your own, give that key.",
                        failure.message
                    ),
                    ..*failure
                }),
                outcome_unknown,
            },
            other => other,
        })
}

/// Why an archived source cannot be read; `None` if it can.
fn unreadable(head: &Answer<ObjectHead>, route: &Route, key: &Key) -> Option<Failure> {
    let advice = needs_restore(&head.output)?;
    let class = head.output.attributes.storage_class.as_deref();
    Some(Failure {
        operation: HeadObject::NAME.to_owned(),
        bucket: Some(route.source.bucket.to_string()),
        key: Some(key.to_string()),
        request_id: head.request_id.clone(),
        ..Failure::local(
            FailureKind::NeedsRestore,
            format!(
                "{:?} in {} is archived ({}) and cannot be read; {advice}",
                key.as_str(),
                route.source.bucket,
                class.unwrap_or("")
            ),
        )
    })
}

/// What to do about an archived object; `None` if it can be read.
fn needs_restore(head: &ObjectHead) -> Option<&'static str> {
    let class = head.attributes.storage_class.as_deref();
    let archived = class.is_some_and(is_archive);
    match head.restore.as_deref() {
        Some(restore) if restore.contains("ongoing-request=\"false\"") => None,
        Some(_) => Some("its restore is running"),
        None if archived => Some("it must be restored first"),
        None => None,
    }
}

/// Whether objects of a storage class must be restored before they can be read.
pub(crate) fn is_archive(class: &str) -> bool {
    matches!(class, "ARCHIVE" | "DEEP_ARCHIVE" | "COLD" | "GLACIER")
}

/// The tags, or why they cannot be carried though the object can.
async fn tags(
    asker: &impl Ask,
    route: &Route,
    known: &Known,
    key: &Key,
    head: &ObjectHead,
) -> Result<Result<Vec<(String, String)>, String>, CallError> {
    // COS does not say in a HEAD whether there are any.
    let silent =
        head.tag_count.is_none() && route.dialect.name() == partway_domain::DialectName::Cos;
    if !silent && head.tag_count.unwrap_or(0) == 0 {
        return Ok(Ok(Vec::new()));
    }
    let lacking = |lack: &Learned| format!("the server has none ({})", lack.evidence);
    for side in [&known.source, &known.destination] {
        if let Some(lack) = side.absence(Capability::Tagging) {
            return Ok(Err(lacking(lack)));
        }
    }
    let operation = GetObjectTagging {
        bucket: route.source.bucket.clone(),
        key: key.clone(),
        version: head.version.clone(),
    };
    match asker.ask(&route.source, &operation).await {
        Ok(answer) => Ok(Ok(answer.output)),
        Err(CallError::Failed { failure, .. }) if is_lacking(&failure, GetObjectTagging::NAME) => {
            asker
                .shared()
                .learn_absence(&route.source, Capability::Tagging, &failure)
                .await
                .map_err(|error| CallError::local(journal_failure(error)))?;
            Ok(Err(failure.to_string()))
        }
        Err(CallError::Failed { failure, .. })
            if matches!(
                failure.kind,
                FailureKind::AccessDenied | FailureKind::NoSuchSource
            ) =>
        {
            Ok(Err(failure.to_string()))
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
