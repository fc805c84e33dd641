//! What the lists of objects, versions and uploads have in common: names that may be encoded.

use partway_domain::{Key, NameError, Prefix};

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
    pub(super) result: &'a Element<'a>,
    encoded: bool,
}

impl<'a> Listing<'a> {
    /// Names are decoded only when the answer says that they are encoded: not every server
    /// that is asked to does so.
    pub(super) fn of(target: Target<'a>, result: &'a Element<'a>) -> Self {
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

    /// The key of an entry. One that cannot be read hides its whole page, so the error names it.
    pub(super) fn key(&self, answer: &Answer<'_>, entry: &Element<'_>) -> Result<Key, WireError> {
        let written = entry
            .raw("Key")
            .ok_or_else(|| answer.unreadable("an entry of the list lacks its key".to_owned()))?;
        self.read(answer, "key", written, Key::parse)
    }

    fn read<T>(
        &self,
        answer: &Answer<'_>,
        what: &str,
        written: &str,
        parse: impl FnOnce(String) -> Result<T, NameError>,
    ) -> Result<T, WireError> {
        let why = match self.decode(written).map(parse) {
            Some(Ok(name)) => return Ok(name),
            Some(Err(error)) => error.to_string(),
            None => "it cannot be decoded".to_owned(),
        };
        let name = xml::quote(written);
        Err(answer.unreadable(format!(
            "the list holds the {what} {name:?}, which hides its page: {why}; a longer prefix lists around it"
        )))
    }

    /// All of `CommonPrefixes`, whether one each or several together, also as a client of one
    /// vendor spells it.
    pub(super) fn prefixes(&self, answer: &Answer<'_>) -> Result<Vec<Prefix>, WireError> {
        self.result
            .children
            .iter()
            .filter(|child| child.is("CommonPrefixes") || child.is("CommonPrefixs"))
            .flat_map(|common| common.all("Prefix"))
            .map(|prefix| self.read(answer, "prefix", &prefix.text, Prefix::parse))
            .collect()
    }
}

/// What is wrong with an entry that lacks something, by its key.
pub(super) fn lacking(answer: &Answer<'_>, key: &Key, what: &str) -> WireError {
    let key = xml::quote(key.as_str());
    answer.unreadable(format!("{key:?} in the list lacks its {what}"))
}
