//! A listing, page by page, in the order of its keys.

use partway_domain::{Key, Prefix};
use partway_protocol::op::{ObjectEntry, Trail};

use super::level::Level;
use crate::call::CallError;
use crate::driver::route::Side;
use crate::effect::pin::Ask;

/// Walks over everything that begins with a prefix, asking for a page when it is wanted.
#[derive(Debug)]
pub(crate) struct Walk {
    level: Level,
    cursor: Option<String>,
    /// Where the walk begins, and then the last key that was seen.
    behind: Option<Key>,
    trail: Trail,
}

/// One page of a walk.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) entries: Vec<ObjectEntry>,
    pub(crate) is_last: bool,
}

impl Walk {
    /// Begins behind `after`, or at the first key.
    pub(crate) fn new(side: &Side, prefix: &Prefix, after: Option<&Key>) -> Self {
        Self {
            level: Level::new(side.clone(), prefix.clone(), None),
            cursor: None,
            behind: after.cloned(),
            trail: Trail::default(),
        }
    }

    /// The next page. Fails where the keys do not come in their order: a listing that does not
    /// could not be resumed at a key, and would bring keys twice.
    pub(crate) async fn page(&mut self, asker: &impl Ask) -> Result<Stretch, CallError> {
        let behind = self.behind.as_ref().map(Key::as_str);
        let page = self.level.page(asker, behind, self.cursor.as_deref());
        let page = page.await?;
        self.trail.follow(&page).map_err(CallError::endless)?;
        for entry in &page.entries {
            if self.behind.as_ref().is_some_and(|last| *last >= entry.key) {
                return Err(self.level.disordered(entry.key.as_str()));
            }
            self.behind = Some(entry.key.clone());
        }
        self.cursor = page.next;
        Ok(Stretch {
            entries: page.entries,
            is_last: self.cursor.is_none(),
        })
    }
}
