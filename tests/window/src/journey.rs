//! The way from the first start to a verified copy, in steps a user would tell.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::page::{Page, marked};

const LEFT: &str = "pane-left";
const RIGHT: &str = "pane-right";

/// Between two looks at a running copy.
const LOOK: Duration = Duration::from_millis(100);

/// A copy that shows no progress for this long hangs.
const STILL: Duration = Duration::from_secs(60);

/// An example object and where it is copied to, by their names in the demo cloud.
#[derive(Debug, Clone, Copy)]
pub struct Errand {
    /// Bucket and folders down to the object.
    pub from: &'static [&'static str],
    /// The object's name in its folder, and its key at the destination.
    pub object: &'static str,
    /// Bucket copied into.
    pub to: &'static str,
}

/// The 1 TiB one.
pub const TEBIBYTE: Errand = Errand {
    from: &["datasets-1250000000", "genome/"],
    object: "sample-0001.bam",
    to: "backup-1250000000",
};

/// 20 GiB: in parts too, but soon done.
pub const SHORT: Errand = Errand {
    object: "sample-0002.bam",
    ..TEBIBYTE
};

/// A job, as far as the journey looks at it.
#[derive(Debug, Clone, Deserialize)]
pub struct Job {
    /// As in `data-job`.
    pub id: u32,
    /// `copying`, `interrupted`, `done`, …
    pub state: String,
    /// Every object is verified by more than its size.
    pub verified: bool,
    /// Confirmed by the server.
    pub bytes_done: f64,
    /// Of all objects.
    pub bytes_total: f64,
    /// Of all objects in parts.
    pub parts_total: u32,
    /// Confirmed by the server.
    pub parts_done: u32,
    /// Part requests on their way.
    pub in_flight: u32,
}

impl Job {
    /// How much is confirmed, from 0 to 1.
    pub fn share(&self) -> f64 {
        self.bytes_done / self.bytes_total.max(1.0)
    }
}

/// Sets the language for the window's next load, and loads it. Only for pictures: a user has the
/// settings screen, which the browser tests press.
pub async fn speak(page: &Page, language: &str) -> Outcome {
    prefer(page, &[("language", json!(language))]).await
}

/// Changes settings, by their names in the contract, and loads the window anew.
async fn prefer(page: &Page, wanted: &[(&str, Value)]) -> Outcome {
    page.wait_for("body").await?;
    let mut settings = page.ask("app_state", json!({})).await?["settings"].clone();
    for (name, value) in wanted {
        settings[*name] = value.clone();
    }
    page.ask("put_settings", settings).await?;
    page.reload().await
}

/// On the first screen, asks for the demo cloud and waits for the two panes.
pub async fn try_the_demo(page: &Page) -> Outcome {
    page.click("try-demo").await?;
    page.find(LEFT).await?;
    page.find(RIGHT).await?;
    Ok(())
}

/// Opens the source on the left and the destination on the right.
pub async fn open_both(page: &Page, errand: &Errand) -> Outcome {
    for name in errand.from {
        page.double_click(&row(LEFT, name)).await?;
    }
    page.wait_for(&row(LEFT, errand.object)).await?;
    page.double_click(&row(RIGHT, errand.to)).await?;
    page.wait_until_gone(&row(RIGHT, errand.to)).await?;
    // The count stands there once the listing has come, also that of nothing.
    page.wait_for_words(&format!("{} {}", marked(RIGHT), marked("count-status")))
        .await
}

/// Selects the object, copies it, and pastes it with options on the other side: the dialog shows the plan.
pub async fn copy_and_paste(page: &Page, errand: &Errand) -> Outcome {
    page.click_on(&row(LEFT, errand.object)).await?;
    page.press_ctrl('c').await?;
    page.click(RIGHT).await?;
    page.press_ctrl_shift('v').await?;
    page.find("copy-dialog").await?;
    page.find("plan-parts").await?;
    Ok(())
}

/// Starts what the dialog shows, and looks at it in Transfers.
pub async fn start(page: &Page) -> Outcome {
    page.click_on(&format!("{}:not(:disabled)", marked("copy-start")))
        .await?;
    page.wait_until_gone(&marked("copy-dialog")).await?;
    watch(page).await
}

/// From the first screen on to an object that is on its way, and stays there for a while: left to
/// itself, a copy finds out that many more parts at once make it faster.
pub async fn until_copying(page: &Page, errand: &Errand) -> Outcome {
    prefer(
        page,
        &[("language", json!("en")), ("parts_at_once", json!(16))],
    )
    .await?;
    try_the_demo(page).await?;
    open_both(page, errand).await?;
    copy_and_paste(page, errand).await?;
    start(page).await?;
    until_share(page, 0.005).await?;
    Ok(())
}

/// Opens Transfers with the only job in detail.
pub async fn watch(page: &Page) -> Outcome {
    page.click("nav-transfers").await?;
    if !page.has(&marked("part-map")).await {
        page.click("job").await?;
    }
    page.find("part-map").await?;
    Ok(())
}

/// The only job there is.
pub async fn job(page: &Page) -> Outcome<Job> {
    let jobs = page
        .ask("jobs", json!({ "before": null, "limit": 2 }))
        .await?;
    let mut jobs: Vec<Job> = serde_json::from_value(jobs)?;
    match (jobs.pop(), jobs.is_empty()) {
        (Some(job), true) => Ok(job),
        _ => Err("the journey makes exactly one job, but there is another number of them".into()),
    }
}

/// Waits until that share of the bytes is confirmed.
pub async fn until_share(page: &Page, share: f64) -> Outcome<Job> {
    until(page, |job| job.share() >= share).await
}

/// Waits until the copy is done, and for the mark that says it is verified.
pub async fn until_verified(page: &Page) -> Outcome<Job> {
    let job = until(page, |job| job.state == "done").await?;
    if !job.verified {
        return Err("the copy is done, but not verified".into());
    }
    page.find("job-verified").await?;
    Ok(job)
}

async fn until(page: &Page, reached: impl Fn(&Job) -> bool) -> Outcome<Job> {
    let mut furthest = -1.0;
    let mut moved = Instant::now();
    loop {
        let job = job(page).await?;
        if reached(&job) {
            return Ok(job);
        }
        if matches!(
            job.state.as_str(),
            "failed" | "cancelled" | "done" | "done_with_failures"
        ) {
            return Err(format!("the copy ended otherwise: {job:?}").into());
        }
        if job.bytes_done > furthest {
            furthest = job.bytes_done;
            moved = Instant::now();
        }
        if moved.elapsed() > STILL {
            return Err(format!("nothing moved for {STILL:?}: {job:?}").into());
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn row(pane: &str, name: &str) -> String {
    format!(
        "{} [data-testid=\"row\"][data-name=\"{name}\"]",
        marked(pane)
    )
}
