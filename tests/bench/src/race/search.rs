//! How long a search in the history takes.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::json;

use super::bridge::Bridge;
use super::field::Field;
use super::history;
use super::run::Run;
use crate::child::Cost;
use crate::processes::{processor, resident};
use crate::stub::Counts;

/// How often each is looked for, and how much of what is found is asked for: a page of the window.
const TIMES: usize = 20;
const PAGE: u32 = 100;

/// What is looked for, and whether it is there: in every key, in one key, in a key of every job,
/// in every job once more by two letters, nowhere; and a request id.
fn words() -> [(String, bool); 6] {
    let word = |word: &str, there| (word.to_owned(), there);
    [
        word("parquet", true),
        word("417/part-00417", true),
        word("part-00999", true),
        word("pa", true),
        word("zzz", false),
        (history::request_id(617), true),
    ]
}

/// The wall is that of all searches together; each alone is in the figures beside.
pub(super) fn run(field: &Field) -> Result<Run, String> {
    let bridge = Bridge::start(field, &history::folder()?)?;
    let (begun, mut milliseconds) = (Instant::now(), Vec::new());
    for _ in 0..TIMES {
        for (text, there) in words() {
            let filter = json!({
                "text": text, "since_ms": null, "until_ms": null, "account": null,
                "result": null, "min_bytes": null,
            });
            let wanted = json!({ "filter": filter, "before": null, "limit": PAGE });
            let asked = Instant::now();
            let page = bridge.call("search_history", &wanted)?;
            milliseconds.push(asked.elapsed().as_secs_f64() * 1_000.0);
            if page["found"].as_array().is_none_or(Vec::is_empty) == there {
                return Err(format!("{text:?} was searched in vain, or found"));
            }
        }
    }
    let wall = begun.elapsed().as_secs_f64();
    milliseconds.sort_by(f64::total_cmp);
    let at = |percent: usize| milliseconds[milliseconds.len() * percent / 100];
    let run = Run {
        command: bridge.command.clone(),
        cost: Cost {
            wall,
            cpu: processor(bridge.pid()),
            rss: resident(bridge.pid()),
            success: true,
        },
        counts: Counts::default(),
        more: BTreeMap::new(),
    };
    Ok(run.with("p50 ms", at(50)).with("p99 ms", at(99)))
}
