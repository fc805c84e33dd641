//! The names and roles a screen reader finds in the real window.

use std::collections::BTreeSet;
use std::time::Duration;

use partway_window_tests::Outcome;
use partway_window_tests::driver::Driver;
use partway_window_tests::journey;
use partway_window_tests::screen_reader::{Spoken, begin, listen};
use partway_window_tests::session::Session;

/// Roles of what somebody can act on, by their numbers in `AtspiRole`.
const CONTROLS: &[(u32, &str)] = &[
    (7, "check box"),
    (11, "combo box"),
    (31, "list box"),
    (32, "list item"),
    (35, "menu item"),
    (37, "page tab"),
    (BUTTON, "button"),
    (44, "radio button"),
    (51, "slider"),
    (55, "table"),
    (56, "table cell"),
    (57, "column header"),
    (58, "row header"),
    (62, "toggle button"),
    (66, "tree table"),
    (79, "entry"),
    (88, "link"),
    (90, "table row"),
];
const BUTTON: u32 = 43;
const PAGE: u32 = 95;

/// What a control is called; `None` for what only groups others.
fn control(role: u32) -> Option<&'static str> {
    let found = CONTROLS.iter().find(|(number, _)| *number == role);
    found.map(|(_, word)| *word)
}

#[tokio::test]
async fn every_control_of_the_browser_has_a_name() -> Outcome {
    let session = Session::start(false).await?;
    let data = tempfile::tempdir()?;
    let heard_at = begin(&session).await?;
    let bus = [
        ("DBUS_SESSION_BUS_ADDRESS", session.address.as_str()),
        ("AT_SPI_BUS_ADDRESS", heard_at.as_str()),
    ];
    let driver = Driver::start(data.path(), &bus).await?;
    let page = driver.page();
    journey::speak(&page, "en").await?;
    journey::try_the_demo(&page).await?;
    page.find("row").await?;

    let mut spoken = listen(&session).await?;
    for _ in 0..20 {
        // The page's part of the tree joins the window's a little later.
        if spoken.iter().any(|one| one.role == PAGE) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        spoken = listen(&session).await?;
    }
    let controls: Vec<&Spoken> = spoken
        .iter()
        .filter(|one| control(one.role).is_some())
        .collect();
    let names: BTreeSet<(&str, &str)> = controls
        .iter()
        .filter(|one| !one.name.is_empty())
        .map(|one| (control(one.role).unwrap_or_default(), one.name.as_str()))
        .collect();
    for (role, name) in &names {
        println!("screen reader: {role}: {name}");
    }
    let unnamed = controls
        .iter()
        .filter(|one| one.name.is_empty() && one.role == BUTTON)
        .count();
    println!(
        "screen reader: {} things, {} controls, {} different names, {} buttons without a name",
        spoken.len(),
        controls.len(),
        names.len(),
        unnamed
    );
    assert!(names.len() >= 30, "only {} names: {spoken:?}", names.len());
    assert_eq!(unnamed, 0, "buttons without a name");
    Ok(())
}
