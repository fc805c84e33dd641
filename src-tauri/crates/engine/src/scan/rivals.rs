//! Prefixes that go to the same place: whether an earlier one will bring a key is seen in a walk
//! over its source, without a memory of what was copied.

use partway_domain::{Key, Prefix};

use super::beside::Beside;
use crate::call::CallError;
use crate::driver::route::Side;
use crate::effect::pin::Ask;

/// The prefixes listed before this one whose destinations overlap with its own.
pub(crate) struct Rivals(Vec<Rival>);

struct Rival {
    from: Prefix,
    to: Prefix,
    walk: Beside,
}

impl Rivals {
    /// `to` is where this prefix goes, `behind` the last of its destination keys that was seen.
    pub(crate) fn new<'a>(
        source: &Side,
        to: &Prefix,
        earlier: impl Iterator<Item = (&'a Prefix, &'a Prefix)>,
        behind: Option<&Key>,
    ) -> Self {
        let rival = |(from, to): (&Prefix, &Prefix)| {
            let behind = behind.and_then(|key| there(from, to, key));
            Rival {
                walk: Beside::new(source, from, behind.as_ref()),
                from: from.clone(),
                to: to.clone(),
            }
        };
        let overlapping = earlier.filter(|(_, other)| overlap(to, other));
        Self(overlapping.map(rival).collect())
    }

    /// Whether one of them becomes this key; keys come in rising order.
    pub(crate) async fn have(&mut self, asker: &impl Ask, key: &Key) -> Result<bool, CallError> {
        for rival in &mut self.0 {
            let Some(source) = there(&rival.from, &rival.to, key) else {
                continue;
            };
            if rival.walk.at(asker, &source).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether keys under one prefix may be keys under the other.
pub(super) fn overlap(one: &Prefix, other: &Prefix) -> bool {
    let (one, other) = (one.as_str(), other.as_str());
    one.starts_with(other) || other.starts_with(one)
}

/// The source key that would become `key`.
pub(super) fn there(from: &Prefix, to: &Prefix, key: &Key) -> Option<Key> {
    let rest = key.as_str().strip_prefix(to.as_str())?;
    from.join(rest).ok()
}
