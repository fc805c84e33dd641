//! Dry runs the window looks at and saves: what a copy would do, object by object.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use partway_engine::request::survey::{Fate, Line};

use crate::api::{Api, blocking, lock};
use crate::contract::{
    CopyRequest, DryRunLine, DryRunLines, DryRunRef, DryRunRequest, DryRunStatus, ExportDryRun,
    Exported, ManifestFormat, Nothing,
};
use crate::error::ApiError;
use crate::exports::NewFile;

/// Lines that are kept.
const MOST_LINES: usize = 200_000;

/// No page is larger, whatever is asked for.
const LARGEST_PAGE: u32 = 1_000;

const CSV_HEAD: &str = "source_key,destination_key,size,parts,fate,why,archived\r\n";

/// All dry runs that are open.
#[derive(Debug, Default)]
pub(crate) struct DryRuns {
    next: AtomicU32,
    open: Mutex<HashMap<u32, Arc<DryRun>>>,
}

#[derive(Debug)]
struct DryRun {
    id: u32,
    closed: AtomicBool,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    lines: Vec<Line>,
    /// Places of the lines that are not simple copies.
    notable: Vec<u32>,
    objects: u64,
    copies: u64,
    bytes: u64,
    ended: bool,
    error: Option<ApiError>,
}

impl DryRuns {
    fn open(&self) -> Arc<DryRun> {
        let run = Arc::new(DryRun {
            id: self.next.fetch_add(1, Ordering::Relaxed) + 1,
            closed: AtomicBool::new(false),
            heard: Mutex::default(),
        });
        lock(&self.open).insert(run.id, Arc::clone(&run));
        run
    }

    fn find(&self, id: u32) -> Result<Arc<DryRun>, ApiError> {
        lock(&self.open).get(&id).cloned().ok_or_else(|| {
            ApiError::new(
                "not_found",
                format!("there is no dry run {id}; it was closed, begin another"),
            )
        })
    }
}

impl DryRun {
    fn hear(&self, line: Line) -> bool {
        let mut heard = lock(&self.heard);
        heard.objects += 1;
        if matches!(line.fate, Fate::Copy | Fate::Replace | Fate::KeepBoth) {
            heard.copies += 1;
            heard.bytes += line.size;
        }
        if heard.lines.len() < MOST_LINES {
            if line.fate != Fate::Copy {
                let at = u32::try_from(heard.lines.len()).unwrap_or(u32::MAX);
                heard.notable.push(at);
            }
            heard.lines.push(line);
        }
        !self.closed.load(Ordering::Relaxed)
    }

    fn status(&self, heard: &Heard) -> DryRunStatus {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        DryRunStatus {
            dry_run: self.id,
            objects: heard.objects as f64,
            copies: heard.copies as f64,
            bytes: heard.bytes as f64,
            notable: count(heard.notable.len()),
            lines: count(heard.lines.len()),
            ended: heard.ended,
            error: heard.error.clone(),
        }
    }
}

impl Api {
    /// Begins a dry run and answers at once. Nothing is written anywhere.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn begin_dry_run(&self, request: CopyRequest) -> Result<DryRunStatus, ApiError> {
        let run = self.dry_runs().open();
        let (api, task) = (self.clone(), Arc::clone(&run));
        tokio::spawn(async move {
            let outcome = api.survey_copy(request, &mut |line| task.hear(line)).await;
            let mut heard = lock(&task.heard);
            heard.error = outcome.err();
            heard.ended = true;
        });
        let heard = lock(&run.heard);
        Ok(run.status(&heard))
    }

    /// Some lines of a dry run, at most a thousand at once, while it goes on.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn dry_run(&self, request: DryRunRequest) -> Result<DryRunLines, ApiError> {
        let run = self.dry_runs().find(request.dry_run)?;
        let heard = lock(&run.heard);
        let (skip, count) = (
            request.start as usize,
            request.count.min(LARGEST_PAGE) as usize,
        );
        let lines = if request.notable {
            let places = heard.notable.iter().skip(skip).take(count);
            places
                .filter_map(|&at| heard.lines.get(at as usize))
                .map(view)
                .collect()
        } else {
            heard
                .lines
                .iter()
                .skip(skip)
                .take(count)
                .map(view)
                .collect()
        };
        Ok(DryRunLines {
            status: run.status(&heard),
            start: request.start,
            lines,
        })
    }

    /// Writes the lines of a dry run into a new file.
    pub async fn export_dry_run(&self, request: ExportDryRun) -> Result<Exported, ApiError> {
        let run = self.dry_runs().find(request.dry_run)?;
        let ending = match request.format {
            ManifestFormat::Csv => "csv",
            ManifestFormat::Jsonl => "jsonl",
        };
        let file = NewFile::create(self, "partway-dry-run", ending)?;
        let path = file.path.display().to_string();
        let rows = blocking(move || {
            let mut out = BufWriter::new(file.file);
            let heard = lock(&run.heard);
            let rows = u32::try_from(heard.lines.len()).unwrap_or(u32::MAX);
            write_lines(&mut out, &heard.lines, request.format).map_err(|error| {
                ApiError::new("file", format!("the dry run could not be written: {error}"))
            })?;
            Ok::<_, ApiError>(rows)
        })
        .await?;
        Ok(Exported { path, rows })
    }

    /// Ends a dry run and forgets its lines; one that is closed already is no error.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn close_dry_run(&self, run: DryRunRef) -> Result<Nothing, ApiError> {
        if let Some(run) = lock(&self.dry_runs().open).remove(&run.dry_run) {
            run.closed.store(true, Ordering::Relaxed);
        }
        Ok(Nothing {})
    }
}

fn view(line: &Line) -> DryRunLine {
    DryRunLine {
        source_key: line.source_key.clone(),
        destination_key: line.destination_key.clone(),
        size: line.size as f64,
        parts: line.parts,
        fate: word(line.fate).to_owned(),
        why: line.why.clone(),
        is_archived: line.is_archived,
    }
}

/// The word of a fate, as scripts and the page read it.
pub(super) fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Copy => "copy",
        Fate::Replace => "replace",
        Fate::KeepBoth => "keep_both",
        Fate::Skip => "skip",
        Fate::Ask => "ask",
        Fate::Refuse => "refuse",
    }
}

fn write_lines(out: &mut impl Write, lines: &[Line], format: ManifestFormat) -> io::Result<()> {
    if format == ManifestFormat::Csv {
        out.write_all(CSV_HEAD.as_bytes())?;
    }
    for line in lines {
        match format {
            ManifestFormat::Csv => out.write_all(csv_line(line).as_bytes())?,
            ManifestFormat::Jsonl => writeln!(out, "{}", serde_json::to_string(line)?)?,
        }
    }
    out.flush()
}

fn csv_line(line: &Line) -> String {
    let fields = [
        quoted(&line.source_key),
        quoted(&line.destination_key),
        line.size.to_string(),
        line.parts.to_string(),
        word(line.fate).to_owned(),
        quoted(&line.why),
        line.is_archived.to_string(),
    ];
    format!("{}\r\n", fields.join(","))
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
