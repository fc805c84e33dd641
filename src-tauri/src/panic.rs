//! What a panic prints.

use std::panic::PanicHookInfo;

/// Prints where it happened, and the message only if it is a literal of this program: a formatted
/// one could hold anything, also what must not reach a log.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{}", report(panic))));
}

fn report(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("unnamed");
    let message = panic
        .payload()
        .downcast_ref::<&'static str>()
        .unwrap_or(&"message withheld");
    match panic.location() {
        Some(place) => format!("partway: thread {name} panicked at {place}: {message}"),
        None => format!("partway: thread {name} panicked: {message}"),
    }
}
