//! The menu of the tray icon, read and pressed as a desktop's panel does it.

use std::collections::HashMap;

use zbus::Proxy;
use zbus::proxy::{Builder, CacheProperties};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use super::Session;
use crate::Outcome;

/// A line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it says; empty for a line that only separates.
    pub label: String,
    /// Whether it can be pressed.
    pub enabled: bool,
    id: i32,
}

/// A node of the menu with its properties and children.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Session {
    /// What the menu offers now, from the top.
    pub async fn tray_menu(&self) -> Outcome<Vec<Entry>> {
        let menu = self.menu().await?;
        let none: &[&str] = &[];
        let (_, root): (u32, Node) = menu.call("GetLayout", &(0, -1, none)).await?;
        root.2.into_iter().map(entry).collect()
    }

    /// Presses the line that says this.
    pub async fn press_in_tray(&self, label: &str) -> Outcome {
        let entries = self.tray_menu().await?;
        let entry = entries
            .iter()
            .find(|entry| entry.label == label && entry.enabled)
            .ok_or_else(|| format!("{label} cannot be pressed in {entries:?}"))?;
        let pressed = (entry.id, "clicked", Value::I32(0), 0_u32);
        Ok(self.menu().await?.call("Event", &pressed).await?)
    }

    async fn menu(&self) -> Outcome<Proxy<'_>> {
        let icons = self.icons.all();
        let icon = icons.last().ok_or("there is no tray icon")?;
        let item = self
            .proxy(&icon.owner, &icon.path, "org.kde.StatusNotifierItem")
            .await?;
        let path: OwnedObjectPath = item.get_property("Menu").await?;
        self.proxy(&icon.owner, path.as_str(), "com.canonical.dbusmenu")
            .await
    }

    async fn proxy(&self, owner: &str, path: &str, interface: &str) -> Outcome<Proxy<'_>> {
        let proxy = Builder::new(self.connection())
            .destination(owner.to_owned())?
            .path(path.to_owned())?
            .interface(interface.to_owned())?
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        Ok(proxy)
    }
}

fn entry(node: OwnedValue) -> Outcome<Entry> {
    let (id, mut properties, _): Node = Value::from(node).try_into()?;
    let label = properties.remove("label").map(String::try_from);
    // Left out where it is as usual.
    let enabled = properties.remove("enabled").map(bool::try_from);
    Ok(Entry {
        label: label.transpose()?.unwrap_or_default(),
        enabled: enabled.transpose()?.unwrap_or(true),
        id,
    })
}
