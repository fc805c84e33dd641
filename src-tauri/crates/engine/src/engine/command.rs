//! What the user asks of jobs: start, pause, resume, retry, cancel.

use std::sync::Arc;
use std::time::Duration;

use partway_domain::planted::{self, Bug};
use partway_domain::{Failure, FailureKind, JobId, JobIntent};
use partway_journal::table::job::{Beginning, Lease, NewJob, NewTransfer};
use partway_journal::{Change, Durability, JournalError};

use super::{Engine, EngineEvent, Shared};
use crate::driver::route::Route;
use crate::driver::{self, Handle};
use crate::event;
use crate::lease::{LEASE, is_gone};
use crate::order::Order;
use crate::record::journal_failure;
use crate::request::CopyRequest;
use crate::request::planning::{self, Planned};

/// How often a lease that will run out is looked at.
const LEASE_LOOK: Duration = Duration::from_millis(300);

impl Engine {
    /// Plans again, records the job and starts it. Fails if any object has a problem.
    pub async fn start(&self, request: &CopyRequest) -> Result<JobId, Failure> {
        let planned = planning::plan(&self.shared, request, &|_| {}).await?;
        self.start_planned(request, planned).await
    }

    /// Records what was planned and starts it.
    pub(crate) async fn start_planned(
        &self,
        request: &CopyRequest,
        planned: Planned,
    ) -> Result<JobId, Failure> {
        if let Some(problem) = planned.plan.problems.first() {
            return Err(first_of(
                problem.failure.clone(),
                planned.plan.problems.len(),
            ));
        }
        if planned.pinned.is_empty() && planned.scans.is_empty() {
            return Err(Failure::local(
                FailureKind::Invalid,
                "nothing is selected; choose at least one object or prefix",
            ));
        }
        let route = planned.route.clone();
        let new = new_job(self.shared.clock.now_ms(), request, planned);
        let shared = &self.shared;
        let job = shared
            .record
            .blocking(move |journal| journal.add_job(new))
            .await
            .map_err(journal_failure)?;
        take_lease(shared, job).await?;
        let order = Order::Run {
            retry_failed: false,
        };
        self.drive(job, order, route);
        Ok(job)
    }

    /// Lets in-flight parts finish, starts nothing new. A job that another process drives is
    /// paused by that process within a second.
    pub async fn pause(&self, job: JobId) -> Result<(), Failure> {
        self.intend(job, JobIntent::Pause, Vec::new()).await?;
        self.shared.give(job, Order::Pause);
        Ok(())
    }

    /// Goes on with a paused, interrupted or waiting job; takes the lease. A lease that a
    /// dead process left behind is waited for, at most fifteen seconds.
    pub async fn resume(&self, job: JobId) -> Result<(), Failure> {
        self.run_on(job, false).await
    }

    /// As `resume`, also for transfers that failed (or were cancelled with their parts kept).
    pub async fn retry(&self, job: JobId) -> Result<(), Failure> {
        self.run_on(job, true).await
    }

    /// Gives the job up. Without `keep_parts` its uploads are aborted until the server says
    /// they are gone. A job that another process drives is cancelled by that process within a
    /// second.
    pub async fn cancel(&self, job: JobId, keep_parts: bool) -> Result<(), Failure> {
        // Marked in one transaction with the intent: a crash from here on cannot turn "give
        // the parts back" into "keep them".
        let marks = if keep_parts || planted::is(Bug::CancelWithoutMarks) {
            Vec::new()
        } else {
            self.uploads_to_abort(job).await?
        };
        // The lease comes before the marks: whoever sweeps up what nobody drives would be quicker
        // than we are, and the job would never hear that it was cancelled.
        let early = if self.drives(job) {
            None
        } else {
            Some(self.try_lease(job).await)
        };
        self.intend(job, JobIntent::Cancel, marks).await?;
        let order = Order::Cancel { keep_parts };
        if self.shared.give(job, order) {
            return Ok(());
        }
        let route = self.route(job)?;
        let lease = match early {
            Some(lease) => lease,
            None => self.try_lease(job).await,
        };
        match lease {
            Ok(()) => {
                self.drive(job, order, route);
                Ok(())
            }
            // Whoever drives it reads the intent.
            Err(JournalError::Leased { .. }) => Ok(()),
            Err(other) => Err(journal_failure(other)),
        }
    }

    async fn run_on(&self, job: JobId, retry_failed: bool) -> Result<(), Failure> {
        let order = Order::Run { retry_failed };
        // Whoever says "go on" may have mended the key at the provider's.
        let sides = self.journal().job(job).map_err(journal_failure)?;
        for account in [&sides.source_account, &sides.destination_account] {
            self.forget_credential(account);
        }
        if self.drives(job) {
            self.intend(job, JobIntent::Run, Vec::new()).await?;
            if self.shared.give(job, order) {
                return Ok(());
            }
        }
        let route = self.route(job)?;
        take_lease(&self.shared, job).await?;
        self.intend(job, JobIntent::Run, Vec::new()).await?;
        self.drive(job, order, route);
        Ok(())
    }

    fn route(&self, job: JobId) -> Result<Route, Failure> {
        let row = self.journal().job(job).map_err(journal_failure)?;
        Route::of(self.journal(), &row)
    }

    async fn intend(
        &self,
        job: JobId,
        intent: JobIntent,
        mut changes: Vec<Change>,
    ) -> Result<(), Failure> {
        changes.insert(0, Change::Intent { job, intent });
        self.shared
            .record
            .write(changes, Durability::Durable)
            .await
            .map_err(journal_failure)?;
        self.shared.announce(EngineEvent::JobChanged(job));
        Ok(())
    }

    async fn uploads_to_abort(&self, job: JobId) -> Result<Vec<Change>, Failure> {
        self.shared
            .record
            .blocking(move |journal| {
                let held = journal.uploads_of_job(job)?;
                let marks = held
                    .into_iter()
                    .map(|transfer| Change::AbortIntended { transfer });
                Ok(marks.collect())
            })
            .await
            .map_err(journal_failure)
    }

    async fn try_lease(&self, job: JobId) -> Result<(), JournalError> {
        try_lease(&self.shared, job).await
    }

    fn drive(&self, job: JobId, order: Order, route: Route) {
        drive(&self.shared, job, order, route);
    }
}

/// Starts a driver for a job whose lease is held, or passes the order to the one there is.
pub(crate) fn drive(shared: &Arc<Shared>, job: JobId, order: Order, route: Route) {
    let handle = Handle::new(job, order, route);
    if !shared.admit(&handle) {
        shared.give(job, order);
        return;
    }
    if order.runs() {
        let mut started = event::event(
            shared.clock.now_ms(),
            job,
            partway_domain::TransferId(0),
            event::JOB_STARTED,
        );
        started.transfer = None;
        shared.note(started);
    }
    shared.announce(EngineEvent::JobChanged(job));
    tokio::spawn(driver::drive(Arc::clone(shared), handle));
}

async fn try_lease(shared: &Shared, job: JobId) -> Result<(), JournalError> {
    shared.until_left(job).await;
    let now_ms = shared.clock.now_ms();
    let lease = Lease {
        holder: shared.holder.clone(),
        until_ms: shared.lease_until_ms(LEASE),
    };
    shared
        .record
        .blocking(move |journal| journal.lease(job, lease, now_ms))
        .await
}

/// Takes the lease. One that is not renewed while we look belongs to a process that died,
/// and is waited for; one that is renewed belongs to a living process.
pub(crate) async fn take_lease(shared: &Shared, job: JobId) -> Result<(), Failure> {
    let mut seen_until_ms = None;
    loop {
        let leased = match try_lease(shared, job).await {
            Err(leased @ JournalError::Leased { .. }) => leased,
            outcome => return outcome.map_err(journal_failure),
        };
        let row = shared.record.journal().job(job).map_err(journal_failure)?;
        if let Some(lease) = row.lease {
            if is_gone(&lease.holder, &shared.holder) {
                forfeit(shared, job, lease.holder).await?;
                continue;
            }
            if *seen_until_ms.get_or_insert(lease.until_ms) != lease.until_ms {
                return Err(journal_failure(leased));
            }
        }
        tokio::time::sleep(LEASE_LOOK).await;
    }
}

/// Ends the lease of a process that is no more.
pub(crate) async fn forfeit(shared: &Shared, job: JobId, holder: String) -> Result<(), Failure> {
    let forfeited = Change::LeaseForfeited { job, holder };
    shared
        .record
        .write(vec![forfeited], Durability::Durable)
        .await
        .map_err(journal_failure)
}

fn new_job(created_ms: i64, request: &CopyRequest, planned: Planned) -> NewJob {
    let Planned {
        plan,
        route,
        pinned,
        scans,
    } = planned;
    let transfers = pinned
        .into_iter()
        .zip(plan.objects)
        .map(|((mapped, pin), object)| NewTransfer {
            source_key: mapped.object.key,
            source_version: mapped.object.version,
            destination_key: mapped.destination_key,
            size: object.size,
            pin,
            beginning: Beginning::Queued,
        })
        .collect();
    NewJob {
        kind: request.kind,
        created_ms,
        source_account: route.source.account.id,
        source_bucket: route.source.bucket,
        source_region: route.source.region.unwrap_or_default(),
        destination_account: route.destination.account.id,
        destination_bucket: route.destination.bucket,
        destination_region: route.destination.region.unwrap_or_default(),
        destination_prefix: request.destination.prefix.clone(),
        options: request.options.clone(),
        transfers,
        scans,
    }
}

fn first_of(mut failure: Failure, problems: usize) -> Failure {
    if problems > 1 {
        failure.message = format!(
            "{problems} objects cannot be copied; the first: {}",
            failure.message
        );
    }
    failure
}
