//! The close button, as a window manager passes it on.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::Outcome;

/// Asks the visible window of a process to close.
pub(crate) fn press(pid: u32) -> Outcome {
    let (x, screen) = x11rb::connect(None)?;
    let root = x.setup().roots[screen].root;
    let window = visible(&x, root, pid)?.ok_or("the program shows no window")?;
    let atom =
        |name: &str| -> Outcome<u32> { Ok(x.intern_atom(false, name.as_bytes())?.reply()?.atom) };
    let (protocols, delete) = (atom("WM_PROTOCOLS")?, atom("WM_DELETE_WINDOW")?);
    let wish = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
    x.send_event(false, window, EventMask::NO_EVENT, wish)?
        .check()?;
    Ok(())
}

/// Whether a process shows no window.
pub(crate) fn is_hidden(pid: u32) -> Outcome<bool> {
    let (x, screen) = x11rb::connect(None)?;
    let root = x.setup().roots[screen].root;
    Ok(visible(&x, root, pid)?.is_none())
}

/// Without a window manager every window lies on the root itself.
fn visible(x: &RustConnection, root: Window, pid: u32) -> Outcome<Option<Window>> {
    let names_pid = x.intern_atom(false, b"_NET_WM_PID")?.reply()?.atom;
    for window in x.query_tree(root)?.reply()?.children {
        let value = x
            .get_property(false, window, names_pid, AtomEnum::CARDINAL, 0, 1)?
            .reply();
        let owned =
            value.is_ok_and(|value| value.value32().and_then(|mut all| all.next()) == Some(pid));
        let shown = || -> Outcome<bool> {
            let told = x.get_window_attributes(window)?.reply()?;
            Ok(told.map_state == MapState::VIEWABLE && !told.override_redirect)
        };
        if owned && shown()? {
            return Ok(Some(window));
        }
    }
    Ok(None)
}
