//! Whether an object at the destination is what the copy was to make. Pure.
//!
//! | dialect | compared, strongest first                                                  |
//! |---------|----------------------------------------------------------------------------|
//! | all     | size: a difference ends the question                                       |
//! | COS     | CRC-64/XZ of both HEADs; its composite `ETag` follows no known rule        |
//! | OBS     | the upload id of the HEAD is ours; without one, an `ETag` that agrees      |
//! | S3      | CRC-64/NVME of both HEADs; else the `ETag` rule: MD5 over the parts' MD5s  |
//! | single  | the same checksums; else equal plain `ETag`s                               |

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use partway_domain::{DialectName, ETag, Method, PartNumber, UploadId};
use partway_journal::table::transfer::Pin;
use partway_protocol::op::ObjectHead;

use super::pin::checksum;

/// What the comparison came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Proven equal; the evidence.
    Same(String),
    /// Nothing stronger than the size could be compared; why.
    SizeOnly(String),
    /// Another object; what differs.
    Different(String),
}

/// Everything known about what the object should be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) dialect: DialectName,
    pub(crate) pin: &'a Pin,
    pub(crate) upload: Option<&'a UploadId>,
    pub(crate) parts: &'a BTreeMap<PartNumber, ETag>,
    /// The upload is one a person chose: its parts may have come from anywhere, and only a
    /// checksum of the whole shows what they are.
    pub(crate) adopted: bool,
}

pub(crate) fn judge(expected: Expected<'_>, head: &ObjectHead) -> Judgement {
    let pin = expected.pin;
    if head.size != pin.size {
        return Judgement::Different(format!(
            "the destination has {} bytes, the source {}",
            head.size, pin.size
        ));
    }
    if let Some(judgement) = by_checksum(pin, head) {
        return judgement;
    }
    if expected.adopted {
        return Judgement::SizeOnly(
            "size; the upload was adopted, and what its parts were copied from is not known"
                .to_owned(),
        );
    }
    match (pin.plan.method, expected.dialect) {
        (Method::Single, _) => by_plain_etag(pin, head),
        (Method::Multipart, DialectName::Obs | DialectName::ObsV2) => by_upload_id(expected, head),
        (Method::Multipart, DialectName::S3) => by_etag_rule(expected, head),
        (Method::Multipart, DialectName::Cos) => Judgement::SizeOnly(
            "size; the provider gave no checksum of both objects to compare".to_owned(),
        ),
    }
}

fn by_checksum(pin: &Pin, head: &ObjectHead) -> Option<Judgement> {
    let (ours, theirs) = (pin.checksum.as_ref()?, checksum(head)?);
    let (ours_kind, ours_value) = ours.split_once(':')?;
    let (theirs_kind, theirs_value) = theirs.split_once(':')?;
    if ours_kind != theirs_kind {
        return None;
    }
    let name = match ours_kind {
        "crc64xz" => "CRC-64/XZ",
        _ => "CRC-64/NVME",
    };
    Some(if ours_value == theirs_value {
        Judgement::Same(format!("size and {name} of both objects' HEAD"))
    } else {
        Judgement::Different(format!(
            "{name} of the destination is {theirs_value}, of the source {ours_value}"
        ))
    })
}

fn by_plain_etag(pin: &Pin, head: &ObjectHead) -> Judgement {
    if is_md5(&pin.etag) && pin.etag == head.etag {
        return Judgement::Same("size and ETag of both objects' HEAD".to_owned());
    }
    // Two plain tags that differ prove nothing: encryption by the server changes them too,
    // and a HEAD does not always show it.
    Judgement::SizeOnly("size; the two ETags follow different rules".to_owned())
}

fn by_upload_id(expected: Expected<'_>, head: &ObjectHead) -> Judgement {
    match (&head.upload_id, expected.upload) {
        (Some(theirs), Some(ours)) if theirs == ours => Judgement::Same(format!(
            "size and upload id of HEAD, over a table of {} parts",
            expected.pin.plan.parts
        )),
        (Some(_), Some(_)) => {
            Judgement::Different("another upload made the object at the destination".to_owned())
        }
        // Others who speak this dialect may not name it. A tag by the rule is proof enough; any
        // other proves nothing, for OBS's own samples do not follow the rule it states.
        _ => match by_etag_rule(expected, head) {
            Judgement::Same(evidence) => Judgement::Same(evidence),
            _ => Judgement::SizeOnly("size; HEAD did not name the upload".to_owned()),
        },
    }
}

fn by_etag_rule(expected: Expected<'_>, head: &ObjectHead) -> Judgement {
    let parts = expected.pin.plan.parts;
    if expected.parts.len() != parts as usize {
        return Judgement::SizeOnly("size; the parts' ETags are not all known".to_owned());
    }
    if let Some(count) = head.etag.part_count()
        && count != parts
    {
        return Judgement::Different(format!(
            "the destination was made of {count} parts, not of {parts}"
        ));
    }
    match composite(expected.parts.values()) {
        Some(rule) if rule == head.etag => {
            Judgement::Same(format!("size and ETag rule over {parts} part ETags"))
        }
        Some(rule) if head.etag.part_count().is_some() && head.not_carried.is_empty() => {
            Judgement::Different(format!("the ETag is {}, the parts make {rule}", head.etag))
        }
        _ => Judgement::SizeOnly("size; the ETag does not follow the rule of MD5s".to_owned()),
    }
}

/// The composite tag: MD5 over the binary MD5s of the parts, a dash, their number. `None`
/// if a part's tag is no MD5.
pub(crate) fn composite<'a>(parts: impl ExactSizeIterator<Item = &'a ETag>) -> Option<ETag> {
    let count = parts.len();
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(binary(part)?);
    }
    let digest = u128::from_be_bytes(md5.finalize().into());
    ETag::parse(&format!("{digest:032x}-{count}"))
}

pub(super) fn is_md5(etag: &ETag) -> bool {
    binary(etag).is_some()
}

fn binary(etag: &ETag) -> Option<[u8; 16]> {
    let text = etag.as_str();
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 16];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

mod lines;

pub(crate) use lines::compare;

#[cfg(test)]
mod tests;
