//! The manifest of a job: what became of each object and how that is known, row by row from
//! the journal, so that a job of a million objects needs no more memory than one of ten.

mod csv;

use partway_domain::{
    Compared, Comparison, Failure, JobId, Snapshot, State, TransferId, VersionId,
};
use partway_journal::Journal;
use partway_journal::table::job::JobRow;
use partway_journal::table::transfer::TransferRow;
use serde::Serialize;

use crate::engine::Engine;
use crate::record::journal_failure;

pub use csv::{CSV_HEAD, csv_line};

/// Transfers read from the journal at once.
const PAGE: u32 = 500;

/// One object of a job, with everything that proves what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ManifestRow {
    /// Its number: where to go on from.
    pub transfer: i64,
    /// `done`, `failed`, `skipped` …
    pub state: &'static str,
    /// Source bucket.
    pub source_bucket: String,
    /// Source key, byte for byte.
    pub source_key: String,
    /// The version that was copied, where there are versions.
    pub source_version: Option<String>,
    /// Tag of the source when it was pinned.
    pub source_etag: Option<String>,
    /// Last-Modified of the source when it was pinned, as sent.
    pub source_modified: Option<String>,
    /// Its checksum with the algorithm's name before it, where the server told one.
    pub source_checksum: Option<String>,
    /// Destination bucket.
    pub destination_bucket: String,
    /// Destination key, byte for byte.
    pub destination_key: String,
    /// The version that was made, where there are versions.
    pub destination_version: Option<String>,
    /// Tag of the copy.
    pub destination_etag: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Parts; 1 for a copy by one request.
    pub parts: Option<u32>,
    /// Bytes of each part but the last.
    pub part_size: Option<u64>,
    /// Whether something stronger than the size was compared and agreed; `None` without a
    /// verdict.
    pub verified: Option<bool>,
    /// The verdict in one sentence.
    pub evidence: Option<String>,
    /// The comparisons it rests on.
    pub comparisons: Vec<Comparison>,
    /// What stood at the destination before.
    pub before: Option<String>,
    /// What the object had and the copy has not.
    pub not_carried: Vec<String>,
    /// Why it was left out.
    pub left_out: Option<String>,
    /// Why it failed or waits, with the provider's code and request id.
    pub failure: Option<Failure>,
    /// Request id of what showed the result.
    pub request_id: Option<String>,
    /// Settled, in milliseconds since 1970.
    pub finished_ms: Option<i64>,
}

/// Walks over a job's rows; reads them page by page.
#[derive(Debug)]
pub struct Manifest {
    journal: Journal,
    job: JobRow,
    after: Option<TransferId>,
    page: std::vec::IntoIter<TransferRow>,
    exhausted: bool,
}

impl Engine {
    /// The manifest of a job from its first row, or from the one after `after`.
    pub fn manifest(&self, job: JobId, after: Option<TransferId>) -> Result<Manifest, Failure> {
        let journal = self.journal().clone();
        let job = journal.job(job).map_err(journal_failure)?;
        Ok(Manifest {
            journal,
            job,
            after,
            page: Vec::new().into_iter(),
            exhausted: false,
        })
    }
}

impl Iterator for Manifest {
    type Item = Result<ManifestRow, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let transfer = match self.transfer() {
            Ok(transfer) => transfer?,
            Err(failure) => {
                self.exhausted = true;
                return Some(Err(failure));
            }
        };
        let comparisons = comparisons(&self.journal, &transfer);
        Some(comparisons.map(|comparisons| row(&self.job, transfer, comparisons)))
    }
}

impl Manifest {
    fn transfer(&mut self) -> Result<Option<TransferRow>, Failure> {
        if let Some(transfer) = self.page.next() {
            return Ok(Some(transfer));
        }
        if self.exhausted {
            return Ok(None);
        }
        let page = self
            .journal
            .transfers(self.job.id, self.after, PAGE)
            .map_err(journal_failure)?;
        self.exhausted = page.len() < PAGE as usize;
        self.after = page.last().map(|transfer| transfer.id).or(self.after);
        self.page = page.into_iter();
        Ok(self.page.next())
    }
}

/// What the verdict of a transfer rests on; nothing before there is one.
///
/// An object among many that the answer to its copy proved has no rows of its own in the journal: its
/// one comparison is the verdict's, for both sides had the same tag.
pub fn comparisons(journal: &Journal, transfer: &TransferRow) -> Result<Vec<Comparison>, Failure> {
    let kept = journal.evidence(transfer.id).map_err(journal_failure)?;
    let verdict = transfer.verdict.as_ref().filter(|verdict| verdict.verified);
    Ok(match verdict {
        Some(verdict) if kept.is_empty() => vec![Comparison {
            compared: Compared::PlainEtag,
            expected: verdict.etag.to_string(),
            expected_from: "the listing of the source".to_owned(),
            found: Some(verdict.etag.to_string()),
            found_from: "the answer to CopyObject".to_owned(),
            request_id: verdict.request_id.clone(),
        }],
        _ => kept,
    })
}

fn row(job: &JobRow, transfer: TransferRow, comparisons: Vec<Comparison>) -> ManifestRow {
    let (pin, verdict) = (transfer.pin, transfer.verdict);
    let version = |version: Option<&VersionId>| version.map(|version| version.as_str().to_owned());
    ManifestRow {
        transfer: transfer.id.0,
        state: word(transfer.state),
        source_bucket: job.source_bucket.to_string(),
        source_key: transfer.source_key.as_str().to_owned(),
        source_version: version(
            pin.as_ref()
                .and_then(|pin| pin.version.as_ref())
                .or(transfer.source_version.as_ref()),
        ),
        source_etag: pin.as_ref().map(|pin| pin.etag.to_string()),
        source_modified: pin.as_ref().map(|pin| pin.last_modified.clone()),
        source_checksum: pin.as_ref().and_then(|pin| pin.checksum.clone()),
        destination_bucket: job.destination_bucket.to_string(),
        destination_key: transfer.destination_key.as_str().to_owned(),
        destination_version: version(verdict.as_ref().and_then(|found| found.version.as_ref())),
        destination_etag: verdict.as_ref().map(|found| found.etag.to_string()),
        size: transfer.size,
        parts: pin.as_ref().map(|pin| pin.plan.parts),
        part_size: pin.as_ref().map(|pin| pin.plan.part_size),
        verified: verdict.as_ref().map(|found| found.verified),
        evidence: verdict.as_ref().map(|found| found.evidence.clone()),
        comparisons,
        before: transfer
            .snapshot
            .map(|Snapshot { standing, .. }| standing.in_words()),
        not_carried: pin.map(|pin| pin.not_carried).unwrap_or_default(),
        left_out: transfer.left_out.map(|why| why.to_string()),
        failure: transfer.failure,
        request_id: verdict.and_then(|found| found.request_id),
        finished_ms: transfer.finished_ms,
    }
}

/// Stable words: manifests are kept for years.
fn word(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Starting | State::Copying => "copying",
        State::Paused => "paused",
        State::Waiting { .. } => "waiting",
        State::Completing => "completing",
        State::Verifying => "verifying",
        State::Removing => "removing",
        State::Done => "done",
        State::Aborting => "aborting",
        State::Cancelled => "cancelled",
        State::Skipped => "skipped",
        State::Failed { .. } => "failed",
    }
}
