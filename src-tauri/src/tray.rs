//! The tray icon: a menu and nothing else, because Linux reports no clicks on the icon. Never the
//! only way back to the window: a second start of the program is one too.

use std::sync::{Mutex, PoisonError};

use partway_api::contract::{Leave, Nothing};
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager};
use tokio::sync::oneshot;

use crate::app::Opened;
use crate::words::Words;
use crate::{leave, window};

const PAUSE: &str = "pause";
const OPEN: &str = "open";
const QUIT: &str = "quit";

/// The icon, once there is a place to show it.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Option<Shown>>);

struct Shown {
    /// Dropping it would take the icon away.
    _icon: TrayIcon,
    line: MenuItem<tauri::Wry>,
    entries: Vec<(MenuItem<tauri::Wry>, &'static str)>,
    said: (Words, String),
}

/// Shows the icon if it can be shown and is not yet. Answers whether somebody can come back by it.
pub(crate) async fn ensure(app: &AppHandle) -> bool {
    if !host_is_there().await {
        return false;
    }
    let (done, built) = oneshot::channel();
    let handle = app.clone();
    // Menus belong to the main thread.
    let sent = app.run_on_main_thread(move || {
        let _ = done.send(build_once(&handle));
    });
    sent.is_ok() && built.await.unwrap_or(false)
}

/// Says how things are; without an icon to nobody.
pub(crate) fn tell(app: &AppHandle, words: &Words, line: String) {
    let tray = app.state::<Tray>();
    let mut shown = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(shown) = shown.as_mut() else { return };
    let said = (words.clone(), line);
    if shown.said == said {
        return;
    }
    let mut outcome = shown.line.set_text(&said.1);
    if shown.said.0 != said.0 {
        for (entry, name) in &shown.entries {
            outcome = outcome.and(entry.set_text(words.say(name, &[])));
        }
    }
    if let Err(error) = outcome {
        tracing::warn!("the tray menu could not be changed: {error}");
    }
    shown.said = said;
}

fn build_once(app: &AppHandle) -> bool {
    let tray = app.state::<Tray>();
    let mut shown = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
    if shown.is_none() {
        // Where the indicator library is missing, loading it panics; then there is no tray.
        let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| build(app)));
        match built {
            Ok(Ok(icon)) => *shown = Some(icon),
            Ok(Err(error)) => tracing::warn!("no tray icon: {error}"),
            Err(_) => tracing::warn!("no tray icon: its library is missing"),
        }
    }
    shown.is_some()
}

fn build(app: &AppHandle) -> tauri::Result<Shown> {
    let words = Words::in_language(None);
    let entry =
        |id: &str, name| MenuItem::with_id(app, id, words.say(name, &[]), true, None::<&str>);
    let line = MenuItem::new(app, words.say("tray_idle", &[]), false, None::<&str>)?;
    let pause = entry(PAUSE, "tray_pause")?;
    let open = entry(OPEN, "tray_open")?;
    let quit = entry(QUIT, "tray_quit")?;
    let (above, below) = (
        PredefinedMenuItem::separator(app)?,
        PredefinedMenuItem::separator(app)?,
    );
    let menu = Menu::with_items(app, &[&line, &above, &pause, &open, &below, &quit])?;
    let mut builder = TrayIconBuilder::with_id("main")
        .menu(&menu)
        .tooltip("Partway")
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()));
    if let Some(icon) = app.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    Ok(Shown {
        _icon: builder.build(app)?,
        line,
        entries: vec![
            (pause, "tray_pause"),
            (open, "tray_open"),
            (quit, "tray_quit"),
        ],
        said: (words, String::new()),
    })
}

fn chosen(app: &AppHandle, entry: &str) {
    match entry {
        PAUSE => pause_all(app.clone()),
        OPEN => window::show(app),
        // Whoever asks here has seen what runs in the line above.
        QUIT => leave::go(app, Leave::Quit),
        _ => {}
    }
}

fn pause_all(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        if let Ok(api) = app.state::<Opened>().api()
            && let Err(error) = api.pause_all(Nothing {}).await
        {
            tracing::warn!("not everything could be paused: {}", error.message);
        }
    });
}

/// Whether the desktop shows tray icons. GNOME does not without an extension, and there an icon
/// would be a window lost.
#[cfg(target_os = "linux")]
async fn host_is_there() -> bool {
    watcher_has_host().await.unwrap_or(false)
}

#[cfg(target_os = "linux")]
async fn watcher_has_host() -> zbus::Result<bool> {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let bus = zbus::Connection::session().await?;
    // Asked once and not followed: a cache would only complain where there is no watcher.
    let watcher: zbus::Proxy<'_> = zbus::proxy::Builder::new(&bus)
        .destination(WATCHER)?
        .path("/StatusNotifierWatcher")?
        .interface(WATCHER)?
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
        .await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}

#[cfg(not(target_os = "linux"))]
async fn host_is_there() -> bool {
    true
}
