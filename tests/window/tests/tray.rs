//! The menu of the tray icon, pressed as a desktop's panel does it.

use partway_window_tests::Outcome;
use partway_window_tests::driver::Driver;
use partway_window_tests::journey::{self, TEBIBYTE};
use partway_window_tests::session::Session;
use partway_window_tests::wait::{until, until_found};

#[tokio::test]
async fn the_tray_menu_tells_how_things_are_and_does_what_it_says() -> Outcome {
    let session = Session::start(true).await?;
    let data = tempfile::tempdir()?;
    let driver = Driver::start_on(&session, data.path()).await?;
    let page = driver.page();
    journey::until_copying(&page, &TEBIBYTE).await?;
    until(|| session.has_icon(), "no tray icon").await?;

    let line = says(&session, "Running: 1 · ").await?;
    assert_eq!(
        line,
        ["", "Pause all", "Open Partway", "", "Quit"],
        "below the line that tells how things are"
    );

    driver.close_window().await?;
    until(|| driver.is_hidden().unwrap_or(false), "the window stayed").await?;
    session.press_in_tray("Open Partway").await?;
    until(
        || !driver.is_hidden().unwrap_or(true),
        "the window did not come back",
    )
    .await?;

    session.press_in_tray("Pause all").await?;
    let paused = async || match journey::job(&page).await? {
        job if job.state == "paused" => Ok(()),
        job => Err(format!("it is {job:?}").into()),
    };
    until_found(paused, "the job was not paused;").await?;
    says(&session, "Nothing is running").await?;

    // The menu speaks the language that is chosen in the window.
    journey::speak(&page, "de").await?;
    let line = says(&session, "Nichts läuft").await?;
    assert_eq!(line, ["", "Alle anhalten", "Partway öffnen", "", "Beenden"]);

    session.press_in_tray("Beenden").await?;
    until(|| !driver.program_runs(), "the program stayed").await?;
    drop(driver);
    let again = Driver::start_on(&session, data.path()).await?;
    let page = again.page();
    page.find("nav-transfers").await?;
    assert_eq!(journey::job(&page).await?.state, "paused");
    Ok(())
}

/// Waits until the first line of the menu begins like this and cannot be pressed; answers the
/// others, all of which can.
async fn says(session: &Session, beginning: &str) -> Outcome<Vec<String>> {
    let look = async || {
        let menu = session.tray_menu().await?;
        let (line, others) = menu.split_first().ok_or("the menu is empty")?;
        let told = line.label.starts_with(beginning) && !line.enabled;
        let pressable = others.iter().all(|entry| entry.enabled);
        if told && pressable {
            Ok(others.iter().map(|entry| entry.label.clone()).collect())
        } else {
            Err(format!("it is {menu:?}").into())
        }
    };
    until_found(look, "the menu says something else;").await
}
