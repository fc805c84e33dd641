//! Manners on the desktop, on a session bus of the test's own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use partway_window_tests::Outcome;
use partway_window_tests::driver::{Driver, program};
use partway_window_tests::journey::{self, Errand, SHORT, TEBIBYTE};
use partway_window_tests::page::{Page, marked};
use partway_window_tests::session::Session;

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_second_start_hands_its_link_over_and_ends() -> Outcome {
    let session = Session::start(false).await?;
    let data = tempfile::tempdir()?;
    let driver = on(&session, data.path()).await?;
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
    let driver = on(&session, data.path()).await?;
    let page = driver.page();
    copy_runs(&page, &SHORT).await?;
    until(|| !session.icons().is_empty(), "no tray icon").await?;

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
    let driver = on(&session, data.path()).await?;
    let page = driver.page();
    copy_runs(&page, &TEBIBYTE).await?;
    driver.close_window().await?;
    page.find("leave-dialog").await?;
    page.click("leave-stay").await?;
    page.wait_until_gone(&marked("leave-dialog")).await?;

    driver.close_window().await?;
    page.find("leave-dialog").await?;
    page.click("leave-quit").await?;
    until(|| !driver.program_runs(), "the program stayed").await?;
    drop(driver);

    let again = on(&session, data.path()).await?;
    let page = again.page();
    page.find("interrupted-banner").await?;
    assert_eq!(journey::job(&page).await?.state, "interrupted");
    Ok(())
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

async fn on(session: &Session, data: &Path) -> Outcome<Driver> {
    Driver::start(data, &[("DBUS_SESSION_BUS_ADDRESS", &session.address)]).await
}

/// The demo cloud with an object on its way.
async fn copy_runs(page: &Page, errand: &Errand) -> Outcome {
    journey::speak(page, "en").await?;
    journey::try_the_demo(page).await?;
    journey::open_both(page, errand).await?;
    journey::copy_and_paste(page, errand).await?;
    journey::start(page).await?;
    journey::until_share(page, 0.005).await?;
    Ok(())
}

async fn until(reached: impl Fn() -> bool, otherwise: &str) -> Outcome {
    let end = Instant::now() + PATIENCE;
    while !reached() {
        if Instant::now() > end {
            return Err(otherwise.into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}
