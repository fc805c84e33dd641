//! Pages of keys: prefixes, delimiters and markers, in byte order, each step a seek.

use std::ops::Bound;
use std::sync::Arc;

use crate::content::Library;
use crate::store::bucket::{Bucket, Found};
use crate::store::object::{Restore, Version};

/// One object in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) key: String,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) size: u64,
    /// Milliseconds since 1970.
    pub(crate) modified: i64,
    pub(crate) class: String,
    pub(crate) restore: Option<Restore>,
}

/// What a caller wants to see of a bucket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) prefix: &'a str,
    /// Empty for none.
    pub(crate) delimiter: &'a str,
    /// Keys after this one; empty for the beginning.
    pub(crate) after: &'a str,
    pub(crate) limit: usize,
}

/// One page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) prefixes: Vec<String>,
    /// The last key or prefix of a page that is not the last.
    pub(crate) next: Option<String>,
}

/// The current objects of a bucket.
pub(crate) fn objects(bucket: &Bucket, wanted: Wanted<'_>, library: &Library) -> Page<Row> {
    page(
        wanted,
        |from| bucket.next(from).map(|found| found.key()),
        |key| {
            let found = bucket.next(Bound::Included(key))?;
            match found {
                Found::Stored(key, stored) => {
                    let current = stored.current()?;
                    Some(row(key, &current))
                }
                Found::Computed(million, index) => Some(Row {
                    key: million.key(index),
                    etag: million.etag(index, library),
                    size: million.size(index),
                    modified: million.modified(index),
                    class: "STANDARD".to_owned(),
                    restore: None,
                }),
            }
        },
    )
}

fn row(key: &str, version: &Version) -> Row {
    Row {
        key: key.to_owned(),
        etag: version.etag.clone(),
        size: version.size,
        modified: version.modified,
        class: version.attached.class().to_owned(),
        restore: version.restore,
    }
}

/// One version in a page of versions.
#[derive(Debug)]
pub(crate) struct VersionRow {
    pub(crate) key: String,
    pub(crate) version: Arc<Version>,
    pub(crate) latest: bool,
}

/// Where the next page of versions begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct VersionMarker {
    pub(crate) key: String,
    /// Empty after a common prefix.
    pub(crate) version_id: String,
}

/// A page of versions, newest first within a key.
#[derive(Debug)]
pub(crate) struct VersionPage {
    pub(crate) rows: Vec<VersionRow>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) next: Option<VersionMarker>,
}

/// All versions and delete markers of a bucket. With `version_after`, the page begins among the
/// versions of the key `wanted.after`.
pub(crate) fn versions(
    bucket: &Bucket,
    wanted: Wanted<'_>,
    version_after: Option<&str>,
    library: &Library,
) -> VersionPage {
    let mut out = VersionPage {
        rows: Vec::new(),
        prefixes: Vec::new(),
        next: None,
    };
    if let Some(id) = version_after {
        let mut rows = rows_of(bucket, wanted.after, library);
        let seen = rows.iter().position(|row| row.version.id_text() == id);
        out.rows = rows.split_off(seen.map_or(rows.len(), |at| at + 1));
    }
    let rest = page(
        wanted,
        |from| bucket.next(from).map(|found| found.key()),
        |key| {
            let rows = rows_of(bucket, key, library);
            (!rows.is_empty()).then_some(rows)
        },
    );
    out.rows.extend(rest.rows.into_iter().flatten());
    out.prefixes = rest.prefixes;
    if out.rows.len() + out.prefixes.len() > wanted.limit {
        cut(&mut out, wanted.limit);
        return out;
    }
    out.next = rest.next.map(|key| {
        let last = out.rows.last().filter(|row| row.key == key);
        let version_id = last.map(|row| row.version.id_text().to_owned());
        VersionMarker {
            key,
            version_id: version_id.unwrap_or_default(),
        }
    });
    out
}

/// Drops what comes last in the order of keys until the page is small enough.
fn cut(page: &mut VersionPage, limit: usize) {
    while page.rows.len() + page.prefixes.len() > limit {
        match (page.rows.last(), page.prefixes.last()) {
            (Some(row), Some(prefix)) if *prefix > row.key => drop(page.prefixes.pop()),
            (Some(_), _) => drop(page.rows.pop()),
            (None, _) => drop(page.prefixes.pop()),
        }
    }
    let row = page.rows.last().map(|row| VersionMarker {
        key: row.key.clone(),
        version_id: row.version.id_text().to_owned(),
    });
    let prefix = page.prefixes.last().map(|prefix| VersionMarker {
        key: prefix.clone(),
        version_id: String::new(),
    });
    page.next = match (row, prefix) {
        (Some(row), Some(prefix)) if prefix.key > row.key => Some(prefix),
        (row, prefix) => row.or(prefix),
    };
}

fn rows_of(bucket: &Bucket, key: &str, library: &Library) -> Vec<VersionRow> {
    let versions = bucket.versions(key, library);
    let newest = versions.len().saturating_sub(1);
    versions
        .into_iter()
        .enumerate()
        .rev()
        .map(|(at, version)| VersionRow {
            key: key.to_owned(),
            version,
            latest: at == newest,
        })
        .collect()
}

/// Walks keys in order. `next` finds the first key from a place on; `show` turns a key into a row,
/// or into nothing when this kind of listing does not show it.
pub(crate) fn page<T>(
    wanted: Wanted<'_>,
    next: impl Fn(Bound<&str>) -> Option<String>,
    show: impl Fn(&str) -> Option<T>,
) -> Page<T> {
    let mut out = Page {
        rows: Vec::new(),
        prefixes: Vec::new(),
        next: None,
    };
    if wanted.limit == 0 {
        return out;
    }
    let mut last = String::new();
    let mut from = beginning(wanted);
    while let Some(key) = next(from.as_ref().map(String::as_str)) {
        if !key.starts_with(wanted.prefix) {
            break;
        }
        let group = group(&key, wanted);
        let row = show(&key);
        let full = out.rows.len() + out.prefixes.len() == wanted.limit;
        // A prefix counts only when something in it is shown.
        if full && row.is_some() {
            out.next = Some(last);
            break;
        }
        match (row, group) {
            (Some(_), Some(group)) => {
                from = successor(group).map_or(Bound::Unbounded, Bound::Included);
                let at_end = matches!(from, Bound::Unbounded);
                group.clone_into(&mut last);
                out.prefixes.push(group.to_owned());
                if at_end {
                    break;
                }
            }
            (Some(row), None) => {
                out.rows.push(row);
                last.clone_from(&key);
                from = Bound::Excluded(key);
            }
            (None, _) => from = Bound::Excluded(key),
        }
    }
    out
}

/// Where a page begins. A marker that is itself a common prefix has shown all keys in it.
fn beginning(wanted: Wanted<'_>) -> Bound<String> {
    let Wanted {
        prefix,
        delimiter,
        after,
        ..
    } = wanted;
    if after.is_empty() || after < prefix {
        return Bound::Included(prefix.to_owned());
    }
    if !delimiter.is_empty()
        && group(after, wanted).is_some_and(|group| group == after)
        && let Some(next) = successor(after)
    {
        return Bound::Included(next);
    }
    Bound::Excluded(after.to_owned())
}

/// The common prefix a key falls into.
fn group<'k>(key: &'k str, wanted: Wanted<'_>) -> Option<&'k str> {
    if wanted.delimiter.is_empty() {
        return None;
    }
    let rest = key.strip_prefix(wanted.prefix)?;
    let at = rest.find(wanted.delimiter)?;
    Some(&key[..wanted.prefix.len() + at + wanted.delimiter.len()])
}

/// The smallest text that is greater than every text beginning with `prefix`. The byte order of
/// UTF-8 is the order of its characters, so the last character that has a successor gets it.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &[
        "a",
        "b/1",
        "b/2",
        "b/sub/3",
        "b0",
        "c/",
        "c/x",
        "d",
        "\u{10ffff}",
        "\u{10ffff}/z",
    ];

    fn list(prefix: &str, delimiter: &str, after: &str, limit: usize) -> Page<String> {
        let wanted = Wanted {
            prefix,
            delimiter,
            after,
            limit,
        };
        let next = |from: Bound<&str>| {
            let inside = |key: &&&str| match from {
                Bound::Included(at) => **key >= at,
                Bound::Excluded(at) => **key > at,
                Bound::Unbounded => true,
            };
            let mut keys = KEYS.to_vec();
            keys.sort_unstable();
            keys.iter().find(inside).map(|key| (*key).to_owned())
        };
        page(wanted, next, |key| Some(key.to_owned()))
    }

    #[test]
    fn a_delimiter_folds_what_lies_below() {
        let page = list("", "/", "", 100);
        assert_eq!(page.rows, ["a", "b0", "d", "\u{10ffff}"]);
        assert_eq!(page.prefixes, ["b/", "c/", "\u{10ffff}/"]);
        let page = list("b/", "/", "", 100);
        assert_eq!(page.rows, ["b/1", "b/2"]);
        assert_eq!(page.prefixes, ["b/sub/"]);
        let page = list("c/", "/", "", 100);
        assert_eq!(page.rows, ["c/", "c/x"]);
    }

    #[test]
    fn pages_of_any_size_show_everything_once() {
        for delimiter in ["", "/"] {
            let whole = list("", delimiter, "", 100);
            for limit in 1..8 {
                let (mut rows, mut prefixes, mut after) = (Vec::new(), Vec::new(), String::new());
                for _ in 0..KEYS.len() {
                    let page = list("", delimiter, &after, limit);
                    rows.extend(page.rows);
                    prefixes.extend(page.prefixes);
                    match page.next {
                        Some(next) => after = next,
                        None => break,
                    }
                }
                assert_eq!(rows, whole.rows, "by {limit} with {delimiter:?}");
                assert_eq!(prefixes, whole.prefixes, "by {limit} with {delimiter:?}");
            }
        }
    }

    #[test]
    fn the_last_full_page_says_that_it_is_the_last() {
        assert_eq!(list("", "", "", KEYS.len()).next, None);
        assert!(list("", "", "", KEYS.len() - 1).next.is_some());
        let nothing = list("", "", "", 0);
        assert!(nothing.rows.is_empty() && nothing.next.is_none());
    }
}
