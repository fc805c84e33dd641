//! What a listing weighs that the window keeps.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::bridge::Bridge;
use super::field::Field;
use super::partway;
use super::run::Run;
use crate::child::Cost;
use crate::processes::{processor, resident};

/// How often it is looked whether everything is there.
const LOOK: Duration = Duration::from_millis(50);

/// Loads everything, and divides what the process grew by among the keys: their names included,
/// and whatever the allocator and the connections hold on to.
pub(super) fn run(keys: u64, field: &mut Field) -> Result<Run, String> {
    let computer = partway::computer(field)?;
    let bridge = Bridge::start(field, &computer)?;
    let accounts = bridge.call("accounts", &json!({}))?;
    let place = json!({
        "account": accounts[0]["id"], "bucket": "source", "region": null, "prefix": "",
    });
    let (before, begun) = (resident(bridge.pid()), Instant::now());
    let open = json!({ "place": place, "load_all": true });
    let mut status = bridge.call("open_listing", &open)?;
    let window = json!({ "listing": status["listing"], "start": 0, "count": 1 });
    while status["complete"] != Value::Bool(true) {
        if !status["error"].is_null() {
            return Err(format!("the listing failed: {}", status["error"]));
        }
        sleep(LOOK);
        status = bridge.call("rows", &window)?["status"].take();
    }
    let wall = begun.elapsed().as_secs_f64();
    // Beside the keys lies the large object.
    let rows = status["rows"].as_u64().unwrap_or(0);
    if rows < keys {
        return Err(format!("{rows} rows of {keys} keys"));
    }
    let rss = resident(bridge.pid());
    let run = Run {
        command: bridge.command.clone(),
        cost: Cost {
            wall,
            cpu: processor(bridge.pid()),
            rss,
            success: true,
        },
        counts: field.counts()?,
        more: BTreeMap::new(),
    };
    Ok(run.with("bytes/key", rss.saturating_sub(before) as f64 / keys as f64))
}
