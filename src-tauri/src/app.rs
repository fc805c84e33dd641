//! Wiring: what is opened in which order, and how the program ends.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::ExitCode;
use std::sync::Arc;

use partway_api::{Api, ApiError, Config, DemoSettings};
use partway_keychain::Keychain;
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tracing_subscriber::EnvFilter;

use crate::{commands, desk, leave, stream, tray, window};

/// The open contract, or why it could not be opened: then every command answers with that, and
/// the window shows it.
#[derive(Debug)]
pub(crate) struct Opened(Result<Api, ApiError>);

impl Opened {
    pub(crate) fn api(&self) -> Result<&Api, ApiError> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

/// Runs until somebody quits.
pub(crate) fn run() -> ExitCode {
    start_log();
    let app = tauri::Builder::default()
        .plugin(single_instance())
        .plugin(window::geometry())
        .plugin(tauri_plugin_notification::init())
        .manage(stream::Stream::default())
        .manage(desk::Desk::default())
        .manage(tray::Tray::default())
        .manage(leave::Quitting::default())
        .invoke_handler(tauri::generate_handler![
            commands::dispatch,
            commands::subscribe
        ])
        .setup(|app| {
            // Before the window, so that its first command finds it.
            app.manage(Opened(tauri::async_runtime::block_on(open())));
            let app = app.handle();
            leave::quit_on_signal(app);
            leave::follow_wishes(app);
            desk::follow_clicks(app);
            desk::keep(app);
            open_link(app, &arguments());
            window::open(app)?;
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
    api.forget_old_jobs_in_background();
    Ok(api)
}

/// What the program was started with. A name that is no text is no link either.
fn arguments() -> Vec<String> {
    std::env::args_os()
        .skip(1)
        .filter_map(|word| word.into_string().ok())
        .collect()
}

/// One window per data folder: a second start brings the first one forward and hands over its
/// link. Where there is no
/// session bus to find it by, both run, and the journal's lease decides who drives which job.
fn single_instance() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let builder =
        tauri_plugin_single_instance::Builder::new().callback(|app, arguments, _folder| {
            window::show(app);
            open_link(app, &arguments);
        });
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

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } if leave::close(app) => api.prevent_close(),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            let urls: Vec<String> = urls.iter().map(ToString::to_string).collect();
            open_link(app, &urls);
        }
        _ => {}
    }
}

/// Hands a link over to the page, if there is one among the words.
fn open_link(app: &AppHandle, words: &[String]) {
    if let Ok(api) = app.state::<Opened>().api() {
        api.open_link(words.iter().map(String::as_str));
    }
}
