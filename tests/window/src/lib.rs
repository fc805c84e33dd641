//! The real window, driven as a user would: the built program under an X server, through
//! WebKitGTK's own WebDriver.
//!
//! `PARTWAY_APP` names the program; `cargo xtask test --only window` and
//! `cargo xtask run --demo-tour` build it, start a display and set the variable.

pub mod axe;
pub mod driver;
pub mod evidence;
mod frame;
pub mod journey;
pub mod keyboard;
pub mod page;
pub mod screen_reader;
pub mod session;
pub mod wait;

/// What went wrong, as one sentence; the tests and the tour only print it.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Either the value or why not.
pub type Outcome<T = ()> = Result<T, Failed>;
