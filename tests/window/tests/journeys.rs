//! The six journeys through the real window, without a mouse: each screen they come by is judged
//! by axe inside of `WebKitGTK`.

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use partway_window_tests::axe::Judgement;
use partway_window_tests::driver::Driver;
use partway_window_tests::evidence::PartCopies;
use partway_window_tests::journey::{self, SHORT};
use partway_window_tests::page::{Page, marked};
use partway_window_tests::{Failed, Outcome};
use serde_json::Value;

const LEFT: &str = "pane-left";
const RIGHT: &str = "pane-right";
const BACKUP: &str = "backup-1250000000";
const PHOTOS: &str = "photos-1250000000";
const ARCHIVE: &str = "archive-1250000000";

/// The demo cloud restores within seconds, and the engine looks every quarter of a minute.
const RESTORED: Duration = Duration::from_secs(120);

#[tokio::test]
async fn the_six_journeys_without_a_mouse() -> Outcome {
    let mut judgement = Judgement::default();
    let mut failed = Vec::new();
    let mut walked = 0;
    macro_rules! walk {
        ($($name:literal: $journey:ident,)*) => {$(
            let started = Instant::now();
            let told = match $journey().await {
                Ok(seen) => {
                    judgement.add(seen);
                    walked += 1;
                    "ok".to_owned()
                }
                Err(error) => {
                    failed.push($name);
                    error.to_string()
                }
            };
            println!("journey {}: {told} ({:.0} s)", $name, started.elapsed().as_secs_f64());
        )*};
    }
    walk! {
        "add an account": adding_an_account,
        "copy": copying,
        "kill and resume": killing_and_resuming,
        "conflict": answering_a_conflict,
        "cold object": asking_back_a_cold_object,
        "orphan cleaning": cleaning_orphans,
    }
    for line in judgement.violations() {
        println!("axe: {line}");
    }
    let (pages, violations) = (judgement.pages(), judgement.violations().len());
    println!(
        "window journeys: {walked}, keyboard only: {walked}, axe pages: {pages}, axe violations: {violations}"
    );
    if !failed.is_empty() {
        return Err(Failed::from(format!(
            "did not come to their end: {}",
            failed.join(", ")
        )));
    }
    assert_eq!(violations, 0, "axe found violations");
    Ok(())
}

async fn adding_an_account() -> Outcome<Judgement> {
    let (data, driver) = started().await?;
    let (page, mut seen) = (driver.page(), Judgement::default());
    seen.look(&page, "first run").await?;
    try_the_demo(&page).await?;
    let keys = demo_keys(data.path())?;
    page.enter_on("nav-accounts").await?;
    seen.look(&page, "accounts").await?;
    page.enter_on("add-account-accounts").await?;
    page.find("account-dialog").await?;
    seen.look(&page, "account: provider").await?;
    page.press_until(Key::Down, &format!("{}:checked", marked("provider-s3")))
        .await?;
    page.press(Key::Enter).await?;
    page.fill("account-name", "By hand").await?;
    page.fill(
        "account-access-key",
        keys["access_key"].as_str().unwrap_or_default(),
    )
    .await?;
    page.fill(
        "account-secret-key",
        keys["secret_key"].as_str().unwrap_or_default(),
    )
    .await?;
    page.fill("account-region", "us-east-1").await?;
    page.fill("account-endpoint", keys["url"].as_str().unwrap_or_default())
        .await?;
    seen.look(&page, "account: keys").await?;
    page.enter_on("account-test").await?;
    page.wait_for(&format!("{}[data-ok=true]", marked("account-checks")))
        .await?;
    seen.look(&page, "account: test").await?;
    page.enter_on("account-save").await?;
    page.wait_until_gone(&marked("account-dialog")).await?;
    let text = page.text().await;
    if !text.contains("By hand") {
        return Err("the new account is not listed".into());
    }
    Ok(seen)
}

async fn copying() -> Outcome<Judgement> {
    let (_data, driver) = started().await?;
    let (page, mut seen) = (driver.page(), Judgement::default());
    try_the_demo(&page).await?;
    stand_at(&page, LEFT, PHOTOS).await?;
    stand_at(&page, RIGHT, BACKUP).await?;
    seen.look(&page, "browse").await?;
    copy(&page, "readme.txt", &mut seen).await?;
    job_in(&page, "done").await?;
    page.find("job-verified").await?;
    seen.look(&page, "transfers").await?;
    page.enter_on("nav-history").await?;
    page.find("history-row").await?;
    seen.look(&page, "history").await?;
    page.enter_on("nav-settings").await?;
    seen.look(&page, "settings").await?;
    Ok(seen)
}

async fn killing_and_resuming() -> Outcome<Judgement> {
    let (data, first) = started().await?;
    let (page, mut seen) = (first.page(), Judgement::default());
    try_the_demo(&page).await?;
    for name in SHORT.from {
        stand_at(&page, LEFT, name).await?;
    }
    stand_at(&page, RIGHT, SHORT.to).await?;
    copy(&page, SHORT.object, &mut seen).await?;
    let before = journey::until_share(&page, 0.3).await?;
    first.kill_program()?;
    drop(first);
    let mut copies = PartCopies::read(data.path(), SHORT.object)?;

    let second = Driver::start(data.path(), &[]).await?;
    let page = second.page();
    page.find("interrupted-banner").await?;
    seen.look(&page, "interrupted").await?;
    page.enter_on("resume-all").await?;
    to_transfers(&page).await?;
    let after = journey::until_verified(&page).await?;
    copies.add(&PartCopies::read(data.path(), SHORT.object)?);
    if copies.parts() != after.parts_total as usize || copies.repeated() > before.in_flight {
        return Err(format!("{copies:?} of {after:?}").into());
    }
    Ok(seen)
}

async fn answering_a_conflict() -> Outcome<Judgement> {
    let (_data, driver) = started().await?;
    let (page, mut seen) = (driver.page(), Judgement::default());
    try_the_demo(&page).await?;
    stand_at(&page, LEFT, PHOTOS).await?;
    stand_at(&page, RIGHT, BACKUP).await?;
    for state in ["done", "waiting"] {
        page.chord(&[Key::Control], 'b').await?;
        page.tab_to(&grid(LEFT)).await?;
        copy(&page, "readme.txt", &mut seen).await?;
        job_in(&page, state).await?;
    }
    page.enter_on("job").await?;
    page.find("waiting").await?;
    seen.look(&page, "conflict").await?;
    page.enter_on("answer-keep_both").await?;
    job_in(&page, "done").await?;
    page.wait_until_gone(&marked("waiting")).await?;
    Ok(seen)
}

async fn asking_back_a_cold_object() -> Outcome<Judgement> {
    let (_data, driver) = started().await?;
    let (page, mut seen) = (driver.page(), Judgement::default());
    try_the_demo(&page).await?;
    stand_at(&page, LEFT, ARCHIVE).await?;
    stand_at(&page, RIGHT, BACKUP).await?;
    copy(&page, "2019/", &mut seen).await?;
    job_in(&page, "waiting").await?;
    page.enter_on("job").await?;
    page.enter_on("answer-restore").await?;
    page.find("restore-dialog").await?;
    seen.look(&page, "restore").await?;
    page.tab_to(&marked("restore-tier")).await?;
    page.write("Exp").await?;
    page.fill("restore-days", "2").await?;
    page.press(Key::Enter).await?;
    page.wait_until_gone(&marked("restore-dialog")).await?;
    page.wait_for(&format!("{}[data-restoring=true]", marked("waiting")))
        .await?;
    let end = Instant::now() + RESTORED;
    while !page
        .has(&format!("{}[data-state=done]", marked("job")))
        .await
    {
        if Instant::now() > end {
            return Err("the archived object was not copied after its restore".into());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(seen)
}

async fn cleaning_orphans() -> Outcome<Judgement> {
    let (_data, driver) = started().await?;
    let (page, mut seen) = (driver.page(), Judgement::default());
    try_the_demo(&page).await?;
    page.chord(&[Key::Control, Key::Shift], 'u').await?;
    let before = all_uploads(&page).await?;
    seen.look(&page, "incomplete uploads").await?;
    page.tab_to(&format!("[role=grid]:has({})", marked("upload")))
        .await?;
    page.press(Key::Home).await?;
    page.chord(&[], ' ').await?;
    page.enter_on("uploads-abort").await?;
    page.find("abort-dialog").await?;
    seen.look(&page, "abort").await?;
    page.enter_on("abort-confirm").await?;
    page.wait_until_gone(&marked("abort-dialog")).await?;
    let end = Instant::now() + Duration::from_secs(30);
    while uploads(&page).await? != before - 1 {
        if Instant::now() > end {
            return Err(format!("{before} uploads stayed {}", uploads(&page).await?).into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(seen)
}

/// A window in English on a folder of its own.
async fn started() -> Outcome<(tempfile::TempDir, Driver)> {
    let data = tempfile::tempdir()?;
    let driver = Driver::start(data.path(), &[]).await?;
    let page = driver.page();
    journey::speak(&page, "en").await?;
    page.find("try-demo").await?;
    Ok((data, driver))
}

async fn try_the_demo(page: &Page) -> Outcome {
    page.enter_on("try-demo").await?;
    page.find(LEFT).await?;
    Ok(())
}

/// Opens a line of a pane, with the focus left in it.
async fn stand_at(page: &Page, side: &str, name: &str) -> Outcome {
    page.tab_to(&grid(side)).await?;
    page.open_by_name(side, name).await
}

/// Copies a line of the left pane into the place on the right, and goes to Transfers.
async fn copy(page: &Page, name: &str, seen: &mut Judgement) -> Outcome {
    page.tab_to(&grid(LEFT)).await?;
    page.select_by_name(LEFT, name).await?;
    page.chord(&[Key::Control], 'c').await?;
    page.tab_to(&grid(RIGHT)).await?;
    page.chord(&[Key::Control, Key::Shift], 'v').await?;
    page.find("copy-dialog").await?;
    page.wait_for(&format!(
        "{}:not([aria-disabled=true])",
        marked("copy-start")
    ))
    .await?;
    page.find("plan-objects").await?;
    seen.look(page, "copy").await?;
    page.enter_on("copy-start").await?;
    page.wait_until_gone(&marked("copy-dialog")).await?;
    to_transfers(page).await
}

async fn to_transfers(page: &Page) -> Outcome {
    page.enter_on("nav-transfers").await?;
    page.find("job").await?;
    Ok(())
}

/// Waits until the newest job is in a state.
async fn job_in(page: &Page, state: &str) -> Outcome {
    page.wait_for(&format!("{}[data-state=\"{state}\"]", marked("job")))
        .await?;
    Ok(())
}

/// How many are found, once no more come.
async fn all_uploads(page: &Page) -> Outcome<i64> {
    page.find("upload").await?;
    let mut found = 0;
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = uploads(page).await?;
        if now == found {
            return Ok(found);
        }
        found = now;
    }
}

async fn uploads(page: &Page) -> Outcome<i64> {
    let script = format!(
        "return document.querySelectorAll('{}').length",
        marked("upload")
    );
    Ok(page
        .run(&script, Vec::new())
        .await?
        .as_i64()
        .unwrap_or_default())
}

/// The keys of the demo cloud's S3 endpoint, as its own programs find them.
fn demo_keys(data: &Path) -> Outcome<Value> {
    let text = std::fs::read_to_string(data.join("demo/endpoints.json"))?;
    let mut endpoints: Value = serde_json::from_str(&text)?;
    Ok(endpoints["s3"].take())
}

fn grid(pane: &str) -> String {
    format!("{} [role=\"grid\"]", marked(pane))
}
