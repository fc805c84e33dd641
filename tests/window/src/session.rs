//! A desktop of our own: a session bus with a place for tray icons, one for notifications and the
//! bus of screen readers, all of it gone with the value.

#![allow(
    clippy::used_underscore_binding,
    reason = "what the interface macro makes reads every argument, also those we ignore"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use zbus::interface;

use crate::Outcome;

/// The bus, and what programs said on it.
#[derive(Debug)]
pub struct Session {
    daemon: Child,
    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub address: String,
    /// Tray icons that have announced themselves.
    icons: Said,
    /// Titles and bodies of notifications, each with a line feed between.
    notices: Said,
    connection: zbus::Connection,
}

type Said = Arc<Mutex<Vec<String>>>;

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
            .serve_at(
                "/org/freedesktop/Notifications",
                Notifications(Arc::clone(&notices)),
            )?
            .name("org.freedesktop.Notifications")?;
        if tray {
            builder = builder
                .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&icons)))?
                .name("org.kde.StatusNotifierWatcher")?;
        }
        let connection = builder.build().await?;
        Ok(Self {
            daemon,
            address,
            icons,
            notices,
            connection,
        })
    }

    /// Tray icons so far.
    pub fn icons(&self) -> Vec<String> {
        said(&self.icons)
    }

    /// Notifications so far.
    pub fn notices(&self) -> Vec<String> {
        said(&self.notices)
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

fn said(list: &Said) -> Vec<String> {
    list.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn add(list: &Said, what: String) {
    list.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(what);
}

/// Where tray icons announce themselves.
#[derive(Debug)]
struct Watcher(Said);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str) {
        add(&self.0, service.to_owned());
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        !self.0.is_poisoned()
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        said(&self.0)
    }
}

/// Where notifications are shown: here they are only written down.
#[derive(Debug)]
struct Notifications(Said);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the protocol has that many")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        summary: &str,
        body: &str,
        _actions: Vec<String>,
        _hints: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
        _expire: i32,
    ) -> u32 {
        add(&self.0, format!("{summary}\n{body}"));
        u32::try_from(said(&self.0).len()).unwrap_or(1)
    }

    fn close_notification(&self, _id: u32) {
        let _ = &self.0;
    }

    fn get_capabilities(&self) -> Vec<String> {
        let _ = &self.0;
        vec!["actions".to_owned(), "body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let _ = &self.0;
        let word = |text: &str| text.to_owned();
        (word("test"), word("partway"), word("1"), word("1.2"))
    }
}
