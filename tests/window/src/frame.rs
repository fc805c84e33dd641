//! What a window manager does: passes on the close button, moves and resizes.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, MapState, Window,
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

/// Left, top, width and height of a process's window, in pixels of the screen.
pub(crate) fn geometry(pid: u32) -> Outcome<[i32; 4]> {
    let (x, screen) = x11rb::connect(None)?;
    let root = x.setup().roots[screen].root;
    let window = visible(&x, root, pid)?.ok_or("the program shows no window")?;
    let size = x.get_geometry(window)?.reply()?;
    let at = x.translate_coordinates(window, root, 0, 0)?.reply()?;
    let (left, top) = (i32::from(at.dst_x), i32::from(at.dst_y));
    Ok([left, top, i32::from(size.width), i32::from(size.height)])
}

/// Moves and resizes a process's window, as a hand at its edges would.
pub(crate) fn arrange(pid: u32, [left, top, width, height]: [i32; 4]) -> Outcome {
    let (x, screen) = x11rb::connect(None)?;
    let root = x.setup().roots[screen].root;
    let window = visible(&x, root, pid)?.ok_or("the program shows no window")?;
    let place = ConfigureWindowAux::new()
        .x(left)
        .y(top)
        .width(u32::try_from(width)?)
        .height(u32::try_from(height)?);
    x.configure_window(window, &place)?.check()?;
    Ok(())
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
