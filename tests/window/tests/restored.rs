//! What the window is like at the next start.

use partway_window_tests::Outcome;
use partway_window_tests::driver::Driver;
use partway_window_tests::journey::{self, SHORT};
use partway_window_tests::wait::{until, until_found};
use serde_json::{Value, json};

/// Left, top, width and height: nothing the program would choose by itself.
const GEOMETRY: [i32; 4] = [60, 40, 1_100, 700];

const SPLITTER: &str = "[data-testid=\"splitter\"]";

#[tokio::test]
async fn size_place_and_panes_are_as_they_were_left() -> Outcome {
    let data = tempfile::tempdir()?;
    let first = Driver::start_as_it_was(data.path(), &[]).await?;
    let page = first.page();
    journey::speak(&page, "en").await?;
    journey::try_the_demo(&page).await?;
    journey::open_both(&page, &SHORT).await?;
    page.drag(
        SPLITTER,
        "[data-testid=\"pane-right\"] [data-testid=\"count-status\"]",
    )
    .await?;
    let split = split(&first).await?;
    assert_ne!(split, "50");
    // What is changed is kept once it has settled.
    let kept = async || {
        let kept = page.ask("session", json!({ "part": "panes" })).await?;
        let panes: Value = serde_json::from_str(kept["json"].as_str().unwrap_or("null"))?;
        let share = panes["split"].as_f64().ok_or("nothing is kept")?;
        let is_it = format!("{:.0}", share * 100.0) == split;
        is_it.then_some(()).ok_or_else(|| panes.to_string().into())
    };
    until_found(kept, "the splitter's place is not kept;").await?;
    first.arrange(GEOMETRY)?;
    until(
        || first.geometry().is_ok_and(|now| now == GEOMETRY),
        "the window cannot be moved",
    )
    .await?;
    first.close_window().await?;
    until(|| !first.program_runs(), "the program stayed").await?;
    drop(first);

    let second = Driver::start_as_it_was(data.path(), &[]).await?;
    let page = second.page();
    page.wait_for("[data-testid=\"pane-left\"] [data-name=\"sample-0001.bam\"]")
        .await?;
    let right = page.find("pane-right").await?.text().await?;
    assert!(right.contains(SHORT.to), "{right}");
    assert_eq!(self::split(&second).await?, split);
    until(
        || second.geometry().is_ok_and(|now| now == GEOMETRY),
        "the window came back elsewhere",
    )
    .await
}

/// How much of the width is the left pane's, in percent.
async fn split(driver: &Driver) -> Outcome<String> {
    let splitter = driver.page().wait_for(SPLITTER).await?;
    let now = splitter.attr("aria-valuenow").await?;
    Ok(now.ok_or("the splitter does not tell where it is")?)
}
