//! What an `Api` is opened with, and the environment variables it may come from.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use partway_democloud::{Fault, Quirk, Quirks, Timing};
use partway_engine::secret::SecretStore;

use crate::error::ApiError;

/// What an `Api` is made of.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the journal and the demo cloud's state lie; created when missing.
    pub data_folder: PathBuf,
    /// Credentials of all accounts but the demo ones, which are public constants.
    pub secrets: Arc<dyn SecretStore>,
    /// How the demo cloud behaves if this process is the one that runs it.
    pub demo: DemoSettings,
}

impl Config {
    /// `PARTWAY_DATA_DIR`, else the folder the platform reserves for applications' data.
    pub fn data_folder_from_env() -> Result<PathBuf, ApiError> {
        if let Some(folder) = std::env::var_os("PARTWAY_DATA_DIR").filter(|v| !v.is_empty()) {
            return Ok(PathBuf::from(folder));
        }
        Self::usual_data_folder().ok_or_else(|| {
            ApiError::new(
                "no_data_folder",
                "this system names no home folder to keep the journal in; \
                 set PARTWAY_DATA_DIR to a folder",
            )
        })
    }

    /// The folder the platform reserves for applications' data.
    pub(crate) fn usual_data_folder() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "Partway").map(|dirs| dirs.data_dir().to_owned())
    }
}

/// How slow and how faulty the demo cloud is.
#[derive(Debug, Clone)]
pub struct DemoSettings {
    /// Latency, jitter and bytes per second of a part copy.
    pub timing: Timing,
    /// Misbehaviour to be used up.
    pub faults: Vec<Fault>,
    /// What its servers lack or do in their own way.
    pub quirks: Quirks,
}

/// Slow enough to watch a copy, fast enough not to wait for it.
impl Default for DemoSettings {
    fn default() -> Self {
        Self {
            timing: Timing {
                latency: Duration::from_millis(250),
                jitter: Duration::from_millis(150),
                part_throughput: None,
            },
            faults: Vec::new(),
            quirks: Quirks::default(),
        }
    }
}

impl DemoSettings {
    /// Reads `PARTWAY_DEMO_LATENCY_MS` (250), `PARTWAY_DEMO_JITTER_MS` (150),
    /// `PARTWAY_DEMO_THROUGHPUT` (bytes per second, unlimited), `PARTWAY_DEMO_FAULTS` and
    /// `PARTWAY_DEMO_QUIRKS` (texts with `;` between them).
    pub fn from_env() -> Result<Self, ApiError> {
        let default = Self::default();
        let latency = number("PARTWAY_DEMO_LATENCY_MS")?;
        let jitter = number("PARTWAY_DEMO_JITTER_MS")?;
        let mut quirks = Quirks::default();
        for quirk in texts::<Quirk>("PARTWAY_DEMO_QUIRKS")? {
            quirks.add(&quirk);
        }
        Ok(Self {
            timing: Timing {
                latency: latency.map_or(default.timing.latency, Duration::from_millis),
                jitter: jitter.map_or(default.timing.jitter, Duration::from_millis),
                part_throughput: number("PARTWAY_DEMO_THROUGHPUT")?.filter(|&rate| rate > 0),
            },
            faults: texts("PARTWAY_DEMO_FAULTS")?,
            quirks,
        })
    }
}

/// Texts with `;` between them.
fn texts<T: FromStr<Err: Display>>(name: &str) -> Result<Vec<T>, ApiError> {
    std::env::var(name)
        .unwrap_or_default()
        .split(';')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .map_err(|error| variable(name, &format!("{text:?}: {error}")))
        })
        .collect()
}

fn number(name: &str) -> Result<Option<u64>, ApiError> {
    match std::env::var(name) {
        Ok(text) if !text.trim().is_empty() => text
            .trim()
            .parse()
            .map(Some)
            .map_err(|_| variable(name, &format!("{text:?} is not a whole number"))),
        _ => Ok(None),
    }
}

fn variable(name: &str, reason: &str) -> ApiError {
    ApiError::new(
        "invalid",
        format!("the environment variable {name} cannot be used: {reason}"),
    )
}
