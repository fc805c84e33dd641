//! Dragging with a real pointer.

use partway_window_tests::Outcome;
use partway_window_tests::driver::Driver;
use partway_window_tests::journey::{self, Errand};
use partway_window_tests::page::marked;
use serde_json::json;

/// Both panes stand in folders of one bucket.
const BESIDE: Errand = Errand {
    from: &["datasets-1250000000", "genome/"],
    object: "sample-0002.bam",
    to: "datasets-1250000000",
};

#[tokio::test]
async fn a_drop_on_a_step_of_the_breadcrumb_copies_there() -> Outcome {
    let data = tempfile::tempdir()?;
    let driver = Driver::start(data.path(), &[]).await?;
    let page = driver.page();
    journey::speak(&page, "en").await?;
    journey::try_the_demo(&page).await?;
    journey::open_both(&page, &BESIDE).await?;
    page.double_click("[data-testid=\"pane-right\"] [data-name=\"climate/\"]")
        .await?;
    let object = "[data-testid=\"pane-left\"] [data-testid=\"row\"][data-name=\"sample-0002.bam\"]";
    page.click_on(object).await?;

    let bucket = "[data-testid=\"pane-right\"] [data-drop-mark=\"right-crumb-1\"]";
    assert_eq!(page.wait_for(bucket).await?.text().await?, BESIDE.to);
    page.drag(object, bucket).await?;
    let prefix = page.find("copy-prefix").await?;
    assert_eq!(
        prefix.prop("value").await?.as_deref(),
        Some(""),
        "it goes to the step, not to the folder the pane shows"
    );
    // The name of the bucket is cut where there is no room, never in what is there to be read.
    let dialog = page
        .run(
            "return document.querySelector(arguments[0]).textContent",
            vec![json!(marked("copy-dialog"))],
        )
        .await?;
    let told = dialog.as_str().unwrap_or_default();
    assert_eq!(told.matches(BESIDE.to).count(), 2, "from and to: {told}");
    page.wait_until_gone(&marked("drag-badge")).await
}
