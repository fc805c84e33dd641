//! Files the user asked for: they lie among the downloads, and never take another's place.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Zoned;

use crate::api::Api;
use crate::config::Config;
use crate::error::ApiError;

/// As many files of the same minute get a number.
const MOST_ALIKE: u32 = 1_000;

/// A file that was not there before.
#[derive(Debug)]
pub(crate) struct NewFile {
    pub(crate) file: File,
    pub(crate) path: PathBuf,
}

impl NewFile {
    /// Makes `stem-DATE-TIME.ending` among the user's downloads.
    pub(crate) fn create(api: &Api, stem: &str, ending: &str) -> Result<Self, ApiError> {
        let folder = folder(api.data_folder());
        let failed = |error: std::io::Error| {
            ApiError::new(
                "unwritable",
                format!("no file can be made in {}: {error}", folder.display()),
            )
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        let named = format!("{stem}-{}", Zoned::now().strftime("%Y-%m-%d-%H%M"));
        for number in 1..=MOST_ALIKE {
            let name = match number {
                1 => format!("{named}.{ending}"),
                n => format!("{named} ({n}).{ending}"),
            };
            let path = folder.join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Err(failed(ErrorKind::AlreadyExists.into()))
    }
}

/// The downloads; beside the journal for a program with a data folder of its own, and where a
/// system names no such folder.
fn folder(data_folder: &Path) -> PathBuf {
    let usual = Config::usual_data_folder().is_some_and(|usual| usual == data_folder);
    directories::UserDirs::new()
        .filter(|_| usual)
        .and_then(|dirs| dirs.download_dir().map(Path::to_owned))
        .unwrap_or_else(|| data_folder.join("exports"))
}
