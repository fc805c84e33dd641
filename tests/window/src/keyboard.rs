//! The keyboard alone: keys, words, and the way of the focus.

use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;

use crate::Outcome;
use crate::page::{Page, marked};

/// Longer than the page waits for the next letter of a name.
const TYPE_AHEAD_PAUSE: Duration = Duration::from_millis(1_200);

/// Tab stops passed before something counts as out of reach.
const TAB_STOPS: usize = 80;

const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

impl Page {
    /// Presses one key.
    pub async fn press(&self, key: Key) -> Outcome {
        self.chord(&[], char::from(key)).await
    }

    /// Presses a key while others are held down.
    pub async fn chord(&self, held: &[Key], key: char) -> Outcome {
        let held: Vec<char> = held.iter().map(|key| char::from(*key)).collect();
        let mut keys = KeyActions::new("keys".to_owned());
        for value in held.iter().copied().chain([key]) {
            keys = keys.then(KeyAction::Down { value });
        }
        for value in [key].into_iter().chain(held.iter().rev().copied()) {
            keys = keys.then(KeyAction::Up { value });
        }
        self.0.perform_actions(keys).await?;
        Ok(self.0.release_actions().await?)
    }

    /// Types a text, letter by letter.
    pub async fn write(&self, text: &str) -> Outcome {
        let mut keys = KeyActions::new("keys".to_owned());
        for value in text.chars() {
            keys = keys
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.0.perform_actions(keys).await?;
        Ok(self.0.release_actions().await?)
    }

    /// Writes into a field in place of what it holds.
    pub async fn fill(&self, mark: &str, text: &str) -> Outcome {
        self.tab_to(&marked(mark)).await?;
        self.chord(&[Key::Control], 'a').await?;
        self.write(text).await
    }

    /// Moves the focus on until it is on, or inside, what a selector names.
    pub async fn tab_to(&self, css: &str) -> Outcome {
        self.wait_for(css).await?;
        for _ in 0..TAB_STOPS {
            if self.focus_is_in(css).await? {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        Err(format!("Tab never reaches {css}").into())
    }

    /// Reaches a button and presses Enter.
    pub async fn enter_on(&self, mark: &str) -> Outcome {
        self.tab_to(&format!("{}:not([aria-disabled=true])", marked(mark)))
            .await?;
        self.press(Key::Enter).await
    }

    /// Selects a line of the focused pane by typing its name.
    pub async fn select_by_name(&self, pane: &str, name: &str) -> Outcome {
        let row = row(pane, name);
        self.wait_for(&row).await?;
        // A person pauses between two names; what is typed in one go is one name.
        tokio::time::sleep(TYPE_AHEAD_PAUSE).await;
        // A slash is a shortcut and no letter of a name that is looked for.
        self.write(name.trim_end_matches('/')).await?;
        self.wait_for(&format!("{row}[aria-selected=true]")).await?;
        Ok(())
    }

    /// Opens a line of the focused pane by typing its name.
    pub async fn open_by_name(&self, pane: &str, name: &str) -> Outcome {
        self.select_by_name(pane, name).await?;
        self.press(Key::Enter).await?;
        self.wait_until_gone(&row(pane, name)).await
    }

    /// Presses a key until something is so.
    pub async fn press_until(&self, key: Key, css: &str) -> Outcome {
        let end = Instant::now() + PATIENCE;
        while !self.has(css).await {
            if Instant::now() > end {
                return Err(format!("no number of presses brings {css}").into());
            }
            self.press(key).await?;
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Whether the focus is on, or inside, what a selector names.
    pub async fn focus_is_in(&self, css: &str) -> Outcome<bool> {
        let script = "return document.activeElement?.closest(arguments[0]) != null";
        Ok(self.run(script, vec![json!(css)]).await? == true)
    }
}

fn row(pane: &str, name: &str) -> String {
    format!(
        "{} [data-testid=\"row\"][data-name=\"{name}\"]",
        marked(pane)
    )
}
