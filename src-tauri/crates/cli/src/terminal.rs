//! What every command shares: how it answers, and where its journal lies.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use partway_api::{Api, ApiError, Config, DemoSettings};
use partway_keychain::Keychain;
use serde::Serialize;

use crate::remedy;

/// How keys and servers' words are printed; `--json` has the exact text.
pub(crate) use partway_domain::readable;

/// What an earlier process was giving up is gone on with so long at the end of a command.
const GIVING_UP: Duration = Duration::from_secs(2);

/// The user's end of this program.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) json: bool,
    data_dir: Option<PathBuf>,
    opened: Mutex<Option<Api>>,
    /// Whoever read standard output has gone.
    is_closed: AtomicBool,
    /// Standard output could not be written for another reason.
    is_unwritten: AtomicBool,
}

impl Terminal {
    pub(crate) fn new(json: bool, data_dir: Option<PathBuf>) -> Self {
        Self {
            json,
            data_dir,
            opened: Mutex::default(),
            is_closed: AtomicBool::default(),
            is_unwritten: AtomicBool::default(),
        }
    }

    /// Opens the journal and the engine.
    pub(crate) async fn open(&self) -> Result<Api, ApiError> {
        let api = Api::open(Config {
            data_folder: self.data_folder()?,
            secrets: Arc::new(Keychain::new()),
            demo: DemoSettings::from_env()?,
        })
        .await?;
        let waits = api.clone();
        tokio::spawn(async move {
            let tell = |seconds, why: &str| {
                remark(&format!("Waiting {seconds} s: {}", readable(why)));
            };
            waits.tell_of_waits(tell).await;
        });
        if let Some(path) = api.set_aside() {
            self.note(&format!(
                "The journal was damaged and moved to {}; a new one is begun. \
                 Copies that were under way are not in it.",
                path.display()
            ));
        }
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(api.clone());
        Ok(api)
    }

    /// The end of a command: jobs that an earlier process did not come to the end of giving up
    /// get a moment, whatever this command was about.
    pub(crate) async fn leave(&self) {
        let opened = self
            .opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(api) = opened {
            // What cannot be read here is met again by the next process.
            api.until_given_up(GIVING_UP).await.ok();
        }
    }

    fn data_folder(&self) -> Result<PathBuf, ApiError> {
        match &self.data_dir {
            Some(folder) => Ok(folder.clone()),
            None => Config::data_folder_from_env(),
        }
    }

    /// The folder given on the command line, if any.
    pub(crate) fn data_dir(&self) -> Option<&Path> {
        self.data_dir.as_deref()
    }

    /// Text on standard output; nothing with `--json`.
    pub(crate) fn say(&self, text: &str) {
        if !self.json {
            self.print(&readable_lines(text));
        }
    }

    /// One line of JSON on standard output, whether or not `--json` was given.
    pub(crate) fn value(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(json) => self.print(&json),
            Err(error) => self.print(&format!("{{\"error\":\"{error}\"}}")),
        }
    }

    /// Something to know that is no result: on standard error.
    #[expect(clippy::unused_self, reason = "the terminal is what is written to")]
    pub(crate) fn note(&self, text: &str) {
        remark(&readable_lines(text));
    }

    /// Whether nobody reads standard output any more (`ls | head`): a list may end there. A copy
    /// goes on.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Whether standard output could not be written although somebody may want it.
    pub(crate) fn is_unwritten(&self) -> bool {
        self.is_unwritten.load(Ordering::Relaxed)
    }

    fn print(&self, text: &str) {
        if let Err(error) = writeln!(io::stdout(), "{text}") {
            let why = match error.kind() {
                io::ErrorKind::BrokenPipe => &self.is_closed,
                _ => &self.is_unwritten,
            };
            why.store(true, Ordering::Relaxed);
        }
    }

    /// Why the command did not succeed: on standard error, in JSON if that was asked for.
    pub(crate) fn complain(&self, error: &ApiError) {
        if self.json {
            let document = serde_json::json!({ "error": error });
            remark(&document.to_string());
            return;
        }
        self.note(&format!("partway-cli: {}", readable(&error.to_string())));
        if let Some(remedy) = remedy::of(error) {
            self.note(remedy);
        }
    }

    /// Whether somebody watches standard error.
    pub(crate) fn is_watched(&self) -> bool {
        !self.json && io::stderr().is_terminal()
    }
}

/// On standard error, exactly. A closed one leaves nobody to tell, and stops nothing.
fn remark(text: &str) {
    writeln!(io::stderr(), "{text}").ok();
}

/// As [`readable`], for a text of several lines: whatever comes from servers, keys or arguments
/// and was not made readable where it was put in.
pub(crate) fn readable_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(readable).collect();
    lines.join("\n")
}
