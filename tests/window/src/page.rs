//! What a user does and sees, in terms of the page's stable marks (`data-testid`).

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::Outcome;

/// Until something expected is on the screen.
const PATIENCE: Duration = Duration::from_secs(30);

const POLL: Duration = Duration::from_millis(50);

/// Longer than GTK counts clicks at one spot as belonging together: faster than any hand, the next
/// double click would be the third and fourth click of the one before.
const BETWEEN_DOUBLE_CLICKS: Duration = Duration::from_millis(500);

/// The window's page.
#[derive(Debug, Clone)]
pub struct Page(pub(crate) Client);

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self(client)
    }

    /// Waits for the element with this mark.
    pub async fn find(&self, mark: &str) -> Outcome<Element> {
        self.wait_for(&marked(mark)).await
    }

    /// Waits for an element by its CSS selector.
    pub async fn wait_for(&self, css: &str) -> Outcome<Element> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Ok(element) = self.0.find(Locator::Css(css)).await
                && element.is_displayed().await.unwrap_or(false)
            {
                return Ok(element);
            }
            if Instant::now() > end {
                let seen = self.text().await;
                return Err(format!(
                    "{css} did not appear within {PATIENCE:?}; the page says:\n{seen}"
                )
                .into());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether an element is there right now.
    pub async fn has(&self, css: &str) -> bool {
        self.0.find(Locator::Css(css)).await.is_ok()
    }

    /// Waits until an element is gone.
    pub async fn wait_until_gone(&self, css: &str) -> Outcome {
        let end = Instant::now() + PATIENCE;
        while self.has(css).await {
            if Instant::now() > end {
                return Err(format!("{css} stayed for {PATIENCE:?}").into());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Waits until an element says something.
    pub async fn wait_for_words(&self, css: &str) -> Outcome {
        let end = Instant::now() + PATIENCE;
        while self.wait_for(css).await?.text().await?.trim().is_empty() {
            if Instant::now() > end {
                return Err(format!("{css} stayed empty for {PATIENCE:?}").into());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Clicks the element with this mark.
    pub async fn click(&self, mark: &str) -> Outcome {
        self.click_on(&marked(mark)).await
    }

    /// Clicks an element by its CSS selector. The page may redraw between finding and clicking,
    /// as for a hand that aims: then it aims again.
    pub async fn click_on(&self, css: &str) -> Outcome {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.wait_for(css).await?.click().await {
                Ok(()) => return Ok(()),
                Err(error) if Instant::now() > end => {
                    return Err(format!("{css} cannot be clicked: {error}").into());
                }
                Err(_) => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Double-clicks an element, with a real pointer.
    pub async fn double_click(&self, css: &str) -> Outcome {
        let element = self.wait_for(css).await?;
        tokio::time::sleep(BETWEEN_DOUBLE_CLICKS).await;
        let mut pointer =
            MouseActions::new("mouse".to_owned()).then(PointerAction::MoveToElement {
                element,
                duration: None,
                x: 0.0,
                y: 0.0,
            });
        for _ in 0..2 {
            pointer = pointer
                .then(PointerAction::Down { button: 0 })
                .then(PointerAction::Up { button: 0 });
        }
        self.0.perform_actions(pointer).await?;
        Ok(self.0.release_actions().await?)
    }

    /// Drags one element onto another, with a real pointer.
    pub async fn drag(&self, from: &str, onto: &str) -> Outcome {
        let (from, onto) = (self.wait_for(from).await?, self.wait_for(onto).await?);
        let over = |element| PointerAction::MoveToElement {
            element,
            duration: Some(Duration::from_millis(200)),
            x: 0.0,
            y: 0.0,
        };
        let pointer = MouseActions::new("mouse".to_owned())
            .then(over(from))
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::MoveBy {
                duration: Some(Duration::from_millis(100)),
                x: 12.0,
                y: 6.0,
            })
            .then(over(onto))
            .then(PointerAction::Up { button: 0 });
        self.0.perform_actions(pointer).await?;
        Ok(self.0.release_actions().await?)
    }

    /// Presses Ctrl and a letter.
    pub async fn press_ctrl(&self, letter: char) -> Outcome {
        self.press_with(&[Key::Control], letter).await
    }

    /// Presses Ctrl, Shift and a letter.
    pub async fn press_ctrl_shift(&self, letter: char) -> Outcome {
        self.press_with(&[Key::Control, Key::Shift], letter).await
    }

    async fn press_with(&self, held: &[Key], letter: char) -> Outcome {
        let mut keys = KeyActions::new("keys".to_owned());
        for key in held {
            let value = char::from(*key);
            keys = keys.then(KeyAction::Down { value });
        }
        keys = keys
            .then(KeyAction::Down { value: letter })
            .then(KeyAction::Up { value: letter });
        for key in held.iter().rev() {
            let value = char::from(*key);
            keys = keys.then(KeyAction::Up { value });
        }
        self.0.perform_actions(keys).await?;
        Ok(self.0.release_actions().await?)
    }

    /// Asks the core through the page's own door; for looking, not for doing.
    pub async fn ask(&self, command: &str, argument: Value) -> Outcome<Value> {
        self.invoke("dispatch", json!({ "name": command, "args": argument }))
            .await
    }

    /// Calls one of Tauri's commands from the page.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Outcome<Value> {
        const SCRIPT: &str = "
            const [command, values, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, values)
                .then((answer) => done({ answer }), (error) => done({ error }));";
        let told = self
            .run_async(SCRIPT, vec![json!(command), arguments])
            .await?;
        match told.get("error") {
            Some(error) => Err(format!("{command}: {error}").into()),
            None => Ok(told["answer"].clone()),
        }
    }

    /// Runs a script and answers what it returns.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.0.execute(script, arguments).await?)
    }

    /// Runs a script that calls its last argument with what it found.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.0.execute_async(script, arguments).await?)
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Outcome {
        Ok(self.0.refresh().await?)
    }

    /// Everything that can be read on the page.
    pub async fn text(&self) -> String {
        let text = self.run("return document.body.innerText", Vec::new()).await;
        text.ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Puts the page as it is now into a PNG file.
    pub async fn picture(&self, file: &Path) -> Outcome {
        let png = self.0.screenshot().await?;
        Ok(std::fs::write(file, png)?)
    }
}

/// The selector of a mark.
pub fn marked(mark: &str) -> String {
    format!("[data-testid=\"{mark}\"]")
}
