//! What the lists of objects, versions and uploads have in common: names that may be encoded.

use partway_domain::Prefix;

use super::Target;
use super::answer::Answer;
use crate::error::WireError;
use crate::wire::Response;
use crate::xml::{self, Element, XmlError};

/// Whether a list came that is no XML, most likely because of a name in it. Asking for encoded
/// names in any other case is no help: one kind of bucket then sends the same page for ever,
/// and one that was cut off is cut off again.
pub(super) fn is_ill_formed(response: &Response) -> bool {
    let whole = response.body.trim_ascii_end().ends_with(b"Result>");
    let parsed = || xml::parse(&response.body, xml::LIST);
    response.status == 200 && whole && matches!(parsed(), Err(XmlError::IllFormed(_)))
}

/// A listing and how its names are encoded.
pub(super) struct Listing<'a> {
    target: Target<'a>,
    pub(super) result: &'a Element,
    encoded: bool,
}

impl<'a> Listing<'a> {
    /// Names are decoded only when the answer says that they are encoded: not every server
    /// that is asked to does so.
    pub(super) fn of(target: Target<'a>, result: &'a Element) -> Self {
        let encoded = result
            .value("EncodingType")
            .is_some_and(|how| how.eq_ignore_ascii_case("url"));
        Self {
            target,
            result,
            encoded,
        }
    }

    /// A name as the server means it.
    pub(super) fn decode(&self, name: &str) -> Option<String> {
        if self.encoded {
            self.target.dialect.decode_listed(name)
        } else {
            Some(name.to_owned())
        }
    }

    /// All of `CommonPrefixes`, whether one each or several together, also as a client of one
    /// vendor spells it.
    pub(super) fn prefixes(&self, answer: &Answer<'_>) -> Result<Vec<Prefix>, WireError> {
        self.result
            .children
            .iter()
            .filter(|child| child.is("CommonPrefixes") || child.is("CommonPrefixs"))
            .flat_map(|common| common.all("Prefix"))
            .map(|prefix| Prefix::parse(self.decode(&prefix.text)?).ok())
            .collect::<Option<_>>()
            .ok_or_else(|| answer.unreadable("a prefix of the list cannot be read".to_owned()))
    }
}
