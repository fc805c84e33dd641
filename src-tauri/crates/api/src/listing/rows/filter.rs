//! Which rows of a listing are shown.

use super::{Kind, Packed, Rows};
use crate::contract::FilterListing;

/// What a row must be like to be shown.
#[derive(Debug)]
pub(crate) struct Filter {
    text: Text,
    /// Bytes of each key that are not part of the name.
    skipped: usize,
    /// Any if empty.
    classes: Vec<String>,
    min_size: Option<f64>,
    max_size: Option<f64>,
    since_ms: Option<f64>,
}

impl Filter {
    /// `None` when it would let everything pass. `shown_under` is left out of the names.
    pub(crate) fn new(wanted: &FilterListing, shown_under: &str) -> Option<Self> {
        let filter = Self {
            text: Text::new(&wanted.text),
            skipped: shown_under.len(),
            classes: wanted.classes.clone(),
            min_size: wanted.min_size,
            max_size: wanted.max_size,
            since_ms: wanted.since_ms,
        };
        (!wanted.text.is_empty() || filter.is_about_objects()).then_some(filter)
    }

    /// Prefixes have neither class nor size nor time.
    fn is_about_objects(&self) -> bool {
        !self.classes.is_empty()
            || self.min_size.is_some()
            || self.max_size.is_some()
            || self.since_ms.is_some()
    }

    /// `classes`: which class indices pass, see [`Rows::classes_passing`].
    pub(super) fn passes(&self, row: &Packed, key: &str, classes: &[bool]) -> bool {
        let size = row.size as f64;
        if self.is_about_objects() {
            let fits = row.kind != Kind::Prefix
                && self.min_size.is_none_or(|least| size >= least)
                && self.max_size.is_none_or(|bound| size < bound)
                && self
                    .since_ms
                    .is_none_or(|since| row.modified_ms as f64 >= since)
                && (self.classes.is_empty()
                    || classes
                        .get(usize::from(row.class))
                        .copied()
                        .unwrap_or(false));
            if !fits {
                return false;
            }
        }
        self.text.is_in(&key[self.skipped.min(key.len())..])
    }
}

/// A text looked for without regard to case. ASCII letters, the usual case, are compared as
/// bytes; other letters that have cases need whole names to be folded.
#[derive(Debug)]
enum Text {
    Bytes(Vec<u8>),
    Folded(String),
}

impl Text {
    fn new(text: &str) -> Self {
        let folded = text.to_lowercase();
        let only_ascii_has_cases = text
            .chars()
            .all(|c| c.is_ascii() || (c.to_lowercase().eq([c]) && c.to_uppercase().eq([c])));
        if only_ascii_has_cases {
            Self::Bytes(folded.into_bytes())
        } else {
            Self::Folded(folded)
        }
    }

    fn is_in(&self, name: &str) -> bool {
        match self {
            Self::Bytes(text) => contains_folded(name.as_bytes(), text),
            Self::Folded(text) => name.to_lowercase().contains(text),
        }
    }
}

/// Whether `text`, which is in lower case, occurs in `name` in any ASCII case.
fn contains_folded(name: &[u8], text: &[u8]) -> bool {
    let Some((&first, rest)) = text.split_first() else {
        return true;
    };
    let Some(last_start) = name.len().checked_sub(text.len()) else {
        return false;
    };
    name[..=last_start].iter().enumerate().any(|(at, byte)| {
        byte.to_ascii_lowercase() == first
            && name[at + 1..=at + rest.len()].eq_ignore_ascii_case(rest)
    })
}

impl Rows {
    /// Shows the rows that pass, or all rows.
    pub(crate) fn filter(&mut self, filter: Option<Filter>) {
        self.filter = filter;
        self.filter_again();
    }

    /// To be called when the filter or the order has changed.
    pub(super) fn filter_again(&mut self) {
        self.passing = match &self.filter {
            None => Vec::new(),
            Some(filter) => {
                let classes = self.classes_passing(filter);
                let mut reader = self.keys.reader();
                let passes =
                    |&index: &u32| filter.passes(self.packed(index), reader.read(index), &classes);
                match &self.order {
                    Some(order) => order.iter().copied().filter(passes).collect(),
                    None => (0..self.len()).filter(passes).collect(),
                }
            }
        };
    }

    /// For each class index whether its word is wanted.
    pub(super) fn classes_passing(&self, filter: &Filter) -> Vec<bool> {
        let wanted = |word: &String| filter.classes.contains(word);
        self.classes.iter().map(wanted).collect()
    }
}
