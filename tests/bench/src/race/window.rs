//! How long a window takes to show something, and what it weighs then.
//!
//! Ours and one with nothing in it start alike: as new processes whose files are in the system's
//! cache, under Xvfb, automated by WebKitWebDriver. The end is the first contentful paint as the
//! page's own `performance` tells it: of an empty page that is its one word, of ours whatever it
//! draws first. The beginning is the start of the process as the kernel tells it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::case::Racer;
use super::display::Display;
use super::driver::Driver;
use super::field::Field;
use super::run::Run;
use super::{history, partway};
use crate::child::Cost;
use crate::place;
use crate::processes::{family, processor, proportional};
use crate::stub::Counts;

/// Until something is shown.
const PATIENCE: Duration = Duration::from_secs(60);

/// From then until it is at rest.
const REST: Duration = Duration::from_secs(4);

const LOOK: Duration = Duration::from_millis(50);

pub(super) fn run(racer: Racer, field: &mut Field) -> Result<Run, String> {
    let (name, data) = of(racer, field)?;
    let program = place::program(name);
    if !program.is_file() {
        return Err("not built: `cargo xtask bench --all` does it".to_owned());
    }
    let display = Display::start()?;
    let driver = Driver::start(&program, &data, &display, &field.keyring)?;
    let pid = driver.window()?;
    let shown = shown(&driver, pid)?;
    sleep(REST);
    let family = family(pid);
    let cost = Cost {
        wall: shown.painted,
        cpu: family.iter().copied().map(processor).sum(),
        rss: family.iter().copied().map(proportional).sum(),
        success: true,
    };
    let run = Run {
        command: program.display().to_string(),
        cost,
        counts: Counts::default(),
        more: BTreeMap::new(),
    };
    driver.end(pid)?;
    Ok(run.with("page s", shown.ready))
}

/// The program and where it keeps what it keeps.
fn of(racer: Racer, field: &mut Field) -> Result<(&'static str, PathBuf), String> {
    Ok(match racer {
        Racer::EmptyWindow => ("partway-empty-window", field.fresh()?),
        Racer::Window { history: true } => ("partway", history::folder()?),
        _ => ("partway", partway::computer(field)?),
    })
}

/// Seconds since the process began.
#[derive(Debug)]
struct Shown {
    /// The page's document was there, its script had run.
    ready: f64,
    painted: f64,
}

fn shown(driver: &Driver, pid: u32) -> Result<Shown, String> {
    const SCRIPT: &str = "const paint = performance.getEntriesByName('first-contentful-paint')[0];
        const page = performance.getEntriesByType('navigation')[0];
        return [performance.timeOrigin, page?.domContentLoadedEventEnd ?? 0, paint?.startTime ?? 0];";
    let begun = crate::processes::begun(pid).ok_or("the window is gone")?;
    let asked = Instant::now();
    while asked.elapsed() < PATIENCE {
        let told = driver.script(SCRIPT)?;
        let number = |at: usize| told[at].as_f64().unwrap_or(0.0);
        let since = |milliseconds: f64| (number(0) + milliseconds) / 1_000.0 - begun;
        if number(2) > 0.0 {
            return Ok(Shown {
                ready: since(number(1)),
                painted: since(number(2)),
            });
        }
        sleep(LOOK);
    }
    Err("the window showed nothing".to_owned())
}

/// Where a program may put what it keeps beside its journal.
pub(super) fn folders(data: &Path) -> [(&'static str, PathBuf); 3] {
    let webkit = data.join("webkit");
    [
        ("XDG_DATA_HOME", webkit.join("share")),
        ("XDG_CACHE_HOME", webkit.join("cache")),
        ("XDG_CONFIG_HOME", webkit.join("config")),
    ]
}
