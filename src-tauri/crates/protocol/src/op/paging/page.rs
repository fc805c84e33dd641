//! What a page of each list shows of where it stands.

use std::borrow::Cow;

use partway_domain::{Prefix, VersionId};

use crate::op::{BucketPage, ObjectPage, PartPage, UploadPage, VersionPage};

/// One page of any list.
pub trait Page {
    /// What it lists, as errors say it.
    const OF: &'static str;
    /// Where the next page begins, as one text; `None` after the last one.
    fn marker(&self) -> Option<Cow<'_, str>>;
    /// What tells the first entry from all others of the list; `None` when there is none.
    fn first(&self) -> Option<Cow<'_, str>>;
    /// A name that other pages may repeat, where it has no entry: some servers show a rolled-up
    /// prefix on every page that its keys would fill.
    fn repeatable(&self) -> Option<&str> {
        None
    }
}

impl Page for ObjectPage {
    const OF: &'static str = "objects";
    fn marker(&self) -> Option<Cow<'_, str>> {
        self.next.as_deref().map(Cow::from)
    }
    fn first(&self) -> Option<Cow<'_, str>> {
        self.entries.first().map(|entry| entry.key.as_str().into())
    }
    fn repeatable(&self) -> Option<&str> {
        self.prefixes.last().map(Prefix::as_str)
    }
}

impl Page for VersionPage {
    const OF: &'static str = "versions";
    fn marker(&self) -> Option<Cow<'_, str>> {
        self.next.as_ref().map(pair)
    }
    fn first(&self) -> Option<Cow<'_, str>> {
        let first = self.versions.first()?;
        let version = first.version.as_ref().map_or("", VersionId::as_str);
        Some(joined(first.key.as_str(), version))
    }
    fn repeatable(&self) -> Option<&str> {
        self.prefixes.last().map(Prefix::as_str)
    }
}

impl Page for UploadPage {
    const OF: &'static str = "uploads";
    fn marker(&self) -> Option<Cow<'_, str>> {
        self.next.as_ref().map(pair)
    }
    fn first(&self) -> Option<Cow<'_, str>> {
        let first = self.uploads.first()?;
        Some(joined(first.key.as_str(), first.upload_id.as_str()))
    }
}

impl Page for PartPage {
    const OF: &'static str = "parts";
    fn marker(&self) -> Option<Cow<'_, str>> {
        self.next.map(|next| next.to_string().into())
    }
    fn first(&self) -> Option<Cow<'_, str>> {
        let first = self.parts.first()?;
        Some(first.number.to_string().into())
    }
}

impl Page for BucketPage {
    const OF: &'static str = "buckets";
    fn marker(&self) -> Option<Cow<'_, str>> {
        self.next.as_deref().map(Cow::from)
    }
    fn first(&self) -> Option<Cow<'_, str>> {
        let first = self.buckets.first()?;
        Some(first.name.as_str().into())
    }
}

fn pair((key, id): &(String, String)) -> Cow<'_, str> {
    joined(key, id)
}

/// The blank between tells `a` and `bc` from `ab` and `c`: an id has none.
fn joined<'a>(key: &str, id: &str) -> Cow<'a, str> {
    format!("{key} {id}").into()
}
