//! What the user answers to transfers that wait for an answer: decisions and restores.

use partway_domain::{
    Decision, Failure, FailureKind, JobId, JobIntent, State, TransferId, Unfitting, Wait,
};
use partway_journal::table::restore::RestoreRow;
use partway_journal::table::transfer::TransferRow;
use partway_journal::{Change, Durability};
use partway_protocol::op::RestoreTier;

use super::Engine;
use crate::event::{self, Told as _};
use crate::record::journal_failure;

/// Transfers read and answered at once.
const PAGE: u32 = 500;

/// Which transfers a decision answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(TransferId),
    /// This one, and every transfer of the job that waits for the same reason now.
    AllLikeIt(TransferId),
}

impl Engine {
    /// Answers transfers that wait for a decision, and lets the job go on unless the user holds
    /// it. Returns how many were answered. The answer is journaled first; a crash loses none.
    ///
    /// Fails with `Invalid` where the decision does not answer what the transfer waits for.
    pub async fn decide(
        &self,
        job: JobId,
        which: Which,
        decision: Decision,
    ) -> Result<u64, Failure> {
        let (Which::One(first) | Which::AllLikeIt(first)) = which;
        let row = self.journal().transfer(first).map_err(journal_failure)?;
        if row.job != job {
            return Err(invalid(format!(
                "transfer {first} belongs to job {}",
                row.job
            )));
        }
        let kind = waits_because_of(&row);
        let Some(kind) = kind else {
            return Err(invalid(format!(
                "{:?} waits for no decision; look at the job again",
                row.source_key.as_str()
            )));
        };
        decision.check(kind).map_err(|unfitting: Unfitting| {
            invalid(format!("{:?}: {unfitting}", row.source_key.as_str()))
        })?;
        let answered = match which {
            Which::One(_) => self.answer(&[row], &decision).await?,
            Which::AllLikeIt(_) if matches!(decision, Decision::AdoptUpload { .. }) => {
                return Err(invalid(
                    "an upload is adopted by one transfer; name that one alone",
                ));
            }
            Which::AllLikeIt(_) => {
                self.answer_all(job, &decision, |row| waits_because_of(row) == Some(kind))
                    .await?
            }
        };
        self.go_on_unless_held(job).await?;
        Ok(answered)
    }

    /// Asks for the archived sources of a job that wait for it, for `days` and as quickly as
    /// `tier` says; the job goes on by itself as they become readable. Returns how many.
    pub async fn restore(&self, job: JobId, tier: RestoreTier, days: u32) -> Result<u64, Failure> {
        if days == 0 {
            return Err(invalid("restored for no days; give at least one"));
        }
        let asked_ms = self.shared.clock.now_ms();
        let mut asked = 0;
        let mut after = None;
        loop {
            let page = self.page(job, after)?;
            after = page.last().map(|row| row.id).or(after);
            let mut changes = Vec::new();
            for row in page.iter().filter(|row| row.state == WAITING_RESTORE) {
                asked += 1;
                changes.push(Change::Restore {
                    transfer: row.id,
                    restore: RestoreRow {
                        tier: tier.as_str().to_lowercase(),
                        days,
                        asked_ms,
                        sent: false,
                    },
                });
            }
            self.commit(changes).await?;
            if page.len() < PAGE as usize {
                break;
            }
        }
        if asked == 0 {
            return Err(invalid(format!(
                "no transfer of job {job} waits for a restore; look at the job again"
            )));
        }
        self.go_on_unless_held(job).await?;
        Ok(asked)
    }

    async fn answer_all(
        &self,
        job: JobId,
        decision: &Decision,
        like_it: impl Fn(&TransferRow) -> bool,
    ) -> Result<u64, Failure> {
        let mut answered = 0;
        let mut after = None;
        loop {
            let mut page = self.page(job, after)?;
            after = page.last().map(|row| row.id).or(after);
            let was_last = page.len() < PAGE as usize;
            page.retain(&like_it);
            answered += self.answer(&page, decision).await?;
            if was_last {
                return Ok(answered);
            }
        }
    }

    async fn answer(&self, rows: &[TransferRow], decision: &Decision) -> Result<u64, Failure> {
        let now_ms = self.shared.clock.now_ms();
        let changes = rows
            .iter()
            .flat_map(|row| {
                let decided = event::event(now_ms, row.job, row.id, event::DECIDED)
                    .saying(decision.choice().as_str());
                [
                    Change::Decided {
                        transfer: row.id,
                        decision: decision.clone(),
                    },
                    Change::Event(decided),
                ]
            })
            .collect();
        self.commit(changes).await?;
        Ok(rows.len() as u64)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), Failure> {
        if changes.is_empty() {
            return Ok(());
        }
        self.shared
            .record
            .write(changes, Durability::Durable)
            .await
            .map_err(journal_failure)
    }

    fn page(&self, job: JobId, after: Option<TransferId>) -> Result<Vec<TransferRow>, Failure> {
        self.journal()
            .transfers(job, after, PAGE)
            .map_err(journal_failure)
    }

    fn is_driven_elsewhere(&self, job: JobId) -> Result<bool, Failure> {
        let row = self.journal().job(job).map_err(journal_failure)?;
        let now_ms = self.shared.clock.now_ms();
        Ok(row
            .lease
            .is_some_and(|lease| lease.holder != self.shared.holder && lease.until_ms > now_ms))
    }

    /// An answer does not let a job go on that the user holds for other reasons.
    async fn go_on_unless_held(&self, job: JobId) -> Result<(), Failure> {
        let row = self.journal().job(job).map_err(journal_failure)?;
        match row.intent {
            JobIntent::Run => match self.resume(job).await {
                // The answer is in the journal, and whoever drives the job comes to it.
                Err(_) if self.is_driven_elsewhere(job)? => Ok(()),
                other => other,
            },
            JobIntent::Pause | JobIntent::Cancel => Ok(()),
        }
    }
}

const WAITING_RESTORE: State = State::Waiting {
    wait: Wait::Restore,
};

/// Why a transfer waits for a decision; `None` if it does not.
fn waits_because_of(row: &TransferRow) -> Option<FailureKind> {
    let waits = State::Waiting {
        wait: Wait::Decision,
    };
    (row.state == waits)
        .then(|| row.failure.as_ref().map(|failure| failure.kind))
        .flatten()
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::local(FailureKind::Invalid, message)
}
