//! What every command shares: how it answers, and where its journal lies.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use partway_api::{Api, ApiError, Config, DemoSettings};
use partway_keychain::Keychain;
use serde::Serialize;

use crate::remedy;

/// How keys and servers' words are printed; `--json` has the exact text.
pub(crate) use partway_domain::readable;

/// The user's end of this program.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) json: bool,
    data_dir: Option<PathBuf>,
}

impl Terminal {
    pub(crate) fn new(json: bool, data_dir: Option<PathBuf>) -> Self {
        Self { json, data_dir }
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
                // A closed standard error leaves nobody to tell.
                writeln!(io::stderr(), "Waiting {seconds} s: {}", readable(why)).ok();
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
        Ok(api)
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

    /// One line of text on standard output; nothing with `--json`.
    pub(crate) fn say(&self, text: &str) {
        if !self.json {
            print(text);
        }
    }

    /// One line of JSON on standard output, whether or not `--json` was given.
    #[expect(clippy::unused_self, reason = "the terminal is what is written to")]
    pub(crate) fn value(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(json) => print(&json),
            Err(error) => print(&format!("{{\"error\":\"{error}\"}}")),
        }
    }

    /// Something to know that is no result: on standard error.
    #[expect(clippy::unused_self, reason = "the terminal is what is written to")]
    pub(crate) fn note(&self, text: &str) {
        // A closed standard error leaves nobody to tell.
        writeln!(io::stderr(), "{text}").ok();
    }

    /// Why the command did not succeed: on standard error, in JSON if that was asked for.
    pub(crate) fn complain(&self, error: &ApiError) {
        if self.json {
            let document = serde_json::json!({ "error": error });
            self.note(&document.to_string());
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

/// Ends the program quietly when whoever read the output has gone (`ls | head`).
fn print(line: &str) {
    if let Err(error) = writeln!(io::stdout(), "{line}") {
        std::process::exit(i32::from(error.kind() != io::ErrorKind::BrokenPipe));
    }
}
