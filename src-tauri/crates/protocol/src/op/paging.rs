//! The guards against lists that never end: one looks at a page, one at all of a list.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::answer::Answer;
use crate::error::WireError;
use crate::xml;

mod page;
#[cfg(test)]
mod tests;

pub use page::Page;

/// Where the next page of a truncated list begins: what the server or its last name says,
/// provided that it is elsewhere than where this page began.
///
/// Some servers answer an encoded marker with the same page again and again; a list without
/// end is worse than one with an error.
pub(super) fn advance<T>(
    answer: &Answer<'_>,
    what: &str,
    next: Option<T>,
    is_further: impl FnOnce(&T) -> bool,
) -> Result<T, WireError> {
    match next {
        Some(next) if is_further(&next) => Ok(next),
        Some(_) => Err(answer.unreadable(format!(
            "the list of {what} does not advance, the server sends the same page again"
        ))),
        None => {
            Err(answer.unreadable(format!("the list of {what} goes on but does not say where")))
        }
    }
}

/// Whether a key and the id beside it stand after others: keys come in order, ids differ.
pub(super) fn is_further(next: &(String, String), after: Option<&(String, String)>) -> bool {
    after.is_none_or(|after| next != after && next.0 >= after.0)
}

/// The pages of one list that have been seen: whoever asks for one page after another shows
/// them to it, because what a page says of the next one is no proof that the list ends.
///
/// Nothing is taken from the order of the names, some buckets have none. It holds two hashes of
/// eight bytes for each page and no text.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    markers: HashSet<u64>,
    firsts: HashSet<u64>,
    prefixes: HashSet<u64>,
    /// Pages without anything new, one after the other.
    barren: u32,
}

impl Trail {
    /// Pages in a row that may bring nothing new: servers leave out what is deleted, but not
    /// that much of it.
    const MOST_BARREN: u32 = 1000;

    /// Takes the next page of the list.
    ///
    /// # Errors
    /// When it leads to where the list has been, begins with what another page began with, or is
    /// the last of a thousand in a row that bring nothing. A page that failed leaves no trace
    /// here: the same one may be asked for again.
    pub fn follow<P: Page>(&mut self, page: &P) -> Result<(), EndlessList> {
        let marker = page.marker().map(|marker| hash(&marker));
        if marker.is_some_and(|marker| self.markers.contains(&marker)) {
            return Err(EndlessList::Circle { of: P::OF });
        }
        let first = page.first();
        if let Some(first) = &first
            && !self.firsts.insert(hash(first))
        {
            return Err(EndlessList::Again {
                of: P::OF,
                first: xml::quote(first),
            });
        }
        let fresh = |name| self.prefixes.insert(hash(name));
        let brings_something = first.is_some() || page.repeatable().is_some_and(fresh);
        self.barren = if brings_something { 0 } else { self.barren + 1 };
        let Some(marker) = marker else {
            return Ok(());
        };
        if self.barren >= Self::MOST_BARREN {
            // Whoever asks again after this gets as many once more.
            let pages = std::mem::take(&mut self.barren);
            return Err(EndlessList::Barren { of: P::OF, pages });
        }
        self.markers.insert(marker);
        Ok(())
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A list that would be asked for without end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndlessList {
    /// A marker came for the second time.
    #[error(
        "the list of {of} goes in a circle: the server sends back to a page it has sent before"
    )]
    Circle {
        /// What is listed.
        of: &'static str,
    },
    /// Two pages begin with the same entry.
    #[error("the list of {of} does not advance: a second page of the server begins with {first:?}")]
    Again {
        /// What is listed.
        of: &'static str,
        /// The entry, safe to show.
        first: String,
    },
    /// Too many pages without anything.
    #[error(
        "the list of {of} does not advance: the server sent {pages} pages in a row without anything new"
    )]
    Barren {
        /// What is listed.
        of: &'static str,
        /// How many pages.
        pages: u32,
    },
}
