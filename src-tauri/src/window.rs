//! The one window.

use partway_api::Config;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Url, WebviewWindowBuilder, Wry};
use tauri_plugin_window_state::StateFlags;

const LABEL: &str = "main";

/// Opens it as `tauri.conf.json` describes it. It stays on the pages of this program.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .ok_or(tauri::Error::WindowNotFound)?;
    let dev_url = app.config().build.dev_url.clone();
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(move |url| is_ours(url, dev_url.as_ref().filter(|_| tauri::is_dev())))
        .build()?;
    Ok(())
}

/// Brings it forward: somebody started the program a second time.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        for outcome in [window.unminimize(), window.show(), window.set_focus()] {
            if let Err(error) = outcome {
                tracing::warn!("the window could not be brought forward: {error}");
            }
        }
    }
}

/// Makes way while jobs go on: into the `tray`, or where there is none into the task bar.
pub(crate) fn step_aside(app: &AppHandle, tray: bool) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let outcome = if tray {
            window.hide()
        } else {
            window.minimize()
        };
        if let Err(error) = outcome {
            tracing::warn!("the window could not step aside: {error}");
        }
    }
}

/// Whether somebody sees what the page says.
pub(crate) fn is_looked_at(app: &AppHandle) -> bool {
    app.get_webview_window(LABEL)
        .is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// Keeps size and place beside the journal, so that each data folder has its own; whether it was
/// hidden is not kept.
pub(crate) fn geometry() -> TauriPlugin<Wry> {
    let kept = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    let mut geometry = tauri_plugin_window_state::Builder::new().with_state_flags(kept);
    if let Ok(folder) = Config::data_folder_from_env() {
        geometry = geometry.with_filename(folder.join("window.json").to_string_lossy());
    }
    geometry.build()
}

fn is_ours(url: &Url, dev_url: Option<&Url>) -> bool {
    // `tauri://localhost`, which Windows and Android spell `http(s)://tauri.localhost`.
    let bundled = url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
    bundled || dev_url.is_some_and(|dev| dev.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_program_are_ours() {
        let dev = Url::parse("http://localhost:5173").unwrap();
        let ours = |url: &str, dev| is_ours(&Url::parse(url).unwrap(), dev);
        assert!(ours("tauri://localhost/index.html", None));
        assert!(ours("https://tauri.localhost/", None));
        assert!(ours("http://localhost:5173/a", Some(&dev)));
        assert!(!ours("http://localhost:5173/a", None));
        assert!(!ours("http://localhost:5174/", Some(&dev)));
        assert!(!ours("https://example.com/", Some(&dev)));
        assert!(!ours("https://tauri.localhost.example.com/", None));
    }
}
