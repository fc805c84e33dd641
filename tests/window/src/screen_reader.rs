//! What a screen reader is told: the tree of the real window on the accessibility bus.

use std::collections::VecDeque;

use zbus::proxy::{Builder, CacheProperties};
use zbus::zvariant::OwnedObjectPath;
use zbus::{Connection, Proxy};

use crate::Outcome;
use crate::session::Session;

const ROOT: &str = "/org/a11y/atspi/accessible/root";
const REGISTRY: &str = "org.a11y.atspi.Registry";
const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";

/// More than any screen has; a tree that is deeper goes in circles.
const AT_MOST: usize = 3_000;

/// Something in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// `AtspiRole` by its number, as programs tell it; names of roles are the listener's own.
    pub role: u32,
    /// What is read aloud; empty for what only groups others.
    pub name: String,
}

/// Says on a session's bus that somebody listens: programs speak only then. Before they start.
/// Answers the address of the bus, for `AT_SPI_BUS_ADDRESS`: the display may still name an
/// earlier one.
pub async fn begin(session: &Session) -> Outcome<String> {
    let status: Proxy<'_> = Builder::new(session.connection())
        .destination("org.a11y.Bus")?
        .path("/org/a11y/bus")?
        .interface("org.a11y.Status")?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    status.set_property("IsEnabled", true).await?;
    status.set_property("ScreenReaderEnabled", true).await?;
    address(session).await
}

async fn address(session: &Session) -> Outcome<String> {
    let bus = session.connection();
    let name = Some("org.a11y.Bus");
    let told = bus
        .call_method(name, "/org/a11y/bus", name, "GetAddress", &())
        .await?;
    Ok(told.body().deserialize()?)
}

/// Everything that programs on a session's accessibility bus show now.
pub async fn listen(session: &Session) -> Outcome<Vec<Spoken>> {
    let address = address(session).await?;
    let bus = zbus::connection::Builder::address(address.as_str())?
        .build()
        .await?;
    let mut spoken = Vec::new();
    let mut waiting = VecDeque::from([(REGISTRY.to_owned(), ROOT.to_owned())]);
    while let Some((program, path)) = waiting.pop_front() {
        if spoken.len() > AT_MOST {
            return Err("the tree does not end".into());
        }
        let node = node(&bus, &program, &path).await?;
        // What goes away while it is looked at is not there.
        let Ok(role) = node.call::<_, _, u32>("GetRole", &()).await else {
            continue;
        };
        let name = node
            .get_property::<String>("Name")
            .await
            .unwrap_or_default();
        // One by one: asked for all at once, GTK leaves out the page, which is another process.
        let count: i32 = node.get_property("ChildCount").await.unwrap_or_default();
        for at in 0..count {
            let child: zbus::Result<(String, OwnedObjectPath)> =
                node.call("GetChildAtIndex", &(at)).await;
            if let Ok((program, path)) = child {
                waiting.push_back((program, path.to_string()));
            }
        }
        spoken.push(Spoken { role, name });
    }
    Ok(spoken)
}

async fn node<'a>(bus: &Connection, program: &'a str, path: &'a str) -> zbus::Result<Proxy<'a>> {
    Builder::new(bus)
        .destination(program)?
        .path(path)?
        .interface(ACCESSIBLE)?
        .cache_properties(CacheProperties::No)
        .build()
        .await
}
