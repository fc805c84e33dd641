//! A desktop of our own: a session bus with a place for tray icons, one for notifications and the
//! bus of screen readers, all of it gone with the value.

mod served;
mod tray;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use served::{Appearance, COLOUR_SCHEME, Icon, Notifications, Said, Watcher, scheme};

use crate::Outcome;

pub use tray::Entry;

const NOTIFICATIONS: (&str, &str) = (
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
);
const WATCHER: (&str, &str) = ("/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher");
const PORTAL: (&str, &str) = (
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Desktop",
);

/// The bus, and what programs said on it.
#[derive(Debug)]
pub struct Session {
    daemon: Child,
    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub address: String,
    icons: Said<Icon>,
    notices: Said<String>,
    dark: Arc<AtomicBool>,
    connection: zbus::Connection,
}

impl Session {
    /// Starts a bus. With `tray` it has a watcher for icons, as KDE and others do; without, it is
    /// like GNOME's.
    pub async fn start(tray: bool) -> Outcome<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("dbus-daemon did not start: {error}"))?;
        let mut address = String::new();
        let output = daemon.stdout.take().ok_or("the bus says nothing")?;
        BufReader::new(output).read_line(&mut address)?;
        let address = address.trim().to_owned();

        let (icons, notices) = (Said::default(), Said::default());
        let mut builder = zbus::connection::Builder::address(address.as_str())?
            .serve_at(NOTIFICATIONS.0, Notifications(notices.clone()))?
            .name(NOTIFICATIONS.1)?;
        if tray {
            builder = builder
                .serve_at(WATCHER.0, Watcher(icons.clone()))?
                .name(WATCHER.1)?;
        }
        let connection = builder.build().await?;
        Ok(Self {
            daemon,
            address,
            icons,
            notices,
            dark: Arc::default(),
            connection,
        })
    }

    /// Whether a tray icon has announced itself.
    pub fn has_icon(&self) -> bool {
        !self.icons.all().is_empty()
    }

    /// Notifications so far: title, line feed, body.
    pub fn notices(&self) -> Vec<String> {
        self.notices.all()
    }

    /// Clicks on the newest notification.
    pub async fn click_notice(&self) -> Outcome {
        let newest = u32::try_from(self.notices.all().len())?;
        let (path, interface) = NOTIFICATIONS;
        let clicked = (newest, "default");
        self.connection
            .emit_signal(None::<&str>, path, interface, "ActionInvoked", &clicked)
            .await?;
        Ok(())
    }

    /// From now on the desktop has a setting for light and dark, which says light. Before the
    /// program starts.
    pub async fn begin_light(&self) -> Outcome {
        let (path, name) = PORTAL;
        let appearance = Appearance(Arc::clone(&self.dark));
        self.connection.object_server().at(path, appearance).await?;
        self.connection.request_name(name).await?;
        Ok(())
    }

    /// The user of the desktop prefers dark, or light again.
    pub async fn prefer(&self, dark: bool) -> Outcome {
        self.dark.store(dark, Ordering::SeqCst);
        let (namespace, key) = COLOUR_SCHEME;
        self.connection
            .emit_signal(
                None::<&str>,
                PORTAL.0,
                "org.freedesktop.portal.Settings",
                "SettingChanged",
                &(namespace, key, scheme(dark)),
            )
            .await?;
        Ok(())
    }

    /// Our own way onto the bus.
    pub fn connection(&self) -> &zbus::Connection {
        &self.connection
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
