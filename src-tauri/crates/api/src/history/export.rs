//! History as a file: a line for each object of each job that is wanted.

use std::io::{self, BufWriter, Write};

use partway_domain::JobId;
use partway_engine::Engine;
use partway_engine::manifest::{CSV_HEAD, ManifestRow, csv_line};
use partway_journal::Journal;
use partway_journal::table::history::Wanted;
use partway_journal::table::job::JobRow;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::api::{Api, blocking};
use crate::contract::{ExportHistory, Exported, ManifestFormat};
use crate::error::ApiError;
use crate::exports::NewFile;

/// Jobs read at once.
const PAGE: u32 = 200;

/// A line of an export: the job, then what became of the object.
#[derive(Serialize)]
struct Line<'a> {
    job: i64,
    kind: partway_domain::JobKind,
    ended_ms: Option<i64>,
    #[serde(flatten)]
    object: &'a ManifestRow,
}

impl Api {
    /// Writes every object of the wanted jobs into a new file, however many there are.
    pub async fn export_history(&self, export: ExportHistory) -> Result<Exported, ApiError> {
        let (format, hash_keys) = (export.format, export.hash_keys);
        let ending = match format {
            ManifestFormat::Csv => "csv",
            ManifestFormat::Jsonl => "jsonl",
        };
        let file = NewFile::create(self, "partway-history", ending)?;
        let path = file.path.display().to_string();
        let engine = self.engine().clone();
        let wanted = super::wanted(export.filter);
        let rows = blocking(move || {
            let mut out = BufWriter::new(file.file);
            let journal = engine.journal().clone();
            let mut writer = Writer {
                out: &mut out,
                format,
                hash_keys,
                rows: 0,
            };
            writer.all(&engine, &journal, &wanted)?;
            let rows = writer.rows;
            out.flush().map_err(|error| unwritten(&error))?;
            Ok::<_, ApiError>(rows)
        })
        .await?;
        Ok(Exported { path, rows })
    }
}

struct Writer<'a, W> {
    out: &'a mut W,
    format: ManifestFormat,
    hash_keys: bool,
    rows: u32,
}

impl<W: Write> Writer<'_, W> {
    fn all(&mut self, engine: &Engine, journal: &Journal, wanted: &Wanted) -> Result<(), ApiError> {
        if self.format == ManifestFormat::Csv {
            self.write(&format!("job,kind,ended_ms,{CSV_HEAD}"))?;
        }
        let mut before: Option<JobId> = None;
        loop {
            let page = journal.ended_jobs(wanted, before, PAGE)?;
            for (job, _) in &page.jobs {
                for object in engine.manifest(job.id, None)? {
                    self.line(job, object?)?;
                }
            }
            before = page.next;
            if before.is_none() {
                return Ok(());
            }
        }
    }

    fn line(&mut self, job: &JobRow, object: ManifestRow) -> Result<(), ApiError> {
        let object = if self.hash_keys {
            hashed(object)
        } else {
            object
        };
        let line = Line {
            job: job.id.0,
            kind: job.kind,
            ended_ms: job.finished_ms,
            object: &object,
        };
        let internal = |error: serde_json::Error| ApiError::new("internal", error.to_string());
        let text = match self.format {
            ManifestFormat::Jsonl => {
                format!("{}\n", serde_json::to_string(&line).map_err(internal)?)
            }
            ManifestFormat::Csv => {
                let kind = serde_json::to_value(line.kind).map_err(internal)?;
                let ended = line.ended_ms.map(|ms| ms.to_string()).unwrap_or_default();
                let kind = kind.as_str().unwrap_or_default();
                format!("{},{kind},{ended},{}", line.job, csv_line(&object))
            }
        };
        self.rows += 1;
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> Result<(), ApiError> {
        let written: io::Result<()> = self.out.write_all(text.as_bytes());
        written.map_err(|error| unwritten(&error))
    }
}

/// The same row without a key in the clear. What a server said may quote one, so only the
/// meaning of a failure stays.
fn hashed(mut row: ManifestRow) -> ManifestRow {
    row.source_key = digest(&row.source_key);
    row.destination_key = digest(&row.destination_key);
    if let Some(failure) = &mut row.failure {
        failure.key = failure.key.as_deref().map(digest);
        failure.message.clear();
    }
    row
}

fn digest(key: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(key.as_bytes())
        .iter()
        .fold("sha256:".to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

pub(crate) fn unwritten(error: &io::Error) -> ApiError {
    ApiError::new(
        "unwritable",
        format!("the file could not be written: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn a_key_is_known_again_by_its_digest_only() {
        assert_eq!(
            digest("abc"),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
