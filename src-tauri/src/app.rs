//! Wiring: what is opened in which order, and how the program ends.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use partway_api::{Api, ApiError, Config, DemoSettings};
use partway_keychain::Keychain;
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tracing_subscriber::EnvFilter;

use crate::{commands, stream, window};

/// How long the first close waits for parts in flight. What does not finish in it is redone by
/// the next resume; nothing is lost.
const GRACE: Duration = Duration::from_secs(3);

/// The open contract, or why it could not be opened: then every command answers with that, and
/// the window shows it.
#[derive(Debug)]
pub(crate) struct Opened(Result<Api, ApiError>);

impl Opened {
    pub(crate) fn api(&self) -> Result<&Api, ApiError> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

/// Runs until the window is closed.
pub(crate) fn run() -> ExitCode {
    start_log();
    let app = tauri::Builder::default()
        .plugin(single_instance())
        .manage(stream::Stream::default())
        .manage(Quitting::default())
        .invoke_handler(tauri::generate_handler![
            commands::dispatch,
            commands::subscribe
        ])
        .setup(|app| {
            // Before the window, so that its first command finds it.
            app.manage(Opened(tauri::async_runtime::block_on(open())));
            quit_on_signal(app.handle().clone());
            window::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("partway could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start_log() {
    // That there is no session bus is no news on a machine without a desktop.
    let quiet = "warn,tauri_plugin_single_instance=error";
    let filter = EnvFilter::try_from_env("PARTWAY_LOG").unwrap_or_else(|_| EnvFilter::new(quiet));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

async fn open() -> Result<Api, ApiError> {
    let config = Config {
        data_folder: Config::data_folder_from_env()?,
        secrets: Arc::new(Keychain::new()),
        demo: DemoSettings::from_env()?,
    };
    let api = Api::open(config).await?;
    api.keep_appointments_in_background();
    Ok(api)
}

/// One window per data folder: a second start brings the first one forward. Where there is no
/// session bus to find it by, both run, and the journal's lease decides who drives which job.
fn single_instance() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let builder = tauri_plugin_single_instance::Builder::new()
        .callback(|app, _arguments, _folder| window::show(app));
    match std::env::var_os("PARTWAY_DATA_DIR") {
        None => builder.build(),
        Some(folder) => builder.dbus_id(bus_name(folder.as_encoded_bytes())).build(),
    }
}

/// A name of its own for every data folder that is not the default one.
fn bus_name(folder: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("dev.partway.desktop.folder{:016x}", hasher.finish())
}

/// Set by the first wish to quit.
#[derive(Debug, Default)]
struct Quitting(AtomicBool);

fn on_event(app: &AppHandle, event: RunEvent) {
    if let RunEvent::WindowEvent {
        event: WindowEvent::CloseRequested { api, .. },
        ..
    } = event
        && quit(app)
    {
        api.prevent_close();
    }
}

/// Asks the engine to come to rest and then leaves. Answers `false` to every wish after the first:
/// whoever asks twice does not want to wait, and the journal has everything.
fn quit(app: &AppHandle) -> bool {
    if app.state::<Quitting>().0.swap(true, Ordering::SeqCst) {
        return false;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Ok(api) = app.state::<Opened>().api() {
            api.shutdown(GRACE).await;
        }
        app.exit(0);
    });
    true
}

/// A terminal's Ctrl-C and a session that ends are wishes to quit like any other.
fn quit_on_signal(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        while signal().await.is_ok() {
            if !quit(&app) {
                app.exit(0);
            }
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
