//! HEAD, GET, PUT and DELETE of objects.

use super::{Scene, attach, conditions, encryption, quoted, unquoted};
use crate::answer::{Answer, Payload};
use crate::call::{Call, Form};
use crate::checksum;
use crate::content;
use crate::refusal::Refusal;
use crate::store::Deleted;
use crate::store::bucket::Versioning;
use crate::store::object::Version;
use crate::text::http_date;
use crate::xml::Element;

/// HEAD and GET, of all of an object, a range or (S3) one of its parts.
pub(super) fn read(scene: &mut Scene<'_>, with_body: bool) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let version = scene.version(bucket, key)?;
    encryption::unlock(call, &version.attached.encryption)?;
    conditions::on_read(call, &version)?;
    if with_body && !version.is_readable(scene.now) {
        return Err(Refusal::invalid_object_state());
    }
    let mut answer = Answer::empty(200);
    describe(scene, bucket, &version, &mut answer)?;
    overrides(call, &mut answer);

    let (mut first, mut length) = (0, version.size);
    if let Some((from, size)) = part(call, &version)? {
        (first, length) = (from, size);
    } else if let Some((from, size)) = range(call, version.size)? {
        (first, length) = (from, size);
    }
    if length != version.size || call.has("partNumber") || partial(call) {
        answer.status = 206;
        let last = (first + length).saturating_sub(1);
        answer.header(
            "content-range",
            format!("bytes {first}-{last}/{}", version.size),
        );
    }
    answer.header("content-length", length.to_string());
    if with_body {
        answer.body = Payload::Object(content::slice(&version.segments, first, length));
    }
    Ok(answer)
}

fn partial(call: &Call) -> bool {
    call.header("range")
        .is_some_and(|range| range.starts_with("bytes="))
}

/// Everything HEAD tells about a version.
fn describe(
    scene: &Scene<'_>,
    bucket: &str,
    version: &Version,
    answer: &mut Answer,
) -> Result<(), Refusal> {
    let call = scene.call;
    let prefix = call.form.prefix();
    answer
        .headers
        .extend(attach::headers(call, &version.attached, version.modified));
    answer.header("accept-ranges", "bytes");
    answer.header("etag", quoted(&version.etag));
    answer.header("last-modified", http_date(version.modified));
    if scene.bucket(bucket)?.versioning != Versioning::Off {
        answer.header(format!("{prefix}version-id"), version.id_text());
    }
    if let Some(restore) = version.restore {
        let state = if scene.now < restore.ready {
            "ongoing-request=\"true\"".to_owned()
        } else {
            let until = http_date(restore.expires);
            format!("ongoing-request=\"false\", expiry-date=\"{until}\"")
        };
        answer.header(format!("{prefix}restore"), state);
    }
    match call.form {
        Form::Cos => {
            if !call.switches.no_checksums {
                answer.header("x-cos-hash-crc64ecma", version.checksums.xz.to_string());
            }
        }
        Form::Obs | Form::ObsAmz => {
            if let Some(id) = &version.upload_id {
                answer.header(format!("{prefix}uploadId"), id);
            }
        }
        Form::S3 => {
            let enabled = call
                .header("x-amz-checksum-mode")
                .is_some_and(|m| m == "ENABLED");
            // A part or a range has no checksum of its own here.
            if enabled && !call.switches.no_checksums && !call.has("partNumber") && !partial(call) {
                let shown = version.shown();
                answer.header(shown.algorithm.header(), shown.value);
                answer.header("x-amz-checksum-type", shown.kind.word());
            }
            if call.has("partNumber") && version.part_count() > 0 {
                answer.header("x-amz-mp-parts-count", version.part_count().to_string());
            }
        }
    }
    Ok(())
}

/// `response-content-type` and the other five take the place of what the object carries.
fn overrides(call: &Call, answer: &mut Answer) {
    for (name, value) in &call.query {
        let (Some(header), Some(value)) = (name.strip_prefix("response-"), value) else {
            continue;
        };
        let known = [
            "content-type",
            "content-language",
            "expires",
            "cache-control",
            "content-disposition",
            "content-encoding",
        ];
        if known.contains(&header) {
            answer.headers.retain(|(name, _)| name != header);
            answer.header(header, value);
        }
    }
}

/// S3's `partNumber`: the whole of an object that has no parts counts as part 1.
fn part(call: &Call, version: &Version) -> Result<Option<(u64, u64)>, Refusal> {
    let Some(text) = call.param("partNumber").filter(|_| call.form == Form::S3) else {
        return Ok(None);
    };
    let number: u32 = text
        .parse()
        .map_err(|_| Refusal::invalid_argument("partNumber is a number from 1 to 10000."))?;
    if version.part_count() == 0 && number == 1 {
        return Ok(Some((0, version.size)));
    }
    let message = "The requested part number is not satisfiable.";
    let missing = || Refusal::new(416, "InvalidPartNumber", message);
    version.part_range(number).map(Some).ok_or_else(missing)
}

/// `Range: bytes=a-b`, `a-` or `-n`. Several ranges or another unit are ignored, as HTTP allows.
fn range(call: &Call, size: u64) -> Result<Option<(u64, u64)>, Refusal> {
    let text = call.header("range").unwrap_or_default();
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Ok(None);
    };
    let unsatisfiable = || {
        Refusal::new(
            416,
            "InvalidRange",
            "The requested range is not satisfiable.",
        )
        .with_header("content-range", format!("bytes */{size}"))
    };
    let (first, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1).min(size)),
        (Ok(first), _) if last.is_empty() => (first, size),
        (_, Ok(tail)) if first.is_empty() => (size.saturating_sub(tail), size),
        _ => return Ok(None),
    };
    if first >= size || end <= first {
        return Err(unsatisfiable());
    }
    Ok(Some((first, end - first)))
}

/// `PutObject` of real bytes.
pub(super) fn put(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    scene.may_overwrite(bucket, key)?;
    let attached = attach::read(call)?;
    let stored = scene.stored.take().ok_or_else(Refusal::malformed_xml)?;
    let version = Version {
        id: None,
        modified: scene.now,
        marker: false,
        etag: encryption::etag(&attached.encryption, stored.etag, scene.chance),
        size: content::total(&stored.segments),
        segments: stored.segments,
        checksums: stored.checksums,
        attached: attached.into(),
        upload_id: None,
        part_runs: Vec::new(),
        checksum: checksum::of_body(call)?,
        restore: None,
    };
    let made = scene.store.put(bucket, key, version, scene.library)?;
    let mut answer = Answer::empty(200).with("etag", quoted(&made.etag));
    if call.form == Form::S3 {
        let shown = made.shown();
        answer.header(shown.algorithm.header(), shown.value);
        answer.header("x-amz-checksum-type", shown.kind.word());
    }
    scene.written(&made, &mut answer);
    Ok(answer)
}

impl Scene<'_> {
    /// Conditions on what a write would take the place of. S3 has `If-None-Match: *` and
    /// `If-Match`; COS has a header that forbids it where versions are not kept.
    pub(super) fn may_overwrite(&self, bucket: &str, key: &str) -> Result<(), Refusal> {
        let call = self.call;
        if self.switches.ignore_write_conditions {
            return Ok(());
        }
        let bucket = self.bucket(bucket)?;
        let versions = bucket.versions(key, self.library);
        let current = versions.last().filter(|version| !version.marker);
        match call.form {
            Form::S3 => {
                let only_new = call
                    .header("if-none-match")
                    .is_some_and(|value| value == "*");
                if only_new && current.is_some() {
                    return Err(Refusal::precondition_failed());
                }
                let Some(expected) = call.header("if-match") else {
                    return Ok(());
                };
                let current = current.ok_or_else(Refusal::no_such_key)?;
                if unquoted(&expected) == current.etag {
                    Ok(())
                } else {
                    Err(Refusal::precondition_failed())
                }
            }
            Form::Cos => {
                let forbidden = call.vendor("forbid-overwrite").is_some_and(|v| v == "true");
                if forbidden && current.is_some() && bucket.versioning == Versioning::Off {
                    let message = "The object is there already, and overwriting it was forbidden.";
                    return Err(Refusal::new(409, "FileAlreadyExists", message));
                }
                Ok(())
            }
            Form::Obs | Form::ObsAmz => Ok(()),
        }
    }

    /// The headers of every answer that made a version.
    pub(super) fn written(&self, made: &Version, answer: &mut Answer) {
        let prefix = self.call.form.prefix();
        if let Some(id) = &made.id {
            answer.header(format!("{prefix}version-id"), id);
        }
        if self.call.form == Form::Cos {
            answer.header("x-cos-hash-crc64ecma", made.checksums.xz.to_string());
        }
        answer
            .headers
            .extend(encryption::headers(self.call, &made.attached.encryption));
    }
}

/// `DeleteObject`: 204, whether there was anything or not.
pub(super) fn delete(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let id = call.param("versionId").filter(|id| !id.is_empty());
    let deleted = scene.store.delete(bucket, key, id, scene.library)?;
    let mut answer = Answer::empty(204);
    let prefix = call.form.prefix();
    if deleted.marker {
        answer.header(format!("{prefix}delete-marker"), "true");
    }
    if let Some(id) = deleted.version_id {
        answer.header(format!("{prefix}version-id"), id);
    }
    Ok(answer)
}

/// `DeleteObjects`: up to 1,000 keys, each answered on its own.
pub(super) fn delete_many(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let bucket = call.bucket()?;
    let body = Element::read(&call.body, "Delete")?;
    let quiet = body
        .text_of("Quiet")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let mut wanted = Vec::new();
    for object in body.all("Object") {
        let key = object.text_of("Key").filter(|key| !key.is_empty());
        let id = object.text_of("VersionId").filter(|id| !id.is_empty());
        wanted.push((key.ok_or_else(Refusal::malformed_xml)?, id));
    }
    if wanted.is_empty() || wanted.len() > 1000 {
        return Err(Refusal::malformed_xml());
    }
    let mut done: Vec<(&str, Option<&str>, Deleted)> = Vec::new();
    for (key, id) in wanted {
        let deleted = scene.store.delete(bucket, key, id, scene.library)?;
        done.push((key, id, deleted));
    }
    Ok(Answer::xml(call, "DeleteResult", |xml| {
        for (key, id, deleted) in done.into_iter().filter(|_| !quiet) {
            xml.nest("Deleted", |xml| {
                xml.leaf("Key", key);
                if let Some(id) = id {
                    xml.leaf("VersionId", id);
                }
                if deleted.marker {
                    xml.leaf("DeleteMarker", "true");
                    let marker = deleted.version_id.unwrap_or_default();
                    xml.leaf("DeleteMarkerVersionId", marker);
                }
            });
        }
    }))
}
