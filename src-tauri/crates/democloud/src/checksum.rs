//! The additional checksums of S3: in headers, in trailers, in the elements of a part.

use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::call::{Call, Form};
use crate::content::{Library, Segment, total};
use crate::crc::Crc;
use crate::refusal::Refusal;
use crate::store::object::Part;
use crate::text::{base64, unbase64};

/// The longest object that is hashed byte by byte; the CRCs need no bytes.
const LONGEST_HASHED: u64 = 64 << 20;

/// An algorithm by its name in `x-amz-checksum-algorithm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// Of what a multipart object's checksum is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kind {
    /// Of all bytes.
    FullObject,
    /// Of the parts' checksums, with `-N` behind it.
    Composite,
}

/// The checksum an object shows to those who ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) algorithm: Algorithm,
    pub(crate) kind: Kind,
    /// Base64, with `-N` for a composite one.
    pub(crate) value: String,
}

impl Kind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Kind::FullObject => "FULL_OBJECT",
            Kind::Composite => "COMPOSITE",
        }
    }
}

impl Algorithm {
    pub(crate) const ALL: [Algorithm; 5] = [
        Algorithm::Crc32,
        Algorithm::Crc32c,
        Algorithm::Crc64Nvme,
        Algorithm::Sha1,
        Algorithm::Sha256,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Algorithm::Crc32 => "CRC32",
            Algorithm::Crc32c => "CRC32C",
            Algorithm::Crc64Nvme => "CRC64NVME",
            Algorithm::Sha1 => "SHA1",
            Algorithm::Sha256 => "SHA256",
        }
    }

    /// `x-amz-checksum-crc32` and its kin.
    pub(crate) fn header(self) -> String {
        format!("x-amz-checksum-{}", self.word().to_ascii_lowercase())
    }

    /// `ChecksumCRC32` and its kin.
    pub(crate) fn element(self) -> String {
        format!("Checksum{}", self.word())
    }

    /// What `x-amz-checksum-algorithm` names, on S3 only.
    pub(crate) fn asked(call: &Call) -> Result<Option<Algorithm>, Refusal> {
        let sent = call.vendor("checksum-algorithm");
        let Some(word) = sent.filter(|_| call.form == Form::S3) else {
            return Ok(None);
        };
        let known = Algorithm::ALL.into_iter().find(|one| one.word() == word);
        known.map(Some).ok_or_else(|| {
            let message = format!("Checksum algorithm {word} is not known here.");
            Refusal::invalid_request(message)
        })
    }

    /// The kind that a multipart upload gets, checked against the one that was asked for.
    pub(crate) fn kind(self, asked: Option<&str>) -> Result<Kind, Refusal> {
        let fits = match (self, asked) {
            (Algorithm::Crc64Nvme, None | Some("FULL_OBJECT"))
            | (Algorithm::Crc32 | Algorithm::Crc32c, Some("FULL_OBJECT")) => Kind::FullObject,
            (Algorithm::Crc64Nvme, Some(_)) | (_, Some("FULL_OBJECT")) => {
                let message = format!("{} has no checksum of this type.", self.word());
                return Err(Refusal::invalid_request(message));
            }
            (_, None | Some("COMPOSITE")) => Kind::Composite,
            (_, Some(_)) => {
                let message = "x-amz-checksum-type is COMPOSITE or FULL_OBJECT.";
                return Err(Refusal::invalid_request(message));
            }
        };
        Ok(fits)
    }

    fn crc(self) -> Option<Crc> {
        match self {
            Algorithm::Crc32 => Some(Crc::Ieee),
            Algorithm::Crc32c => Some(Crc::Castagnoli),
            Algorithm::Crc64Nvme => Some(Crc::Nvme),
            Algorithm::Sha1 | Algorithm::Sha256 => None,
        }
    }

    fn bytes_of(self, crc: u64) -> Vec<u8> {
        let bytes = crc.to_be_bytes();
        match self {
            Algorithm::Crc64Nvme => bytes.to_vec(),
            _ => bytes[4..].to_vec(),
        }
    }

    /// The raw checksum of bytes at hand.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match (self, self.crc()) {
            (_, Some(crc)) => self.bytes_of(crc.of(bytes)),
            (Algorithm::Sha1, None) => Sha1::digest(bytes).to_vec(),
            (_, None) => Sha256::digest(bytes).to_vec(),
        }
    }

    /// The raw checksum of content. A CRC takes no time; a hash of more than 64 MiB is refused.
    pub(crate) fn of_content(
        self,
        segments: &[Segment],
        library: &Library,
    ) -> Result<Vec<u8>, Refusal> {
        match self.crc() {
            Some(crc) => Ok(self.bytes_of(library.crc(crc, segments)?)),
            None if total(segments) <= LONGEST_HASHED => Ok(self.of(&library.all(segments)?)),
            None => {
                let what = format!("{} of more than 64 MiB", self.word());
                Err(Refusal::not_implemented(&what))
            }
        }
    }

    /// The raw checksum of a part, which knows its CRC-64/NVME.
    pub(crate) fn of_part(self, part: &Part, library: &Library) -> Result<Vec<u8>, Refusal> {
        match self {
            Algorithm::Crc64Nvme => Ok(self.bytes_of(part.checksums.nvme)),
            _ => self.of_content(&part.segments, library),
        }
    }

    /// The checksum of an upload, from the raw checksums of its parts or from all content.
    pub(crate) fn of_upload(
        self,
        kind: Kind,
        parts: &[&[Segment]],
        whole: &[Segment],
        library: &Library,
    ) -> Result<Shown, Refusal> {
        let value = match kind {
            Kind::FullObject => base64(self.of_content(whole, library)?),
            Kind::Composite => {
                let mut sums = Vec::new();
                for part in parts {
                    sums.extend(self.of_content(part, library)?);
                }
                format!("{}-{}", base64(self.of(&sums)), parts.len())
            }
        };
        Ok(Shown {
            algorithm: self,
            kind,
            value,
        })
    }
}

/// Checks the checksum that came with a body, in a header or in a trailer; the one that fits, if
/// there was one.
pub(crate) fn of_body(call: &Call) -> Result<Option<Shown>, Refusal> {
    if call.form != Form::S3 {
        return Ok(None);
    }
    let mut found = None;
    for algorithm in Algorithm::ALL {
        let name = algorithm.header();
        let trailer = call.trailers.iter().find(|(n, _)| *n == name);
        let sent = call
            .header(&name)
            .or_else(|| trailer.map(|(_, v)| v.clone()));
        let Some(sent) = sent else { continue };
        if found.is_some() {
            let message = "Expecting a single x-amz-checksum- header.";
            return Err(Refusal::invalid_request(message));
        }
        let actual = algorithm.of(&call.body);
        let bytes = unbase64(&sent).filter(|bytes| bytes.len() == actual.len());
        let Some(bytes) = bytes else {
            let message = format!("Value for {name} header is invalid.");
            return Err(Refusal::invalid_request(message));
        };
        if bytes != actual {
            let message = format!(
                "The {} you specified did not match the calculated checksum.",
                algorithm.word()
            );
            return Err(Refusal::new(400, "BadDigest", message));
        }
        found = Some(Shown {
            algorithm,
            kind: Kind::FullObject,
            value: sent,
        });
    }
    announced(call)?;
    Ok(found)
}

/// Every trailer that was announced must have come.
fn announced(call: &Call) -> Result<(), Refusal> {
    let names = call.header("x-amz-trailer").unwrap_or_default();
    let missing = names
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .find(|name| !name.is_empty() && !call.trailers.iter().any(|(n, _)| n == name));
    match missing {
        None => Ok(()),
        Some(name) => {
            let message = format!("The trailer {name} was announced and did not come.");
            Err(Refusal::new(400, "MalformedTrailerError", message))
        }
    }
}
