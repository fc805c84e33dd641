//! Lines of progress, each with the time since the start.

use std::fmt::Display;
use std::sync::OnceLock;
use std::time::Instant;

static START: OnceLock<Instant> = OnceLock::new();

/// Says what happens now.
pub(crate) fn step(what: impl Display) {
    let elapsed = START.get_or_init(Instant::now).elapsed().as_secs_f64();
    println!("[{elapsed:7.1} s] {what}");
}
