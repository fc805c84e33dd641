//! Manners on the desktop, on a session bus of the test's own.

use std::path::Path;
use std::process::{Command, Stdio};

use partway_window_tests::Outcome;
use partway_window_tests::driver::{Driver, program};
use partway_window_tests::journey::{self, SHORT, TEBIBYTE};
use partway_window_tests::page::{Page, marked};
use partway_window_tests::session::Session;
use partway_window_tests::wait::{until, until_found};
use serde_json::{Value, json};

#[tokio::test]
async fn a_second_start_hands_its_link_over_and_ends() -> Outcome {
    let session = Session::start(false).await?;
    let data = tempfile::tempdir()?;
    let driver = Driver::start_on(&session, data.path()).await?;
    let page = driver.page();
    journey::speak(&page, "en").await?;
    journey::try_the_demo(&page).await?;

    let link = "cos://datasets-1250000000/genome/";
    assert!(start_again(&session, data.path(), &[link]).await?);
    page.wait_for("[data-testid=\"row\"][data-name=\"sample-0001.bam\"]")
        .await?;
    Ok(())
}

#[tokio::test]
async fn closing_hides_in_the_tray_and_a_notification_tells_the_end() -> Outcome {
    let session = Session::start(true).await?;
    let data = tempfile::tempdir()?;
    let driver = Driver::start_on(&session, data.path()).await?;
    let page = driver.page();
    journey::until_copying(&page, &SHORT).await?;
    until(|| session.has_icon(), "no tray icon").await?;

    driver.close_window().await?;
    // The window is away and the copy goes on: its end is told where it can be seen.
    until(|| driver.is_hidden().unwrap_or(false), "the window stayed").await?;
    until(|| !session.notices().is_empty(), "no notification").await?;
    assert_eq!(session.notices(), ["Copied and verified\nsample-0002.bam"]);

    // A second start is a way back.
    assert!(start_again(&session, data.path(), &[]).await?);
    until(
        || !driver.is_hidden().unwrap_or(true),
        "the window did not come back",
    )
    .await
}

#[tokio::test]
async fn closing_without_a_tray_asks_and_quitting_leaves_a_journal() -> Outcome {
    let session = Session::start(false).await?;
    let data = tempfile::tempdir()?;
    let driver = Driver::start_on(&session, data.path()).await?;
    let page = driver.page();
    journey::until_copying(&page, &TEBIBYTE).await?;
    driver.close_window().await?;
    page.find("leave-dialog").await?;
    page.click("leave-stay").await?;
    page.wait_until_gone(&marked("leave-dialog")).await?;

    driver.close_window().await?;
    page.find("leave-dialog").await?;
    page.click("leave-quit").await?;
    until(|| !driver.program_runs(), "the program stayed").await?;
    drop(driver);

    let again = Driver::start_on(&session, data.path()).await?;
    let page = again.page();
    page.find("interrupted-banner").await?;
    assert_eq!(journey::job(&page).await?.state, "interrupted");
    Ok(())
}

#[tokio::test]
async fn a_click_on_a_notification_leads_to_its_job() -> Outcome {
    let session = Session::start(true).await?;
    let data = tempfile::tempdir()?;
    let driver = Driver::start_on(&session, data.path()).await?;
    let page = driver.page();
    // One that takes long, and a second one of which the end is told.
    journey::until_copying(&page, &TEBIBYTE).await?;
    page.click("nav-browse").await?;
    journey::copy_and_paste(&page, &SHORT).await?;
    page.click_on(&format!("{}:not(:disabled)", marked("copy-start")))
        .await?;
    page.wait_until_gone(&marked("copy-dialog")).await?;
    page.click("nav-history").await?;
    until(|| session.has_icon(), "no tray icon").await?;
    driver.close_window().await?;
    until(|| driver.is_hidden().unwrap_or(false), "the window stayed").await?;
    until(|| !session.notices().is_empty(), "no notification").await?;
    assert_eq!(session.notices(), ["Copied and verified\nsample-0002.bam"]);

    session.click_notice().await?;
    until(
        || !driver.is_hidden().unwrap_or(true),
        "the window did not come back",
    )
    .await?;
    let job = "[data-testid=\"job\"][data-job=\"2\"][aria-selected=\"true\"]";
    page.wait_for(job).await?;
    Ok(())
}

#[tokio::test]
async fn light_and_dark_follow_the_desktop_while_the_window_is_open() -> Outcome {
    let session = Session::start(false).await?;
    session.begin_light().await?;
    let data = tempfile::tempdir()?;
    let driver = Driver::start_on(&session, data.path()).await?;
    let page = driver.page();
    page.find("try-demo").await?;
    page.run("window.stayed = true", Vec::new()).await?;
    let light = look(&page, false).await?;

    session.prefer(true).await?;
    let dark = look(&page, true).await?;
    assert_ne!(light, dark, "the page kept its colour");

    session.prefer(false).await?;
    assert_eq!(look(&page, false).await?, light);
    let stayed = page.run("return window.stayed", Vec::new()).await?;
    assert_eq!(stayed, true, "the page was loaded anew");
    Ok(())
}

/// The page's colour, once it knows what the desktop prefers.
async fn look(page: &Page, dark: bool) -> Outcome<Value> {
    const SCRIPT: &str = "return [matchMedia('(prefers-color-scheme: dark)').matches,
        getComputedStyle(document.body).backgroundColor];";
    let looked = async || {
        let seen = page.run(SCRIPT, Vec::new()).await?;
        let as_told = seen[0] == json!(dark);
        as_told
            .then(|| seen[1].clone())
            .ok_or_else(|| format!("it sees {seen}").into())
    };
    until_found(looked, "the page does not follow the desktop;").await
}

/// Starts the program a second time; answers whether that one ended well by itself.
async fn start_again(session: &Session, data: &Path, arguments: &[&str]) -> Outcome<bool> {
    let mut second = Command::new(program()?);
    second
        .args(arguments)
        .env("DBUS_SESSION_BUS_ADDRESS", &session.address)
        .env("PARTWAY_DATA_DIR", data)
        .stdin(Stdio::null());
    let status = tokio::task::spawn_blocking(move || second.status()).await??;
    Ok(status.success())
}
