//! Beginning and ending an upload: Create, Complete, Abort.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use super::{MIB, Scene, attach, encryption, quoted, unquoted};
use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::chance::Chance;
use crate::checksum::{Algorithm, Kind, Shown};
use crate::content::{self, Checksums, Library, Segment};
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::store::object::{Part, Upload, Version};
use crate::text::{base64, hex, unhex};
use crate::xml::Element;

/// Bytes in every part but the last.
const fn smallest_part(provider: Provider) -> u64 {
    match provider {
        Provider::Cos => MIB,
        Provider::Obs => 100 << 10,
        Provider::S3 => 5 * MIB,
    }
}

/// `CreateMultipartUpload`: takes everything the object will have, because parts bring bytes only.
pub(super) fn create(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let checksum_algorithm = Algorithm::asked(call)?;
    let checksum_kind = checksum_algorithm
        .map(|algorithm| algorithm.kind(call.vendor("checksum-type").as_deref()))
        .transpose()?;
    let upload = Upload {
        id: upload_id(call.provider, scene.now, scene.chance),
        key: key.to_owned(),
        initiated: scene.now,
        attached: attach::read(call)?,
        temporary: call.temporary,
        checksum_algorithm,
        checksum_kind,
        parts: BTreeMap::new(),
    };
    let mut answer = Answer::xml(call, "InitiateMultipartUploadResult", |xml| {
        xml.leaf("Bucket", bucket);
        xml.leaf("Key", key);
        xml.leaf("UploadId", &upload.id);
    });
    if let (Some(algorithm), Some(kind)) = (upload.checksum_algorithm, upload.checksum_kind) {
        answer.header("x-amz-checksum-algorithm", algorithm.word());
        answer.header("x-amz-checksum-type", kind.word());
    }
    answer
        .headers
        .extend(encryption::headers(call, &upload.attached.encryption));
    scene.store.create_upload(bucket, upload)?;
    Ok(answer)
}

/// An upload id in the manner of the provider.
pub(crate) fn upload_id(provider: Provider, now: i64, chance: &Chance) -> String {
    match provider {
        Provider::Cos => format!("{}{}", now / 1000, chance.token(64)),
        Provider::Obs => chance.token(32).to_uppercase(),
        Provider::S3 => {
            format!(
                "{}.{}_{}--",
                chance.token(40),
                chance.token(40),
                chance.token(20)
            )
        }
    }
}

/// `AbortMultipartUpload`.
pub(super) fn abort(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let (bucket, key) = scene.call.object()?;
    let id = scene.call.param("uploadId").unwrap_or_default();
    if scene.store.drop_upload(bucket, key, id)? {
        Ok(Answer::empty(204))
    } else {
        Err(Refusal::no_such_upload())
    }
}

/// `CompleteMultipartUpload`. Parts that are not listed are dropped with the upload.
pub(super) fn complete(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let id = call.param("uploadId").unwrap_or_default();
    if scene.store.upload(bucket, key, id).is_none() {
        return again(scene, bucket, key, id);
    }
    let listed = listed(call)?;
    scene.may_overwrite(bucket, key)?;
    let upload = scene.upload(bucket, key, id)?;
    encryption::unlock_complete(call, &upload.attached.encryption)?;
    let parts = chosen(call.provider, upload, &listed)?;
    part_sums(upload, &parts, &listed, scene.library)?;
    sizes(call, &parts)?;
    let mut version = assemble(scene, upload, &parts);
    version.checksum = shown(upload, &parts, &version, scene.library)?;
    full_checksum(call, &version)?;
    let made = scene
        .store
        .complete(bucket, key, id, version, scene.library)?;
    Ok(result(scene, bucket, key, &made))
}

/// A second Complete: the upload is gone, unless this server remembers what came of it.
fn again(scene: &Scene<'_>, bucket: &str, key: &str, id: &str) -> Result<Answer, Refusal> {
    let versions = scene.bucket(bucket)?.versions(key, scene.library);
    let made = versions
        .iter()
        .rev()
        .find(|version| version.upload_id.as_deref() == Some(id));
    match made.filter(|_| scene.switches.complete_idempotent) {
        Some(made) => Ok(result(scene, bucket, key, made)),
        None => Err(Refusal::no_such_upload()),
    }
}

/// One `<Part>` of the request.
struct Listed {
    number: u32,
    etag: String,
    /// Whatever `Checksum…` elements it has.
    sums: Vec<(Algorithm, String)>,
}

fn listed(call: &Call) -> Result<Vec<Listed>, Refusal> {
    let body = Element::read(&call.body, "CompleteMultipartUpload")?;
    let mut list: Vec<Listed> = Vec::new();
    for part in body.all("Part") {
        let number = part
            .text_of("PartNumber")
            .and_then(|text| text.trim().parse().ok());
        let etag = part.text_of("ETag").ok_or_else(Refusal::malformed_xml)?;
        let number = number.ok_or_else(Refusal::malformed_xml)?;
        if list.last().is_some_and(|last| last.number >= number) {
            let message = "The list of parts was not in ascending order.";
            return Err(Refusal::new(400, "InvalidPartOrder", message));
        }
        list.push(Listed {
            number,
            etag: unquoted(etag).to_owned(),
            sums: Algorithm::ALL
                .into_iter()
                .filter_map(|algorithm| {
                    let text = part.text_of(&algorithm.element())?;
                    Some((algorithm, text.trim().to_owned()))
                })
                .collect(),
        });
    }
    if list.is_empty() || list.len() > 10_000 {
        return Err(Refusal::malformed_xml());
    }
    Ok(list)
}

fn chosen<'u>(
    provider: Provider,
    upload: &'u Upload,
    listed: &[Listed],
) -> Result<Vec<&'u Part>, Refusal> {
    let mut parts = Vec::with_capacity(listed.len());
    for (index, wanted) in listed.iter().enumerate() {
        // COS alone wants numbers without gaps, beginning with 1.
        if provider == Provider::Cos && usize::try_from(wanted.number) != Ok(index + 1) {
            return Err(invalid(wanted.number));
        }
        let part = upload
            .parts
            .get(&wanted.number)
            .ok_or_else(|| invalid(wanted.number))?;
        if !part.etag.eq_ignore_ascii_case(&wanted.etag) {
            return Err(invalid(wanted.number));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn invalid(number: u32) -> Refusal {
    let message =
        format!("Part {number} could not be found, or its entity tag or checksum is another.");
    Refusal::new(400, "InvalidPart", message).with_element("PartNumber", number.to_string())
}

/// S3 takes the checksum of each part again, and wants it where the object's is made of them.
fn part_sums(
    upload: &Upload,
    parts: &[&Part],
    listed: &[Listed],
    library: &Library,
) -> Result<(), Refusal> {
    for (part, wanted) in parts.iter().zip(listed) {
        for (algorithm, sum) in &wanted.sums {
            if *sum != base64(algorithm.of_content(&part.segments, library)?) {
                return Err(invalid(part.number));
            }
        }
        let missing = |algorithm| !wanted.sums.iter().any(|(one, _)| *one == algorithm);
        if upload.checksum_kind == Some(Kind::Composite)
            && upload.checksum_algorithm.is_some_and(missing)
        {
            return Err(Refusal::invalid_request(
                "The upload was begun with a checksum, and the list of parts lacks theirs.",
            ));
        }
    }
    Ok(())
}

/// The checksum that the object will show, where the upload was begun with one.
fn shown(
    upload: &Upload,
    parts: &[&Part],
    whole: &Version,
    library: &Library,
) -> Result<Option<Shown>, Refusal> {
    let (Some(algorithm), Some(kind)) = (upload.checksum_algorithm, upload.checksum_kind) else {
        return Ok(None);
    };
    let parts: Vec<&[Segment]> = parts.iter().map(|part| &part.segments[..]).collect();
    let shown = algorithm.of_upload(kind, &parts, &whole.segments, library)?;
    Ok(Some(shown))
}

fn sizes(call: &Call, parts: &[&Part]) -> Result<(), Refusal> {
    let smallest = smallest_part(call.provider);
    let body = &parts[..parts.len().saturating_sub(1)];
    if let Some(part) = body.iter().find(|part| part.size < smallest) {
        let message = "Your proposed upload is smaller than the minimum allowed size";
        return Err(Refusal::new(400, "EntityTooSmall", message)
            .with_element("PartNumber", part.number.to_string())
            .with_element("ProposedSize", part.size.to_string())
            .with_element("MinSizeAllowed", smallest.to_string()));
    }
    let total: u64 = parts.iter().map(|part| part.size).sum();
    let promised = call
        .vendor("mp-object-size")
        .filter(|_| call.form == Form::S3);
    if promised.is_some_and(|promised| promised.parse() != Ok(total)) {
        let message = format!("The parts make {total} bytes, not what x-amz-mp-object-size says.");
        return Err(Refusal::invalid_request(message));
    }
    Ok(())
}

fn assemble(scene: &Scene<'_>, upload: &Upload, parts: &[&Part]) -> Version {
    let mut segments = Vec::new();
    let mut checksums = Checksums::default();
    let mut runs: Vec<(u64, u32)> = Vec::new();
    for part in parts {
        content::append(&mut segments, &part.segments);
        checksums = checksums.join(part.checksums, part.size);
        match runs.last_mut() {
            Some((size, count)) if *size == part.size => *count += 1,
            _ => runs.push((part.size, 1)),
        }
    }
    Version {
        id: None,
        modified: scene.now,
        marker: false,
        etag: composite_etag(scene.call.provider, parts, scene.chance),
        size: content::total(&segments),
        segments,
        checksums,
        attached: upload.attached.clone().into(),
        upload_id: Some(upload.id.clone()),
        part_runs: runs,
        checksum: None,
        restore: None,
    }
}

/// The MD5 of the parts' MD5s; on COS nobody can compute it, so neither can anybody here.
fn composite_etag(provider: Provider, parts: &[&Part], chance: &Chance) -> String {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(unhex(&part.etag).unwrap_or_default());
    }
    if provider == Provider::Cos {
        digest.update(chance.token(32));
    }
    format!("{}-{}", hex(&digest.finalize()), parts.len())
}

/// A checksum of the whole object in a header of Complete.
fn full_checksum(call: &Call, version: &Version) -> Result<(), Refusal> {
    if call.form != Form::S3 {
        return Ok(());
    }
    let actual = version.shown();
    let sent = call.header(&actual.algorithm.header());
    if sent.is_none_or(|sent| sent == actual.value) {
        return Ok(());
    }
    let message = "The checksum of the object is not the one in the header.";
    Err(Refusal::new(400, "BadDigest", message))
}

fn result(scene: &Scene<'_>, bucket: &str, key: &str, made: &Version) -> Answer {
    let call = scene.call;
    let path = crate::percent::encode_path(key);
    let location = match call.form {
        Form::Cos => format!("http://{bucket}.cos.{}.myqcloud.com/{path}", call.region),
        _ if call.virtual_host => format!("http://{}/{path}", call.host),
        _ => format!("http://{}/{bucket}/{path}", call.host),
    };
    let mut answer = Answer::xml(call, "CompleteMultipartUploadResult", |xml| {
        xml.leaf("Location", location);
        xml.leaf("Bucket", bucket);
        xml.leaf("Key", key);
        xml.leaf("ETag", quoted(&made.etag));
        if call.form == Form::S3 {
            let shown = made.shown();
            xml.leaf(&shown.algorithm.element(), shown.value);
            xml.leaf("ChecksumType", shown.kind.word());
        }
    });
    scene.written(made, &mut answer);
    answer
}
