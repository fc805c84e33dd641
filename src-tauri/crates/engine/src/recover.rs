//! What a new engine does by itself: leases of dead processes are given back, so that their
//! jobs show as interrupted; what was being given up is given up; uploads that must be given
//! back are given back. Interrupted copies wait for the user.

use std::sync::Arc;

use partway_domain::{Failure, JobIntent};
use partway_journal::table::job::JobRow;

use crate::driver::route::Route;
use crate::engine::{EngineEvent, Shared, drive, forfeit, take_lease};
use crate::lease::is_gone;
use crate::order::Order;
use crate::record::journal_failure;
use crate::uploads::sweep;

/// Starts recovering beside everything else.
pub(crate) fn begin(shared: &Arc<Shared>) {
    let engine = Arc::downgrade(shared);
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        if let Err(failure) = recover(&shared).await {
            tracing::warn!(%failure, "not everything could be recovered; the next start tries again");
        }
        drop(shared);
        sweep::run(engine).await;
    });
}

async fn recover(shared: &Arc<Shared>) -> Result<(), Failure> {
    let jobs = shared
        .record
        .blocking(partway_journal::Journal::unfinished_jobs)
        .await
        .map_err(journal_failure)?;
    for job in jobs {
        if let Some(holder) = abandoned(shared, &job) {
            forfeit(shared, job.id, holder).await?;
            shared.announce(EngineEvent::JobChanged(job.id));
        }
        if job.intent == JobIntent::Cancel {
            tokio::spawn(give_up(Arc::clone(shared), job));
        }
    }
    Ok(())
}

/// Finishes giving a job up, unless a living process is at it.
async fn give_up(shared: Arc<Shared>, job: JobRow) {
    let outcome = async {
        let route = Route::of(shared.record.journal(), &job)?;
        take_lease(&shared, job.id).await?;
        // What must be aborted is marked in its own row.
        drive(&shared, job.id, Order::Cancel { keep_parts: true }, route);
        Ok::<_, Failure>(())
    };
    if let Err(failure) = outcome.await {
        tracing::info!(job = %job.id, %failure, "giving the job up is left to another process");
    }
}

/// The holder of the job's lease, if that process certainly no longer runs.
fn abandoned(shared: &Shared, job: &JobRow) -> Option<String> {
    let holder = job.lease.as_ref().map(|lease| lease.holder.clone())?;
    is_gone(&holder, &shared.holder).then_some(holder)
}
