//! One range of keys and what came of it.

use std::collections::VecDeque;
use std::sync::Arc;

use partway_domain::Prefix;
use partway_protocol::op::{EndlessList, ObjectPage, Trail};

use super::{Question, Start};
use crate::listing::density::Density;

/// The names behind `after` up to `end`.
#[derive(Debug)]
pub(super) struct Range {
    pub(super) id: u64,
    /// The last name that was seen, or the border before the first.
    pub(super) after: Option<String>,
    /// The border, itself inside; `None` for the end of the listing.
    pub(super) end: Option<String>,
    /// Its own last page's, or that of the range it was cut from.
    pub(super) density: Option<Arc<Density>>,
    /// What was found and not read yet.
    pub(super) pages: VecDeque<ObjectPage>,
    /// No page has come.
    pub(super) is_fresh: bool,
    /// It is not worth a cut before its next page.
    pub(super) is_whole: bool,
    cursor: Option<String>,
    progress: Progress,
    trail: Trail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Idle,
    /// A page is on its way.
    Asked,
    /// There was no answer.
    Failed,
    Over,
}

impl Range {
    /// The whole listing.
    pub(super) fn first(start: Start) -> Self {
        Self {
            id: 0,
            after: start.after,
            end: None,
            density: None,
            pages: VecDeque::new(),
            is_fresh: true,
            is_whole: false,
            cursor: start.cursor,
            progress: Progress::Idle,
            trail: start.trail,
        }
    }

    /// Keeps what is up to the border and returns the rest.
    pub(super) fn cut(&mut self, id: u64, border: String) -> Self {
        Self {
            id,
            end: self.end.replace(border.clone()),
            density: self.density.clone(),
            ..Self::first(Start {
                after: Some(border),
                ..Start::default()
            })
        }
    }

    pub(super) fn ask(&mut self) -> Question {
        self.progress = Progress::Asked;
        Question {
            range: self.id,
            after: self.after.clone(),
            cursor: self.cursor.clone(),
        }
    }

    /// There was no answer.
    pub(super) fn fail(&mut self) {
        self.progress = Progress::Failed;
    }

    /// There is more of it, and nobody asks for it.
    pub(super) fn may_be_read_on(&self) -> bool {
        matches!(self.progress, Progress::Idle | Progress::Failed)
    }

    /// The same, before the reader comes to it: what failed is left until then.
    pub(super) fn may_be_read_ahead(&self) -> bool {
        self.progress == Progress::Idle
    }

    /// Nothing more will come.
    pub(super) fn is_over(&self) -> bool {
        self.progress == Progress::Over
    }

    /// Nothing has come.
    pub(super) fn is_barren(&self) -> bool {
        self.is_fresh || (self.is_over() && self.pages.is_empty())
    }

    pub(super) fn is_crossed_by(&self, names: &[&str]) -> bool {
        let border = self.end.as_deref();
        border.is_some_and(|end| names.last().is_some_and(|last| *last >= end))
    }

    /// The first name that is out of order. A prefix may come again: some servers show it on
    /// every page that its keys would fill.
    pub(super) fn disorder<'p>(&self, page: &'p ObjectPage) -> Option<&'p str> {
        let mut last = self.after.as_deref();
        for entry in &page.entries {
            let key = entry.key.as_str();
            if last.is_some_and(|last| last >= key) {
                return Some(key);
            }
            last = Some(key);
        }
        let mut last = self.after.as_deref();
        for prefix in page.prefixes.iter().map(Prefix::as_str) {
            if last.is_some_and(|last| last > prefix) {
                return Some(prefix);
            }
            last = Some(prefix);
        }
        None
    }

    /// Fails where a page leads nowhere.
    pub(super) fn follow(&mut self, page: &ObjectPage) -> Result<(), EndlessList> {
        self.trail.follow(page)
    }

    /// Takes in a page as far as it is inside; how many names that are.
    pub(super) fn take_in(&mut self, mut page: ObjectPage) -> usize {
        self.is_whole = false;
        let last = names(&page).last().map(|&last| last.to_owned());
        self.cursor.clone_from(&page.next);
        let mut is_over = self.cursor.is_none();
        if let Some(end) = &self.end {
            is_over |= last.as_ref().is_some_and(|last| last >= end);
            let inside = |name: &str| name <= end.as_str();
            let entries = page.entries.partition_point(|one| inside(one.key.as_str()));
            let prefixes = page.prefixes.partition_point(|one| inside(one.as_str()));
            if entries < page.entries.len() || prefixes < page.prefixes.len() {
                page.next = None;
            }
            page.entries.truncate(entries);
            page.prefixes.truncate(prefixes);
        }
        self.progress = if is_over {
            Progress::Over
        } else {
            Progress::Idle
        };
        self.after = last.or(self.after.take());
        let taken = page.entries.len() + page.prefixes.len();
        if taken > 0 {
            self.pages.push_back(page);
        }
        taken
    }
}

/// Keys and prefixes of a page in one order.
pub(super) fn names(page: &ObjectPage) -> Vec<&str> {
    let keys = page.entries.iter().map(|entry| entry.key.as_str());
    let mut names: Vec<&str> = keys.collect();
    if !page.prefixes.is_empty() {
        names.extend(page.prefixes.iter().map(Prefix::as_str));
        names.sort_unstable();
    }
    names
}
