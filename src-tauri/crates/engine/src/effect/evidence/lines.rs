//! The single comparisons behind a judgement. Pure.

use partway_domain::{Compared, Comparison, DialectName, Method};
use partway_protocol::op::ObjectHead;

use super::{Expected, composite, is_md5};
use crate::effect::pin::checksum;

const SOURCE: &str = "HeadObject of the source";
const DESTINATION: &str = "HeadObject of the destination";
const PARTS: &str = "UploadPartCopy and ListParts answers";

/// Everything that can be compared, size first. What the server does not tell is left out,
/// except where its silence is what makes the verdict weak.
pub(crate) fn compare(
    expected: Expected<'_>,
    head: &ObjectHead,
    request_id: Option<&str>,
) -> Vec<Comparison> {
    let pin = expected.pin;
    let line = |compared, expected: String, from: &str, found: Option<String>| Comparison {
        compared,
        expected,
        expected_from: from.to_owned(),
        found,
        found_from: DESTINATION.to_owned(),
        request_id: request_id.map(str::to_owned),
    };
    let mut lines = vec![line(
        Compared::Size,
        pin.size.to_string(),
        SOURCE,
        Some(head.size.to_string()),
    )];
    lines.extend(by_checksum(expected, head, &line));
    match pin.plan.method {
        Method::Single => {
            if is_md5(&pin.etag) {
                let found = is_md5(&head.etag).then(|| head.etag.to_string());
                lines.push(line(
                    Compared::PlainEtag,
                    pin.etag.to_string(),
                    SOURCE,
                    found,
                ));
            }
        }
        Method::Multipart => {
            lines.push(Comparison {
                found_from: PARTS.to_owned(),
                request_id: None,
                ..line(
                    Compared::PartTable,
                    format!("{} parts of {} bytes", pin.plan.parts, pin.plan.part_size),
                    "the plan over the pinned size",
                    Some(format!(
                        "{} parts of {} bytes",
                        expected.parts.len(),
                        pin.plan.part_size
                    )),
                )
            });
            let obs = matches!(expected.dialect, DialectName::Obs | DialectName::ObsV2);
            if let (true, Some(ours)) = (obs, expected.upload) {
                let theirs = head.upload_id.as_ref().map(ToString::to_string);
                let from = "CreateMultipartUpload";
                lines.push(line(Compared::UploadId, ours.to_string(), from, theirs));
            }
            if expected.dialect != DialectName::Cos
                && let Some(rule) = composite(expected.parts.values())
                && head.etag.part_count().is_some()
            {
                let found = Some(head.etag.to_string());
                lines.push(line(
                    Compared::CompositeEtag,
                    rule.to_string(),
                    PARTS,
                    found,
                ));
            }
        }
    }
    lines
}

fn by_checksum(
    expected: Expected<'_>,
    head: &ObjectHead,
    line: &impl Fn(Compared, String, &str, Option<String>) -> Comparison,
) -> Option<Comparison> {
    let (kind, ours) = expected.pin.checksum.as_ref()?.split_once(':')?;
    let compared = match kind {
        "crc64xz" => Compared::Crc64Xz,
        _ => Compared::Crc64Nvme,
    };
    let theirs = checksum(head).and_then(|sum| {
        let (their_kind, value) = sum.split_once(':')?;
        (their_kind == kind).then(|| value.to_owned())
    });
    Some(line(compared, ours.to_owned(), SOURCE, theirs))
}
