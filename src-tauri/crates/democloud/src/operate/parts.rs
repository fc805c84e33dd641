//! Parts of an open upload: `UploadPart`, `UploadPartCopy`, `ListParts`.

use std::ops::Bound;

use super::copy::{copy_time, readable};
use super::{LARGEST_COPY, Scene, attach, encryption, quoted};
use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::checksum::{self, Algorithm};
use crate::content;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::seed::OWNER;
use crate::store::encryption::Encryption;
use crate::store::object::{Part, Upload};
use crate::text::{base64, iso};

/// The part a request speaks of: the upload must be there, the number fit.
fn addressed<'a>(scene: &Scene<'a>) -> Result<(&'a str, &'a str, &'a str, u32), Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let number = call
        .param("partNumber")
        .and_then(part_number)
        .ok_or_else(|| Refusal::invalid_argument("partNumber is a number from 1 to 10000."))?;
    let id = call.param("uploadId").unwrap_or_default();
    scene.upload(bucket, key, id)?;
    Ok((bucket, key, id, number))
}

fn part_number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let number = plain.then(|| text.parse().ok())??;
    (1..=10_000).contains(&number).then_some(number)
}

impl Scene<'_> {
    /// The `ETag` of a part with these bytes.
    fn part_tag(&self, kept: &Encryption, plain: String) -> String {
        let fresh = self.switches.fresh_part_tags && !kept.hides_md5();
        let plain = if fresh { self.chance.token(32) } else { plain };
        encryption::etag(kept, plain, self.chance)
    }

    /// An upload that the requester may go on with.
    pub(super) fn upload(&self, bucket: &str, key: &str, id: &str) -> Result<&Upload, Refusal> {
        let upload = self.store.upload(bucket, key, id);
        let upload = upload.ok_or_else(Refusal::no_such_upload)?;
        if self.call.provider == Provider::Obs && upload.temporary != self.call.temporary {
            let message = "Only the user who began an upload may go on with it.";
            return Err(Refusal::access_denied(message));
        }
        Ok(upload)
    }
}

/// `UploadPart`: real bytes.
pub(super) fn upload(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key, id, number) = addressed(scene)?;
    let kept = scene.upload(bucket, key, id)?.attached.encryption.clone();
    encryption::unlock_part(call, &kept)?;
    let stored = scene.stored.take().ok_or_else(Refusal::malformed_xml)?;
    let part = Part {
        number,
        size: content::total(&stored.segments),
        etag: scene.part_tag(&kept, stored.etag),
        segments: stored.segments,
        checksums: stored.checksums,
        modified: scene.now,
    };
    let mut answer = Answer::empty(200).with("etag", quoted(&part.etag));
    match call.form {
        Form::Cos => answer.header("x-cos-hash-crc64ecma", part.checksums.xz.to_string()),
        Form::S3 => {
            let algorithm = match checksum::of_body(call)? {
                Some(sent) => sent.algorithm,
                None => part_algorithm(scene.upload(bucket, key, id)?),
            };
            answer.header(algorithm.header(), base64(algorithm.of(&call.body)));
        }
        Form::Obs | Form::ObsAmz => {}
    }
    answer.headers.extend(encryption::headers(call, &kept));
    keep(scene, bucket, key, id, part)?;
    Ok(answer)
}

fn keep(
    scene: &mut Scene<'_>,
    bucket: &str,
    key: &str,
    id: &str,
    part: Part,
) -> Result<(), Refusal> {
    if scene.store.put_part(bucket, key, id, part)? {
        Ok(())
    } else {
        Err(Refusal::no_such_upload())
    }
}

/// S3 gives every part a checksum: that of the upload, or CRC-64/NVME.
fn part_algorithm(upload: &Upload) -> Algorithm {
    upload.checksum_algorithm.unwrap_or(Algorithm::Crc64Nvme)
}

/// Headers of a Create that a part copy has no use for. They are refused, so that nobody believes
/// they had an effect; a switch makes the server ignore them.
const USELESS: &[&str] = &[
    "storage-class",
    "acl",
    "grant-read",
    "grant-read-acp",
    "grant-write",
    "grant-write-acp",
    "grant-full-control",
    "metadata-directive",
    "server-side-encryption",
    "tagging",
    "tagging-directive",
    "website-redirect-location",
];

/// The first header of a part copy that belongs on the Create.
fn useless(call: &Call) -> Option<String> {
    if call.switches.lenient_part_copy {
        return None;
    }
    let prefix = call.form.prefix();
    let known = |name: &str| USELESS.contains(&name) || name.starts_with("meta-");
    let mut names = call.headers.keys().map(http::HeaderName::as_str);
    let name = names.find(|name| name.strip_prefix(prefix).is_some_and(known))?;
    Some(name.to_owned())
}

/// `UploadPartCopy`.
pub(super) fn copy(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key, id, number) = addressed(scene)?;
    if let Some(name) = useless(call) {
        let message = format!("A part copy takes no {name}.");
        return Err(Refusal::invalid_argument(message));
    }
    let kept = scene.upload(bucket, key, id)?.attached.encryption.clone();
    encryption::unlock_part(call, &kept)?;
    let from = readable(scene)?;
    let segments = from.range(call)?;
    let size = content::total(&segments);
    debug_assert!(size <= LARGEST_COPY);
    let part = Part {
        number,
        size,
        etag: scene.part_tag(&kept, scene.library.etag(&segments)?),
        checksums: scene.library.checksums(&segments)?,
        segments,
        modified: scene.now,
    };
    let sum = match call.form {
        Form::S3 => {
            let algorithm = part_algorithm(scene.upload(bucket, key, id)?);
            let bytes = algorithm.of_part(&part, scene.library)?;
            Some((algorithm.element(), base64(bytes)))
        }
        Form::Cos | Form::Obs | Form::ObsAmz => None,
    };
    let mut answer = result(scene, &part, sum);
    from.headers(call, &mut answer);
    answer.headers.extend(encryption::headers(call, &kept));
    keep(scene, bucket, key, id, part)?;
    Ok(answer)
}

fn result(scene: &Scene<'_>, part: &Part, sum: Option<(String, String)>) -> Answer {
    let form = scene.call.form;
    let time = copy_time(form, part.modified);
    if scene.switches.bare_part_result {
        let etag = &part.etag;
        let mut answer = Answer::empty(200);
        answer.set_text(format!(
            "<ETag>\"{etag}\"</ETag>\n<LastModified>{time}</LastModified>\n"
        ));
        return answer;
    }
    Answer::xml(scene.call, "CopyPartResult", |xml| match form {
        Form::Cos => {
            xml.leaf("ETag", quoted(&part.etag));
            xml.leaf("LastModified", time);
            xml.leaf("CRC64", part.checksums.xz.to_string());
        }
        Form::Obs | Form::ObsAmz | Form::S3 => {
            xml.leaf("LastModified", time);
            xml.leaf("ETag", quoted(&part.etag));
            if let Some((element, sum)) = sum {
                xml.leaf(&element, sum);
            }
        }
    })
}

/// `ListParts`, at most 1,000 to a page.
pub(super) fn list(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let upload = scene.upload(bucket, key, call.param("uploadId").unwrap_or_default())?;
    let largest = call.switches.parts_page.map_or(1000, |page| page as usize);
    let limit = number(call, "max-parts", largest)?.min(largest);
    let marker = number(call, "part-number-marker", 0)?;
    let after = u32::try_from(marker).unwrap_or(u32::MAX);
    let mut rest = upload
        .parts
        .range((Bound::Excluded(after), Bound::Unbounded));
    let page: Vec<&Part> = rest.by_ref().take(limit).map(|(_, part)| part).collect();
    let truncated = limit > 0 && rest.next().is_some();
    let mut sums = page
        .iter()
        .map(|part| {
            let Some(algorithm) = upload.checksum_algorithm else {
                return Ok(None);
            };
            let bytes = algorithm.of_part(part, scene.library)?;
            Ok(Some((algorithm.element(), base64(bytes))))
        })
        .collect::<Result<Vec<_>, Refusal>>()?
        .into_iter();
    let encoded = call.form == Form::Cos && call.param("encoding-type") == Some("url");
    Ok(Answer::xml(call, "ListPartsResult", |xml| {
        xml.leaf("Bucket", bucket);
        if encoded {
            // One of the spellings that the pages have for this element.
            xml.leaf("Encoding-type", "url");
            xml.leaf("Key", crate::percent::encode_path(key));
        } else {
            xml.leaf("Key", key);
        }
        xml.leaf("UploadId", &upload.id);
        for (who, id) in [("Initiator", upload.initiator()), ("Owner", OWNER)] {
            xml.nest(who, |xml| {
                xml.leaf("ID", id);
                xml.leaf("DisplayName", id);
            });
        }
        xml.leaf(
            "StorageClass",
            attach::class_name(call.form, upload.attached.class()),
        );
        xml.leaf("PartNumberMarker", after.to_string());
        if let (true, Some(last)) = (truncated, page.last()) {
            xml.leaf("NextPartNumberMarker", last.number.to_string());
        }
        xml.leaf("MaxParts", limit.to_string());
        if let (Some(algorithm), Some(kind)) = (upload.checksum_algorithm, upload.checksum_kind) {
            xml.leaf("ChecksumAlgorithm", algorithm.word());
            xml.leaf("ChecksumType", kind.word());
        }
        xml.leaf("IsTruncated", truncated.to_string());
        for part in page {
            xml.nest("Part", |xml| {
                xml.leaf("PartNumber", part.number.to_string());
                xml.leaf("LastModified", iso(part.modified));
                xml.leaf("ETag", quoted(&part.etag));
                xml.leaf("Size", part.size.to_string());
                if let Some((element, sum)) = sums.next().flatten() {
                    xml.leaf(&element, sum);
                }
            });
        }
    }))
}

/// A whole number that is not negative.
pub(super) fn number(call: &Call, name: &str, default: usize) -> Result<usize, Refusal> {
    match call.param(name).filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| {
            Refusal::invalid_argument(format!("{name} is a whole number that is not negative."))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_numbers_are_plain_and_in_range() {
        assert_eq!(part_number("1"), Some(1));
        assert_eq!(part_number("10000"), Some(10_000));
        for wrong in ["", "0", "01", "10001", "-1", "+1", "1.0", "a"] {
            assert_eq!(part_number(wrong), None, "{wrong}");
        }
    }
}
