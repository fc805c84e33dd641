//! Copies: whether the bytes that are meant may be read, and `CopyObject`.

use std::sync::Arc;

use super::attach;
use super::source::{Source, first_last, source_of};
use super::{GIB, LARGEST_COPY, MIB, Scene, conditions, encryption, quoted};
use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::checksum::{Algorithm, Kind};
use crate::content::Segment;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::store::object::{Attached, Version};
use crate::text::{iso, iso_seconds};

/// What a copy reads, after everything that could be wrong with it was looked at.
pub(super) struct Readable {
    pub(super) source: Source,
    pub(super) version: Arc<Version>,
    /// Whether the source bucket keeps versions.
    pub(super) versioned: bool,
}

pub(super) fn readable(scene: &Scene<'_>) -> Result<Readable, Refusal> {
    let call = scene.call;
    if call.provider == Provider::Obs && !call.body.is_empty() {
        let message = "A copy has no body.";
        return Err(Refusal::new(400, "MaxMessageLengthExceeded", message));
    }
    let source = source_of(call).ok_or_else(Refusal::no_such_key)??;
    let bucket = scene.store.buckets.get(&source.bucket);
    let bucket = bucket.ok_or_else(Refusal::no_such_bucket)?;
    if bucket.closed {
        return Err(Refusal::access_denied("Access Denied"));
    }
    // OBS names a source by bucket alone and copies only inside a region.
    if call.provider == Provider::Obs && bucket.region != call.region {
        return Err(Refusal::no_such_bucket());
    }
    let versions = bucket.versions(&source.key, scene.library);
    let version = match &source.version_id {
        None => versions
            .last()
            .filter(|current| !current.marker)
            .ok_or_else(Refusal::no_such_key)?,
        Some(id) => {
            let found = versions.iter().find(|version| version.id_text() == id);
            let found = found
                .ok_or_else(|| Refusal::new(404, "NoSuchVersion", "The version does not exist."))?;
            if found.marker {
                let message = "The source of a copy cannot be a delete marker.";
                return Err(Refusal::invalid_request(message));
            }
            found
        }
    };
    if !version.is_readable(scene.now) {
        return Err(Refusal::invalid_object_state());
    }
    encryption::unlock_source(call, &version.attached.encryption)?;
    if !scene.switches.ignore_copy_conditions {
        conditions::on_source(scene, version)?;
    }
    Ok(Readable {
        versioned: bucket.versioning != crate::store::bucket::Versioning::Off,
        version: Arc::clone(version),
        source,
    })
}

impl Readable {
    /// The segments that a part copy moves.
    pub(super) fn range(&self, call: &Call) -> Result<Vec<Segment>, Refusal> {
        let size = self.version.size;
        let Some(text) = call.vendor("copy-source-range") else {
            largest(call, size)?;
            return Ok(self.version.segments.clone());
        };
        let (first, last) = first_last(&text).ok_or_else(|| {
            Refusal::invalid_argument("The copy source range must be bytes=first-last.")
        })?;
        if call.provider == Provider::S3 && size <= 5 * MIB {
            let message = "The specified copy source is not supported as a byte-range copy source";
            return Err(Refusal::invalid_request(message));
        }
        if last >= size {
            let message = format!("Range specified is not valid for source object of size: {size}");
            return Err(match call.provider {
                Provider::S3 => Refusal::invalid_argument(message),
                Provider::Cos | Provider::Obs => Refusal::new(416, "InvalidRange", message),
            });
        }
        largest(call, last - first + 1)?;
        Ok(crate::content::slice(
            &self.version.segments,
            first,
            last - first + 1,
        ))
    }

    /// The headers both kinds of copy answer with.
    pub(super) fn headers(&self, call: &Call, answer: &mut Answer) {
        if self.versioned || self.source.version_id.is_some() {
            let name = format!("{}copy-source-version-id", call.form.prefix());
            answer.header(name, self.version.id_text());
        }
    }
}

fn largest(call: &Call, size: u64) -> Result<(), Refusal> {
    if size <= LARGEST_COPY {
        return Ok(());
    }
    let message = format!(
        "The specified copy source is larger than the maximum allowable size for a copy source: {}",
        5 * GIB
    );
    Err(match call.provider {
        Provider::S3 => Refusal::invalid_request(message),
        Provider::Cos | Provider::Obs => Refusal::new(400, "EntityTooLarge", message),
    })
}

/// When a copy was made, as this dialect prints it.
pub(super) fn copy_time(form: Form, ms: i64) -> String {
    match form {
        Form::Cos | Form::ObsAmz => iso_seconds(ms).trim_end_matches('Z').to_owned(),
        Form::Obs | Form::S3 => iso(ms),
    }
}

/// Whether metadata, or tags, come from the request instead of the source.
fn replaces(call: &Call, name: &str, default: bool) -> Result<bool, Refusal> {
    let Some(sent) = call.vendor(name) else {
        return Ok(default);
    };
    let (copy, replace) = match call.provider {
        Provider::Cos => ("Copy", "Replaced"),
        Provider::Obs | Provider::S3 => ("COPY", "REPLACE"),
    };
    if sent == copy {
        Ok(false)
    } else if sent == replace {
        Ok(true)
    } else {
        Err(Refusal::invalid_argument(format!(
            "{name} is {copy} or {replace}, not {sent}."
        )))
    }
}

/// `CopyObject`. Storage class, ACL and encryption never come from the source.
pub(super) fn object(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let from = readable(scene)?;
    largest(call, from.version.size)?;
    scene.may_overwrite(bucket, key)?;

    let new_metadata = replaces(call, "metadata-directive", false)?;
    // OBS is alone in leaving tags behind unless told to copy them.
    let new_tags = replaces(call, "tagging-directive", call.provider == Provider::Obs)?;
    let asked = attach::read(call)?;
    let itself = from.source.bucket == bucket && from.source.key == key;
    if itself && from.source.version_id.is_none() && !new_metadata && !changes(call, &asked) {
        return Err(Refusal::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing anything.",
        ));
    }
    if itself {
        let kept = &from.version.attached.encryption;
        encryption::may_change_in_place(call, kept, &asked.encryption)?;
    }
    let mut attached = Attached {
        class: asked.class,
        access: asked.access,
        encryption: asked.encryption,
        expires_days: asked.expires_days,
        redirect: asked.redirect,
        ..Attached::clone(&from.version.attached)
    };
    if new_metadata {
        attached.headers = asked.headers;
        attached.metadata = asked.metadata;
    }
    if new_tags {
        attached.tags = asked.tags;
    }
    let version = Version {
        id: None,
        modified: scene.now,
        marker: false,
        etag: encryption::etag(
            &attached.encryption,
            scene.library.etag(&from.version.segments)?,
            scene.chance,
        ),
        size: from.version.size,
        segments: from.version.segments.clone(),
        checksums: from.version.checksums,
        attached: attached.into(),
        upload_id: None,
        part_runs: Vec::new(),
        checksum: Algorithm::asked(call)?
            .map(|algorithm| {
                let whole = &from.version.segments;
                algorithm.of_upload(Kind::FullObject, &[], whole, scene.library)
            })
            .transpose()?,
        restore: None,
    };
    let made = scene.store.put(bucket, key, version, scene.library)?;
    let mut answer = Answer::xml(call, "CopyObjectResult", |xml| {
        xml.leaf("LastModified", object_time(call.form, made.modified));
        xml.leaf("ETag", quoted(&made.etag));
        if call.form == Form::Cos {
            xml.leaf("CRC64", made.checksums.xz.to_string());
        }
        if let (Form::Cos, Some(id)) = (call.form, &made.id) {
            xml.leaf("VersionId", id);
        }
        if call.form == Form::S3 {
            let shown = made.shown();
            xml.leaf(&shown.algorithm.element(), shown.value);
            xml.leaf("ChecksumType", shown.kind.word());
        }
    });
    from.headers(call, &mut answer);
    scene.written(&made, &mut answer);
    Ok(answer)
}

fn object_time(form: Form, ms: i64) -> String {
    match form {
        Form::Cos | Form::ObsAmz => iso_seconds(ms),
        Form::Obs | Form::S3 => iso(ms),
    }
}

/// On S3 an object may be copied onto itself to change one of these without new metadata.
fn changes(call: &Call, asked: &Attached) -> bool {
    call.provider == Provider::S3
        && (call.vendor("storage-class").is_some()
            || asked.redirect.is_some()
            || !asked.encryption.is_none())
}
