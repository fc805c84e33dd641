//! Faults as one line of text, for the command line and for tests.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Fault, FaultKind, Shape};
use crate::options::Provider;
use crate::percent;

/// The word of each kind, in the order of the documentation.
const KINDS: &str = "refuse, lose_answer, error_in_200, slow_down, stall, half_body, \
                     expired_token, source_changed, upload_gone, zombie, reset, redirect, garbled";

/// Why a line is not a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultSyntax {
    /// Fewer than two fields.
    #[error(
        "a fault is `Operation:kind[:count=N][:skip=N][:key=K][:provider=P]…`, but this is `{0}`"
    )]
    Shape(String),
    /// The second field is no kind.
    #[error("`{word}` is no kind of fault; use one of {KINDS}")]
    Kind {
        /// What was written.
        word: String,
    },
    /// A later field is not `name=value`, has an unknown name, or a value that does not fit.
    #[error("`{field}` does not fit a `{kind}` fault: {wanted}")]
    Field {
        /// The kind it was written for.
        kind: String,
        /// What was written.
        field: String,
        /// What would fit.
        wanted: &'static str,
    },
}

/// `UploadPartCopy:slow_down:count=3:skip=5`: the operation, the kind, then `name=value` fields in
/// any order.
///
/// Every kind takes `count` (default 1), `skip` (default 0), `key` and `provider` (`cos`, `obs`,
/// `s3`). A `key` is percent-decoded, so that `%3A` can stand for a colon. `refuse` takes `status`
/// (default 503) and `code` (default `ServiceUnavailable`); `error_in_200` takes `code` (default
/// `InternalError`); `slow_down` takes `secs` for its `Retry-After`; `stall` (default one hour) and
/// `zombie` (default five seconds) take `secs` or `millis`; `redirect` takes `status` (default 307) and `to`, scheme and host,
/// percent-decoded (default `http://storage.invalid`); `garbled` takes `status` (default 200) and
/// `shape` (default `html`).
impl FromStr for Fault {
    type Err = FaultSyntax;

    fn from_str(line: &str) -> Result<Self, FaultSyntax> {
        let mut fields = line.trim().split(':');
        let (Some(operation), Some(word)) = (fields.next(), fields.next()) else {
            return Err(FaultSyntax::Shape(line.to_owned()));
        };
        if operation.is_empty() {
            return Err(FaultSyntax::Shape(line.to_owned()));
        }
        let mut fault = Fault::new(operation, kind_named(word)?);
        for field in fields {
            set(&mut fault, word, field).map_err(|wanted| FaultSyntax::Field {
                kind: word.to_owned(),
                field: field.to_owned(),
                wanted,
            })?;
        }
        Ok(fault)
    }
}

fn kind_named(word: &str) -> Result<FaultKind, FaultSyntax> {
    Ok(match word {
        "refuse" => FaultKind::Refuse {
            status: 503,
            code: "ServiceUnavailable".to_owned(),
        },
        "lose_answer" => FaultKind::LoseAnswer,
        "error_in_200" => FaultKind::ErrorIn200 {
            code: "InternalError".to_owned(),
        },
        "slow_down" => FaultKind::SlowDown { retry_after: None },
        "stall" => FaultKind::Stall(Duration::from_secs(3600)),
        "half_body" => FaultKind::HalfBody,
        "expired_token" => FaultKind::ExpiredToken,
        "source_changed" => FaultKind::SourceChanged,
        "upload_gone" => FaultKind::UploadGone,
        "zombie" => FaultKind::Zombie(Duration::from_secs(5)),
        "reset" => FaultKind::Reset,
        "redirect" => FaultKind::Redirect {
            status: 307,
            to: "http://storage.invalid".to_owned(),
        },
        "garbled" => FaultKind::Garbled {
            status: 200,
            shape: Shape::Html,
        },
        _ => {
            return Err(FaultSyntax::Kind {
                word: word.to_owned(),
            });
        }
    })
}

fn set(fault: &mut Fault, word: &str, field: &str) -> Result<(), &'static str> {
    let (name, value) = field.split_once('=').ok_or("write name=value")?;
    match (name, &mut fault.kind) {
        ("count", _) => fault.count = whole(value)?,
        ("skip", _) => fault.skip = whole(value)?,
        ("key", _) => {
            fault.key = Some(percent::decode_text(value).ok_or("the key must be UTF-8")?);
        }
        ("provider", _) => {
            let known = Provider::ALL.into_iter().find(|p| p.word() == value);
            fault.provider = Some(known.ok_or("the provider is cos, obs or s3")?);
        }
        ("status", FaultKind::Refuse { status, .. }) => {
            *status = value
                .parse()
                .ok()
                .filter(|s| (300..600).contains(s))
                .ok_or("the status is a number from 300 to 599")?;
        }
        ("code", FaultKind::Refuse { code, .. } | FaultKind::ErrorIn200 { code }) => {
            value.clone_into(code);
        }
        ("status", FaultKind::Redirect { status, .. }) => {
            *status = value
                .parse()
                .ok()
                .filter(|s| (300..400).contains(s))
                .ok_or("the status is a number from 300 to 399")?;
        }
        ("to", FaultKind::Redirect { to, .. }) => {
            *to = percent::decode_text(value).ok_or("the place must be UTF-8")?;
        }
        ("status", FaultKind::Garbled { status, .. }) => {
            *status = value
                .parse()
                .ok()
                .filter(|s| (200..600).contains(s))
                .ok_or("the status is a number from 200 to 599")?;
        }
        ("shape", FaultKind::Garbled { shape, .. }) => {
            let known = Shape::ALL.into_iter().find(|shape| shape.word() == value);
            *shape = known.ok_or(
                "the shape is empty, blanks, html, unclosed, entities, not_utf8, huge or no_etag",
            )?;
        }
        ("secs", FaultKind::SlowDown { retry_after }) => {
            *retry_after = Some(Duration::from_secs(whole(value)?.into()));
        }
        ("secs", FaultKind::Stall(length) | FaultKind::Zombie(length)) => {
            *length = Duration::from_secs(whole(value)?.into());
        }
        ("millis", FaultKind::Stall(length) | FaultKind::Zombie(length)) => {
            *length = Duration::from_millis(whole(value)?.into());
        }
        _ => {
            return Err(match word {
                "refuse" => "refuse takes count, skip, key, provider, status and code",
                "error_in_200" => "error_in_200 takes count, skip, key, provider and code",
                "slow_down" => "slow_down takes count, skip, key, provider and secs",
                "redirect" => "redirect takes count, skip, key, provider, status and to",
                "garbled" => "garbled takes count, skip, key, provider, status and shape",
                "zombie" => "zombie takes count, skip, key, provider, secs and millis",
                "stall" => "stall takes count, skip, key, provider, secs and millis",
                _ => "it takes count, skip, key and provider",
            });
        }
    }
    Ok(())
}

fn whole(value: &str) -> Result<u32, &'static str> {
    value.parse().map_err(|_| "a whole number is wanted")
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.operation)?;
        match &self.kind {
            FaultKind::Refuse { status, code } => write!(f, "refuse:status={status}:code={code}")?,
            FaultKind::LoseAnswer => f.write_str("lose_answer")?,
            FaultKind::ErrorIn200 { code } => write!(f, "error_in_200:code={code}")?,
            FaultKind::SlowDown { retry_after: None } => f.write_str("slow_down")?,
            FaultKind::SlowDown {
                retry_after: Some(wait),
            } => write!(f, "slow_down:secs={}", wait.as_secs())?,
            FaultKind::Stall(length) => write!(f, "stall:millis={}", length.as_millis())?,
            FaultKind::Zombie(late) => write!(f, "zombie:millis={}", late.as_millis())?,
            FaultKind::HalfBody => f.write_str("half_body")?,
            FaultKind::ExpiredToken => f.write_str("expired_token")?,
            FaultKind::SourceChanged => f.write_str("source_changed")?,
            FaultKind::UploadGone => f.write_str("upload_gone")?,
            FaultKind::Reset => f.write_str("reset")?,
            FaultKind::Redirect { status, to } => {
                write!(f, "redirect:status={status}:to={}", percent::encode(to))?;
            }
            FaultKind::Garbled { status, shape } => {
                write!(f, "garbled:status={status}:shape={}", shape.word())?;
            }
        }
        write!(f, ":count={}:skip={}", self.count, self.skip)?;
        if let Some(provider) = self.provider {
            write!(f, ":provider={}", provider.word())?;
        }
        if let Some(key) = &self.key {
            write!(f, ":key={}", percent::encode(key))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_what_it_prints() {
        for line in [
            "UploadPartCopy:slow_down:count=3:skip=5",
            "UploadPartCopy:slow_down:secs=2",
            "CompleteMultipartUpload:lose_answer",
            "*:refuse:status=403:code=AccessDenied:provider=obs",
            "CopyObject:error_in_200:code=SlowDown:key=a%3Ab%2520c",
            "GetObject:stall:secs=9",
            "GetObject:stall:millis=250",
            "ListParts:half_body",
            "*:expired_token",
            "UploadPartCopy:source_changed",
            "UploadPartCopy:upload_gone",
            "*:reset",
            "*:redirect",
            "HeadBucket:redirect:status=301:to=http%3A%2F%2F127.0.0.1%3A9",
            "UploadPartCopy:garbled",
            "UploadPartCopy:garbled:status=502:shape=blanks",
        ] {
            let fault: Fault = line.parse().unwrap();
            assert_eq!(fault.to_string().parse::<Fault>().unwrap(), fault, "{line}");
        }
    }

    #[test]
    fn a_key_is_decoded_once() {
        let fault: Fault = "CopyObject:reset:key=a%3Ab%2520c".parse().unwrap();
        assert_eq!(fault.key.as_deref(), Some("a:b%20c"));
    }

    #[test]
    fn errors_name_the_field_and_what_would_fit() {
        let error = "UploadPart:explode"
            .parse::<Fault>()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`explode`") && error.contains("lose_answer"),
            "{error}"
        );
        let error = "UploadPart:reset:secs=3"
            .parse::<Fault>()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`secs=3`") && error.contains("count"),
            "{error}"
        );
        assert!("UploadPart".parse::<Fault>().is_err());
        assert!("*:refuse:status=99".parse::<Fault>().is_err());
        assert!("*:reset:count=many".parse::<Fault>().is_err());
    }
}
