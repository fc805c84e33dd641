//! Conditions on the source of a copy. A failing one is answered with 412, whichever it was.

use partway_domain::ETag;

use super::Target;
use super::properties::check_value;
use crate::error::RequestError;
use crate::sign::time;
use crate::wire::Request;

/// What must hold of a copy's source (`copy-source-if-*`).
///
/// Only pairs that all three providers take can be written down: "still this one" and "not
/// that one any more". Their headers always have the `copy-source-` prefix; without it they
/// would speak of the destination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Conditions {
    /// None.
    #[default]
    None,
    /// The source is still this one.
    Unchanged {
        /// It has this tag (`if-match`).
        etag: Option<ETag>,
        /// It was not modified after this Unix second (`if-unmodified-since`).
        since: Option<i64>,
    },
    /// The source is another one by now.
    Changed {
        /// It has not this tag (`if-none-match`).
        etag: Option<ETag>,
        /// It was modified after this Unix second (`if-modified-since`). OBS ignores a time in
        /// the future.
        since: Option<i64>,
    },
}

/// Conditions as someone names them, before it is known whether they go together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedConditions {
    /// `if-match`.
    pub matches: Option<ETag>,
    /// `if-none-match`.
    pub none_match: Option<ETag>,
    /// `if-modified-since`, Unix seconds.
    pub modified_since: Option<i64>,
    /// `if-unmodified-since`, Unix seconds.
    pub unmodified_since: Option<i64>,
}

impl Conditions {
    /// The one condition that pins a source.
    pub fn matching(etag: ETag) -> Self {
        Self::Unchanged {
            etag: Some(etag),
            since: None,
        }
    }

    /// Only the legal pairs; anything else is refused and named.
    pub fn of(named: NamedConditions) -> Result<Self, RequestError> {
        let unchanged = named.matches.is_some() || named.unmodified_since.is_some();
        let changed = named.none_match.is_some() || named.modified_since.is_some();
        if unchanged && changed {
            let rows = [
                (named.matches.is_some(), "if-match"),
                (named.unmodified_since.is_some(), "if-unmodified-since"),
                (named.none_match.is_some(), "if-none-match"),
                (named.modified_since.is_some(), "if-modified-since"),
            ];
            let words: Vec<&str> = rows
                .iter()
                .filter(|(is_given, _)| *is_given)
                .map(|(_, name)| *name)
                .collect();
            return Err(RequestError::Refused {
                what: format!("asking for {} of one source", words.join(" and ")),
                reason: "if-match goes with if-unmodified-since only, and if-none-match with \
                         if-modified-since only"
                    .to_owned(),
            });
        }
        Ok(if unchanged {
            Self::Unchanged {
                etag: named.matches,
                since: named.unmodified_since,
            }
        } else if changed {
            Self::Changed {
                etag: named.none_match,
                since: named.modified_since,
            }
        } else {
            Self::None
        })
    }

    pub(super) fn write(
        &self,
        target: Target<'_>,
        request: Request,
    ) -> Result<Request, RequestError> {
        let (by_tag, by_time, etag, since) = match self {
            Self::None => return Ok(request),
            Self::Unchanged { etag, since } => ("match", "unmodified-since", etag, since),
            Self::Changed { etag, since } => ("none-match", "modified-since", etag, since),
        };
        let mut request = request;
        if let Some(etag) = etag {
            check_value("the source's ETag", etag.as_str())?;
            let name = target.vendor(&format!("copy-source-if-{by_tag}"));
            request = request.with_header(name, etag.quoted());
        }
        if let Some(since) = since {
            let date = time::rfc1123(*since).map_err(|error| RequestError::Refused {
                what: "the time of a condition".to_owned(),
                reason: error.0,
            })?;
            let name = target.vendor(&format!("copy-source-if-{by_time}"));
            request = request.with_header(name, date);
        }
        Ok(request)
    }
}
