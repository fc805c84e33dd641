use partway_domain::{Bucket, Key, VersionId};

use super::answer::Answer;
use super::{Operation, Target, Traits};
use crate::error::{RequestError, WireError};
use crate::time;
use crate::wire::{Method, Request, Response};

/// Asks for a readable copy of an archived object ("POST Object restore" on COS, "Restoring an
/// Archive or Deep Archive Object" on OBS, S3 `RestoreObject`).
///
/// It takes minutes to days; HEAD the object, a minute apart or more, and read
/// [`ObjectHead::restore_state`](super::ObjectHead::restore_state).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreObject {
    /// Bucket.
    pub bucket: Bucket,
    /// Key.
    pub key: Key,
    /// Version; `None` for the current one.
    pub version: Option<VersionId>,
    /// Days the copy stays, from 1 on; OBS allows 30.
    pub days: u32,
    /// How quickly; `None` is the provider's standard.
    pub tier: Option<RestoreTier>,
}

/// How quickly an archived object is brought back. Quicker costs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreTier {
    /// Minutes; not from the deepest archives.
    Expedited,
    /// Hours.
    Standard,
    /// Many hours; not on OBS.
    Bulk,
}

/// How a dialect asks for a restore.
#[derive(Debug, Clone, Copy)]
pub struct RestoreWords {
    /// The element around the tier.
    pub job: &'static str,
    /// The tiers there are.
    pub tiers: &'static [RestoreTier],
    /// Most days; `None` where the page names none.
    pub max_days: Option<u32>,
}

/// What a [`RestoreObject`] led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restoring {
    /// It has begun (202).
    Begun,
    /// It was restored already; only the days were changed (200).
    Restored,
    /// One was running already (409 `RestoreAlreadyInProgress`).
    UnderWay,
}

/// How far a restore is, out of `x-*-restore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreState {
    /// It runs.
    Ongoing,
    /// The copy can be read.
    Restored {
        /// Until this Unix millisecond, where the server says so readably.
        until_ms: Option<i64>,
    },
}

impl RestoreTier {
    /// The word in the request, the same with all three.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expedited => "Expedited",
            Self::Standard => "Standard",
            Self::Bulk => "Bulk",
        }
    }
}

impl RestoreState {
    /// Reads `ongoing-request="false", expiry-date="Wed, 7 Nov 2012 00:00:00 GMT"`; `None`
    /// for a text that says neither.
    pub fn parse(text: &str) -> Option<Self> {
        let quoted = |name: &str| {
            let (_, rest) = text.split_once(name)?;
            let rest = rest.trim_start().strip_prefix('=')?.trim_start();
            let (value, _) = rest.strip_prefix('"')?.split_once('"')?;
            Some(value.trim())
        };
        let ongoing = quoted("ongoing-request")?;
        if ongoing.eq_ignore_ascii_case("true") {
            Some(Self::Ongoing)
        } else if ongoing.eq_ignore_ascii_case("false") {
            let until_ms = quoted("expiry-date").and_then(time::parse_ms);
            Some(Self::Restored { until_ms })
        } else {
            None
        }
    }
}

impl Operation for RestoreObject {
    type Output = Restoring;
    const NAME: &'static str = "RestoreObject";

    fn subject(&self) -> (Option<&Bucket>, Option<&Key>) {
        (Some(&self.bucket), Some(&self.key))
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn request(&self, target: Target<'_>) -> Result<Request, RequestError> {
        let words = target.dialect.restore_words();
        let provider = target.dialect.provider();
        let refuse = |what: String, reason: String| Err(RequestError::Refused { what, reason });
        let most = words.max_days.unwrap_or(u32::MAX);
        if !(1..=most).contains(&self.days) {
            let allowed = match words.max_days {
                Some(most) => format!("{provider} allows 1 to {most}"),
                None => "it takes at least one".to_owned(),
            };
            return refuse(format!("a restore for {} days", self.days), allowed);
        }
        let job = match self.tier {
            None => String::new(),
            Some(tier) if words.tiers.contains(&tier) => {
                let (job, tier) = (words.job, tier.as_str());
                format!("<{job}><Tier>{tier}</Tier></{job}>")
            }
            Some(tier) => {
                let offered: Vec<_> = words.tiers.iter().map(|tier| tier.as_str()).collect();
                return refuse(
                    format!("a restore as {}", tier.as_str()),
                    format!("{provider} has {}", offered.join(", ")),
                );
            }
        };
        Ok(target
            .object_request(Method::Post, &self.bucket, &self.key)?
            .with_subresource("restore")
            .of_version(self.version.as_ref())
            .with_xml(format!(
                "<RestoreRequest><Days>{}</Days>{job}</RestoreRequest>",
                self.days
            )))
    }

    fn response(&self, target: Target<'_>, response: &Response) -> Result<Restoring, WireError> {
        match response.status {
            202 => Ok(Restoring::Begun),
            200 => Ok(Restoring::Restored),
            _ => {
                let answer = Answer::changing(Self::NAME, target, response);
                let error = answer.refused();
                match error.code.as_deref() {
                    Some("RestoreAlreadyInProgress") => Ok(Restoring::UnderWay),
                    _ => Err(error),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_restore_is() {
        let parse = RestoreState::parse;
        assert_eq!(
            parse("ongoing-request=\"true\""),
            Some(RestoreState::Ongoing)
        );
        let until_ms = Some(1_352_246_400_000);
        for text in [
            "ongoing-request=\"false\", expiry-date=\"Wed, 7 Nov 2012 00:00:00 GMT\"",
            "expiry-date = \"Wed, 07 Nov 2012 00:00:00 GMT\",ongoing-request = \"FALSE\"",
            "ongoing-request=\"false\", expiry-date=\"2012-11-07T00:00:00.000Z\"",
        ] {
            assert_eq!(
                parse(text),
                Some(RestoreState::Restored { until_ms }),
                "{text}"
            );
        }
        let unknown = "ongoing-request=\"false\", expiry-date=\"soon\"";
        assert_eq!(
            parse(unknown),
            Some(RestoreState::Restored { until_ms: None })
        );
        for text in [
            "",
            "ongoing-request",
            "ongoing-request=\"perhaps\"",
            "ongoing-request=\"",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
