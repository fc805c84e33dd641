//! Answers to waiting transfers, and the evidence of finished ones.

use partway_domain::{self as domain, Decision, JobId, TransferId, UploadId};
use partway_engine::engine::Which;
use partway_engine::manifest::{CSV_HEAD, ManifestRow, comparisons, csv_line};
use partway_protocol::op;

use crate::api::{Api, blocking};
use crate::contract::{
    Choice, ComparisonView, Decide, JobRef, JobView, ManifestFormat, ManifestPage, ManifestRequest,
    RestoreJob, RestoreTier, TransferRef,
};
use crate::error::ApiError;
use crate::view::number;

/// Rows of a manifest in one answer.
const MANIFEST_ROWS: usize = 1_000;

impl Api {
    /// Answers one transfer, or all that wait for the same reason; the job goes on.
    pub async fn decide(&self, answer: Decide) -> Result<JobView, ApiError> {
        let transfer = TransferId(answer.transfer.into());
        let which = if answer.all_like_it {
            Which::AllLikeIt(transfer)
        } else {
            Which::One(transfer)
        };
        let decision = decision(answer.choice, answer.upload_id)?;
        let job = JobId(answer.job.into());
        self.accounts_ready(&JobRef { job: answer.job }).await?;
        self.engine().decide(job, which, decision).await?;
        self.job(JobRef { job: answer.job }).await
    }

    /// Asks for the archived sources of a job; it goes on as they become readable.
    pub async fn restore_job(&self, wanted: RestoreJob) -> Result<JobView, ApiError> {
        let tier = match wanted.tier {
            RestoreTier::Expedited => op::RestoreTier::Expedited,
            RestoreTier::Standard => op::RestoreTier::Standard,
            RestoreTier::Bulk => op::RestoreTier::Bulk,
        };
        self.accounts_ready(&JobRef { job: wanted.job }).await?;
        self.engine()
            .restore(JobId(wanted.job.into()), tier, wanted.days)
            .await?;
        self.job(JobRef { job: wanted.job }).await
    }

    /// What the verdict of a transfer rests on.
    pub async fn evidence(&self, request: TransferRef) -> Result<Vec<ComparisonView>, ApiError> {
        let id = TransferId(request.transfer.into());
        let transfer = self.journal(move |journal| journal.transfer(id)).await?;
        let journal = self.engine().journal().clone();
        let comparisons = blocking(move || comparisons(&journal, &transfer)).await?;
        Ok(comparisons.into_iter().map(comparison).collect())
    }

    /// Some rows of a job's manifest.
    pub async fn manifest(&self, request: ManifestRequest) -> Result<ManifestPage, ApiError> {
        let engine = self.engine().clone();
        let after = request.after.map(|transfer| TransferId(transfer.into()));
        let first = after.is_none();
        let mut rows: Vec<ManifestRow> = blocking(move || {
            engine
                .manifest(JobId(request.job.into()), after)?
                .take(MANIFEST_ROWS)
                .collect::<Result<_, _>>()
        })
        .await?;
        let next = match rows.last() {
            Some(last) if rows.len() == MANIFEST_ROWS => Some(number(last.transfer)),
            _ => None,
        };
        let mut text = String::new();
        if first && request.format == ManifestFormat::Csv {
            text.push_str(CSV_HEAD);
        }
        for row in rows.drain(..) {
            match request.format {
                ManifestFormat::Csv => text.push_str(&csv_line(&row)),
                ManifestFormat::Jsonl => {
                    let line = serde_json::to_string(&row)
                        .map_err(|error| ApiError::new("internal", error.to_string()))?;
                    text.push_str(&line);
                    text.push('\n');
                }
            }
        }
        Ok(ManifestPage { text, next })
    }
}

fn decision(choice: Choice, upload_id: Option<String>) -> Result<Decision, ApiError> {
    Ok(match choice {
        Choice::Replace => Decision::Replace,
        Choice::KeepBoth => Decision::KeepBoth,
        Choice::Skip => Decision::Skip,
        Choice::StartOver => Decision::StartOver,
        Choice::AcceptAsIs => Decision::AcceptAsIs,
        Choice::AdoptUpload => {
            let missing = "say which upload to adopt: its id stands in what the transfer waits for";
            let upload_id = upload_id.ok_or_else(|| ApiError::new("invalid", missing))?;
            let upload_id = UploadId::parse(upload_id)
                .map_err(|error| ApiError::new("invalid", error.to_string()))?;
            Decision::AdoptUpload { upload_id }
        }
    })
}

fn comparison(one: domain::Comparison) -> ComparisonView {
    let word = serde_json::to_value(one.compared).unwrap_or_default();
    ComparisonView {
        compared: word.as_str().unwrap_or_default().to_owned(),
        agrees: one.agrees(),
        expected: one.expected,
        expected_from: one.expected_from,
        found: one.found,
        found_from: one.found_from,
        request_id: one.request_id,
    }
}

impl From<domain::Choice> for Choice {
    fn from(choice: domain::Choice) -> Self {
        match choice {
            domain::Choice::Replace => Self::Replace,
            domain::Choice::KeepBoth => Self::KeepBoth,
            domain::Choice::Skip => Self::Skip,
            domain::Choice::StartOver => Self::StartOver,
            domain::Choice::AcceptAsIs => Self::AcceptAsIs,
            domain::Choice::AdoptUpload => Self::AdoptUpload,
        }
    }
}
