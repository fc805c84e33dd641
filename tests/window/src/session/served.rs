//! What our desktop offers on its bus: places for tray icons and notifications, and the setting
//! that says light or dark.

#![allow(
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    reason = "the interface macro hands over values, and reads also those we ignore"
)]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zbus::fdo;
use zbus::interface;
use zbus::message::Header;
use zbus::zvariant::{OwnedValue, Value};

/// A list that the bus fills and the test reads.
#[derive(Debug)]
pub(super) struct Said<T>(Arc<Mutex<Vec<T>>>);

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Said<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Said<T> {
    pub(super) fn all(&self) -> Vec<T> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn add(&self, one: T) -> usize {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.push(one);
        list.len()
    }
}

/// A tray icon: whose it is, and where on that program's connection it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Icon {
    pub(super) owner: String,
    pub(super) path: String,
}

/// Where tray icons announce themselves.
#[derive(Debug)]
pub(super) struct Watcher(pub(super) Said<Icon>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// Libraries give their icon's path here; whose it is says the message itself.
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let owner = header.sender().map(ToString::to_string);
        self.0.add(Icon {
            owner: owner.unwrap_or_default(),
            path: service.to_owned(),
        });
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        let _ = &self.0;
        true
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.all().into_iter().map(|icon| icon.path).collect()
    }
}

/// Where notifications are shown: here they are only written down, each as title, line feed, body.
#[derive(Debug)]
pub(super) struct Notifications(pub(super) Said<String>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    /// Answers its number: the first notification is 1.
    #[expect(clippy::too_many_arguments, reason = "the protocol has that many")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        summary: &str,
        body: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire: i32,
    ) -> u32 {
        let count = self.0.add(format!("{summary}\n{body}"));
        u32::try_from(count).unwrap_or(1)
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

/// The group and the name of the setting for light and dark.
pub(super) const COLOUR_SCHEME: (&str, &str) = ("org.freedesktop.appearance", "color-scheme");

/// Settings of the desktop, of which ours has one.
#[derive(Debug)]
pub(super) struct Appearance(pub(super) Arc<AtomicBool>);

/// 1 prefers dark, 2 light.
pub(super) fn scheme(dark: bool) -> Value<'static> {
    Value::U32(if dark { 1 } else { 2 })
}

#[interface(name = "org.freedesktop.portal.Settings")]
impl Appearance {
    fn read(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        if (namespace, key) != COLOUR_SCHEME {
            return Err(fdo::Error::UnknownProperty(key.to_owned()));
        }
        // In a variant of its own, as the interface has it.
        let value = Value::Value(Box::new(scheme(self.0.load(Ordering::SeqCst))));
        OwnedValue::try_from(value).map_err(|error| fdo::Error::Failed(error.to_string()))
    }
}
