//! Beginning and ending an upload: Create, Complete, Abort.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use super::{MIB, Scene, attach, quoted, unquoted};
use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::chance;
use crate::content::{self, Checksums};
use crate::crc::Crc64;
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
    let checksum_algorithm = match call.form {
        Form::S3 => call.vendor("checksum-algorithm"),
        Form::Cos | Form::Obs | Form::ObsAmz => None,
    };
    if checksum_algorithm
        .as_deref()
        .is_some_and(|name| name != "CRC64NVME")
    {
        return Err(Refusal::not_implemented("A checksum other than CRC64NVME"));
    }
    let upload = Upload {
        id: upload_id(call.provider, scene.now),
        key: key.to_owned(),
        initiated: scene.now,
        attached: attach::read(call)?,
        checksum_algorithm,
        parts: BTreeMap::new(),
    };
    let mut answer = Answer::xml(call, "InitiateMultipartUploadResult", |xml| {
        xml.leaf("Bucket", bucket);
        xml.leaf("Key", key);
        xml.leaf("UploadId", &upload.id);
    });
    if let Some(algorithm) = &upload.checksum_algorithm {
        answer.header("x-amz-checksum-algorithm", algorithm);
        answer.header("x-amz-checksum-type", "FULL_OBJECT");
    }
    answer
        .headers
        .extend(attach::encryption_header(call, &upload.attached));
    scene.store.create_upload(bucket, upload)?;
    Ok(answer)
}

fn upload_id(provider: Provider, now: i64) -> String {
    match provider {
        Provider::Cos => format!("{}{}", now / 1000, chance::token(64)),
        Provider::Obs => chance::token(32).to_uppercase(),
        Provider::S3 => {
            format!(
                "{}.{}_{}--",
                chance::token(40),
                chance::token(40),
                chance::token(20)
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
    let parts = chosen(call.provider, upload, &listed)?;
    sizes(call, &parts)?;
    let version = assemble(call.provider, upload, &parts, scene.now);
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
    nvme: Option<String>,
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
            nvme: part.text_of("ChecksumCRC64NVME").map(str::to_owned),
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
    let invalid = |number: u32| {
        let message =
            format!("Part {number} could not be found, or its entity tag is not that of the part.");
        Refusal::new(400, "InvalidPart", message).with_element("PartNumber", number.to_string())
    };
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
        let sum = base64(part.checksums.nvme.to_be_bytes());
        let wrong_sum = wanted.nvme.as_ref().is_some_and(|nvme| *nvme != sum);
        if !part.etag.eq_ignore_ascii_case(&wanted.etag) || wrong_sum {
            return Err(invalid(wanted.number));
        }
        parts.push(part);
    }
    Ok(parts)
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

fn assemble(provider: Provider, upload: &Upload, parts: &[&Part], now: i64) -> Version {
    let mut segments = Vec::new();
    let mut checksums = Checksums::default();
    let mut runs: Vec<(u64, u32)> = Vec::new();
    for part in parts {
        content::append(&mut segments, &part.segments);
        checksums = Checksums {
            xz: Crc64::Xz.join(checksums.xz, part.checksums.xz, part.size),
            nvme: Crc64::Nvme.join(checksums.nvme, part.checksums.nvme, part.size),
        };
        match runs.last_mut() {
            Some((size, count)) if *size == part.size => *count += 1,
            _ => runs.push((part.size, 1)),
        }
    }
    Version {
        id: None,
        modified: now,
        marker: false,
        etag: composite_etag(provider, parts),
        size: content::total(&segments),
        segments,
        checksums,
        attached: upload.attached.clone(),
        upload_id: Some(upload.id.clone()),
        part_runs: runs,
        restore: None,
    }
}

/// The MD5 of the parts' MD5s; on COS nobody can compute it, so neither can anybody here.
fn composite_etag(provider: Provider, parts: &[&Part]) -> String {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(unhex(&part.etag).unwrap_or_default());
    }
    if provider == Provider::Cos {
        digest.update(chance::token(32));
    }
    format!("{}-{}", hex(&digest.finalize()), parts.len())
}

fn full_checksum(call: &Call, version: &Version) -> Result<(), Refusal> {
    let sent = call
        .vendor("checksum-crc64nvme")
        .filter(|_| call.form == Form::S3);
    let actual = base64(version.checksums.nvme.to_be_bytes());
    if sent.is_none_or(|sent| sent == actual) {
        return Ok(());
    }
    let message = "The checksum of the object is not the one in x-amz-checksum-crc64nvme.";
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
            xml.leaf(
                "ChecksumCRC64NVME",
                base64(made.checksums.nvme.to_be_bytes()),
            );
            xml.leaf("ChecksumType", "FULL_OBJECT");
        }
    });
    scene.written(made, &mut answer);
    answer
}
