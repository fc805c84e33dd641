//! Closing the window and ending the program.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use partway_api::contract::Leave;
use partway_api::desktop::Closing;
use tauri::{AppHandle, Manager};

use crate::app::Opened;
use crate::{tray, window};

/// How long the first wish to quit waits for parts in flight. What does not finish in it is redone
/// by the next resume; nothing is lost.
const GRACE: Duration = Duration::from_secs(3);

/// Set by the first wish to quit.
#[derive(Debug, Default)]
pub(crate) struct Quitting(AtomicBool);

/// The close button. Answers `false` when the window may go at once: whoever asks twice to quit
/// does not want to wait, and the journal has everything.
pub(crate) fn close(app: &AppHandle) -> bool {
    if app.state::<Quitting>().0.load(Ordering::SeqCst) {
        return false;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match closing(&app).await {
            Closing::Go(leave) => go(&app, leave),
            Closing::Asked => window::show(&app),
        }
    });
    true
}

async fn closing(app: &AppHandle) -> Closing {
    let tray = tray::ensure(app).await;
    let closing = match app.state::<Opened>().api() {
        Ok(api) => api.close(tray).await,
        Err(error) => Err(error),
    };
    // Without a journal nothing runs that could be lost.
    closing.unwrap_or(Closing::Go(Leave::Quit))
}

/// Does what the user wished.
pub(crate) fn go(app: &AppHandle, leave: Leave) {
    match leave {
        Leave::Quit => quit(app),
        Leave::KeepRunning => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                let tray = tray::ensure(&app).await;
                window::step_aside(&app, tray);
            });
        }
    }
}

/// Asks the engine to come to rest and then ends the program; asked again, ends it at once.
pub(crate) fn quit(app: &AppHandle) {
    if app.state::<Quitting>().0.swap(true, Ordering::SeqCst) {
        app.exit(0);
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Ok(api) = app.state::<Opened>().api() {
            api.end(GRACE).await;
        }
        app.exit(0);
    });
}

/// Does what the page asks for.
pub(crate) fn follow_wishes(app: &AppHandle) {
    let Ok(mut wishes) = app
        .state::<Opened>()
        .api()
        .map(partway_api::Api::wishes_to_leave)
    else {
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        while let Ok(leave) = wishes.recv().await {
            go(&app, leave);
        }
    });
}

/// A terminal's Ctrl-C and a session that ends are wishes to quit like any other.
pub(crate) fn quit_on_signal(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        while signal().await.is_ok() {
            quit(&app);
        }
    });
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
