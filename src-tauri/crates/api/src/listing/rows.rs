//! Loaded rows, packed: a million of them must fit beside everything else a desktop runs.
//!
//! Of a key stands what it does not share with the one before; a row is 36 bytes beside it, and
//! an order of a sorted listing is four more.

use std::collections::HashMap;

use jiff::Timestamp;
use partway_protocol::op::ObjectEntry;

use crate::contract::{Row, RowSums};

mod filter;
mod keys;
mod order;

pub(crate) use filter::Filter;
use keys::Keys;
pub(crate) use order::Column;

/// A row beside its key.
#[derive(Debug, Clone, Copy)]
#[repr(Rust, packed(4))]
struct Packed {
    /// Parts of a composite tag; 0 for a plain one.
    etag_parts: u16,
    /// Index into the class words.
    class: u8,
    kind: Kind,
    size: u64,
    /// Milliseconds since 1970.
    modified_ms: i64,
    etag: [u8; 16],
}

const _: () = assert!(size_of::<Packed>() == 36);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prefix,
    Object,
    /// Its time or tag has a form of its own and stands in `odd`.
    OddObject,
}

/// What does not fit the packed form.
#[derive(Debug, Default)]
struct Odd {
    modified: String,
    etag: Option<String>,
}

/// All rows of a listing in the order they came, and the order they are shown in.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    keys: Keys,
    packed: Vec<Packed>,
    classes: Vec<String>,
    odd: HashMap<u32, Odd>,
    /// `None`: as they came.
    order: Option<Vec<u32>>,
    filter: Option<Filter>,
    /// With a filter: the rows that pass, in the order they are shown in.
    passing: Vec<u32>,
}

impl Rows {
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.packed.len()).unwrap_or(u32::MAX)
    }

    /// How many rows are shown: all, or those that pass the filter.
    pub(crate) fn shown(&self) -> u32 {
        match self.filter {
            Some(_) => u32::try_from(self.passing.len()).unwrap_or(u32::MAX),
            None => self.len(),
        }
    }

    /// Storage classes in the order they were met.
    pub(crate) fn classes(&self) -> Vec<String> {
        let named = self.classes.iter().filter(|class| !class.is_empty());
        named.cloned().collect()
    }

    pub(crate) fn push_prefix(&mut self, prefix: &str) {
        self.push(
            prefix,
            Packed {
                etag_parts: 0,
                class: 0,
                kind: Kind::Prefix,
                size: 0,
                modified_ms: 0,
                etag: [0; 16],
            },
        );
    }

    pub(crate) fn push_object(&mut self, entry: &ObjectEntry) {
        let modified = milliseconds(&entry.last_modified);
        let etag = match &entry.etag {
            Some(etag) => packed_etag(etag.as_str()),
            None => None,
        };
        let (kind, etag_parts, digest) = if let (Some(_), Some((digest, parts))) = (modified, etag)
        {
            (Kind::Object, parts, digest)
        } else {
            self.odd.insert(
                self.len(),
                Odd {
                    modified: entry.last_modified.clone(),
                    etag: entry.etag.as_ref().map(|etag| etag.as_str().to_owned()),
                },
            );
            (Kind::OddObject, 0, [0; 16])
        };
        let class = self.class(entry.storage_class.as_deref().unwrap_or(""));
        self.push(
            entry.key.as_str(),
            Packed {
                etag_parts,
                class,
                kind,
                size: entry.size,
                modified_ms: modified.unwrap_or(0),
                etag: digest,
            },
        );
    }

    fn push(&mut self, key: &str, row: Packed) {
        self.keys.push(key);
        let index = self.len();
        self.packed.push(row);
        // Later rows go to the end: what is on the screen or selected must not move.
        if let Some(order) = &mut self.order {
            order.push(index);
        }
        if let Some(filter) = &self.filter
            && filter.passes(&row, key, &self.classes_passing(filter))
        {
            self.passing.push(index);
        }
    }

    /// Providers have a handful of classes; what comes after the 255th shows as the last.
    fn class(&mut self, word: &str) -> u8 {
        if let Some(known) = self.classes.iter().position(|class| class == word) {
            return u8::try_from(known).unwrap_or(u8::MAX);
        }
        if self.classes.len() < usize::from(u8::MAX) {
            self.classes.push(word.to_owned());
        }
        u8::try_from(self.classes.len() - 1).unwrap_or(u8::MAX)
    }

    /// The rows shown at these places; places past the end are left out.
    pub(crate) fn window(&self, start: u32, count: u32, prefix: &str) -> Vec<Row> {
        let end = start.saturating_add(count).min(self.shown());
        (start..end).map(|place| self.row(place, prefix)).collect()
    }

    fn row(&self, place: u32, listed: &str) -> Row {
        let index = self.at(place);
        let packed = self.packed(index);
        let key = self.key(index);
        let is_prefix = packed.kind == Kind::Prefix;
        let odd = self.odd.get(&index);
        Row {
            name: key.strip_prefix(listed).unwrap_or(&key).to_owned(),
            is_prefix,
            size: (!is_prefix).then_some(packed.size as f64),
            modified: match odd {
                Some(odd) => Some(odd.modified.clone()),
                None => (!is_prefix).then(|| iso(packed.modified_ms)),
            },
            storage_class: (!is_prefix)
                .then(|| self.class_word(packed).to_owned())
                .filter(|word| !word.is_empty()),
            etag: match odd {
                Some(odd) => odd.etag.clone(),
                None => (!is_prefix).then(|| etag_text(packed)),
            },
            key,
        }
    }

    /// Keys and bytes of the objects shown at these places, and the prefixes among them.
    pub(crate) fn select(&self, intervals: &[(u32, u32)]) -> (Vec<String>, Vec<String>, u64) {
        let (mut keys, mut prefixes, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut reader = self.keys.reader();
        for &(start, end) in intervals {
            for place in start..end.min(self.shown()) {
                let index = self.at(place);
                let packed = self.packed(index);
                if packed.kind == Kind::Prefix {
                    prefixes.push(reader.read(index).to_owned());
                } else {
                    keys.push(reader.read(index).to_owned());
                    bytes += packed.size;
                }
            }
        }
        (keys, prefixes, bytes)
    }

    /// How many objects and prefixes are shown at these places, and the bytes of the objects.
    pub(crate) fn sum(&self, intervals: &[(u32, u32)]) -> RowSums {
        let (mut objects, mut prefixes, mut bytes) = (0, 0, 0);
        for &(start, end) in intervals {
            for place in start..end.min(self.shown()) {
                let packed = self.packed(self.at(place));
                if packed.kind == Kind::Prefix {
                    prefixes += 1;
                } else {
                    objects += 1;
                    bytes += packed.size;
                }
            }
        }
        RowSums {
            objects,
            prefixes,
            bytes: bytes as f64,
        }
    }

    /// The first place whose name, the key after `skipped` bytes, starts with a text: as written
    /// if there is one, else in any case.
    pub(crate) fn find(&self, text: &str, skipped: usize) -> Option<u32> {
        let mut reader = self.keys.reader();
        let mut first = |starts: &dyn Fn(&str) -> bool| {
            (0..self.shown()).find(|&place| {
                let key = reader.read(self.at(place));
                starts(&key[skipped.min(key.len())..])
            })
        };
        let folded = text.to_lowercase();
        first(&|name| name.starts_with(text))
            .or_else(|| first(&|name| starts_with_folded(name, text, &folded)))
    }

    fn at(&self, place: u32) -> u32 {
        match (&self.filter, &self.order) {
            (Some(_), _) => self.passing[place as usize],
            (None, Some(order)) => order[place as usize],
            (None, None) => place,
        }
    }

    fn packed(&self, index: u32) -> &Packed {
        &self.packed[index as usize]
    }

    fn key(&self, index: u32) -> String {
        self.keys.reader().read(index).to_owned()
    }

    fn class_word(&self, row: &Packed) -> &str {
        self.classes
            .get(usize::from(row.class))
            .map_or("", String::as_str)
    }

    /// Bytes held for the rows, capacity not counted.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.keys.bytes()
            + self.packed.len() * size_of::<Packed>()
            + self.order.as_ref().map_or(0, |order| order.len() * 4)
            + self.passing.len() * 4
    }
}

/// In any case; `folded` is the text in lower case. ASCII needs no copy of the name.
fn starts_with_folded(name: &str, text: &str, folded: &str) -> bool {
    if text.is_ascii() {
        let start = name.as_bytes().get(..text.len());
        return start.is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()));
    }
    name.to_lowercase().starts_with(folded)
}

/// The canonical text only: anything else is kept as it was sent.
fn milliseconds(text: &str) -> Option<i64> {
    let ms = text.parse::<Timestamp>().ok()?.as_millisecond();
    (iso(ms) == text).then_some(ms)
}

/// `2026-11-20T10:14:00.000Z`, as all three providers write it.
fn iso(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |time| format!("{time:.3}"))
}

/// Digest and number of parts of `0123…cdef` or `0123…cdef-12`, if written the usual way.
fn packed_etag(text: &str) -> Option<([u8; 16], u16)> {
    let (hex, parts) = match text.split_once('-') {
        Some((hex, parts)) => (hex, parts.parse().ok().filter(|&parts| parts > 0)?),
        None => (text, 0),
    };
    let digits = hex.as_bytes();
    if digits.len() != 32 {
        return None;
    }
    let mut digest = [0; 16];
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    let packed = Packed {
        etag_parts: parts,
        class: 0,
        kind: Kind::Object,
        size: 0,
        modified_ms: 0,
        etag: digest,
    };
    (etag_text(&packed) == text).then_some((digest, parts))
}

fn etag_text(row: &Packed) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(38);
    for byte in row.etag {
        let _ = write!(text, "{byte:02x}");
    }
    if row.etag_parts > 0 {
        let _ = write!(text, "-{}", row.etag_parts);
    }
    text
}

#[cfg(test)]
mod tests;
