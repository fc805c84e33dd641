//! Millions of objects differ in little but their names: what they share is kept once.

use std::sync::Arc;

use super::object::{Attached, Version};

/// How many different ones are looked through.
const REMEMBERED: usize = 16;

/// What versions had attached lately, the last used first.
#[derive(Debug, Default)]
pub(super) struct Alike(Vec<Known>);

#[derive(Debug)]
struct Known {
    attached: Arc<Attached>,
    /// As JSON.
    text: String,
}

impl Alike {
    /// Gives a version the one copy of what it has attached, and room for no more than it holds.
    pub(super) fn share(&mut self, version: &mut Version) {
        version.segments.shrink_to_fit();
        version.etag.shrink_to_fit();
        self.bring_to_front(&version.attached);
        version.attached = Arc::clone(&self.0[0].attached);
    }

    /// The text of what a version has attached.
    pub(super) fn text(&mut self, attached: &Arc<Attached>) -> &str {
        self.bring_to_front(attached);
        &self.0[0].text
    }

    /// What a text says is attached.
    pub(super) fn of_text(&mut self, text: &str) -> serde_json::Result<Arc<Attached>> {
        let known = self.0.iter().position(|known| known.text == text);
        if let Some(at) = known {
            self.used(at);
        } else {
            let attached = serde_json::from_str(text)?;
            self.insert(Known {
                attached: Arc::new(attached),
                text: text.to_owned(),
            });
        }
        Ok(Arc::clone(&self.0[0].attached))
    }

    fn bring_to_front(&mut self, attached: &Arc<Attached>) {
        match self.0.iter().position(|known| known.attached == *attached) {
            Some(at) => self.used(at),
            None => self.insert(Known {
                attached: Arc::clone(attached),
                // A struct of texts has no reason not to become JSON.
                text: serde_json::to_string(&**attached).unwrap_or_default(),
            }),
        }
    }

    fn used(&mut self, at: usize) {
        self.0[..=at].rotate_right(1);
    }

    fn insert(&mut self, known: Known) {
        self.0.truncate(REMEMBERED - 1);
        self.0.insert(0, known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_with_the_same_attached_share_it() {
        let mut alike = Alike::default();
        let version = |class: &str| {
            let mut version = Version::delete_marker(None, 0);
            class.clone_into(&mut Arc::make_mut(&mut version.attached).class);
            version
        };
        let (mut one, mut other, mut third) = (version("a"), version("b"), version("a"));
        for version in [&mut one, &mut other, &mut third] {
            alike.share(version);
        }
        assert!(Arc::ptr_eq(&one.attached, &third.attached));
        assert!(!Arc::ptr_eq(&one.attached, &other.attached));
        let text = alike.text(&one.attached).to_owned();
        assert!(Arc::ptr_eq(&alike.of_text(&text).unwrap(), &one.attached));
        for number in 0..2 * REMEMBERED {
            alike.share(&mut version(&number.to_string()));
        }
        assert_eq!(alike.0.len(), REMEMBERED);
        assert_eq!(*alike.of_text(&text).unwrap(), *one.attached);
    }
}
