//! What the desktop asks of the page, and how the page lets the window go.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that happened outside of the page and is for the page to do. Comes over the stream,
/// once, to whoever listens first; what nobody listens to yet waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum DesktopCall {
    /// A link of the form `cos://bucket/key` was handed over: open that place in Browse.
    OpenAddress { address: String },
    /// The notification about this job was clicked; without one, several were.
    OpenJob { job: Option<u32> },
    /// Somebody closes the window while so many jobs run here: ask what shall become of them.
    AskToLeave { running: u32 },
}

/// What becomes of running jobs when the window goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// They go on; the window hides in the tray, or where there is none it is minimised.
    KeepRunning,
    /// They come to rest in the journal and the program ends.
    Quit,
}

/// What closing the window does while jobs run; without any it ends the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OnClose {
    /// They go on in the tray; where there is none, the page asks.
    #[default]
    KeepRunning,
    /// The page asks each time.
    Ask,
    /// They come to rest and the program ends.
    Quit,
}

value! {
/// The answer to [`DesktopCall::AskToLeave`], or the user's own wish.
pub struct LeaveRequest {
    pub leave: Leave,
    /// Do the same from now on, without asking.
    pub remember: bool,
}
}
