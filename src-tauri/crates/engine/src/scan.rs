//! Prefixes become transfers while they are listed.
//!
//! Transfers and the key they were read up to are written in one transaction.
//! After a crash the listing goes on behind that key, so every key becomes one transfer, once.
//! Of a listing a few dozen pages are read ahead, whatever it is of; where the policy wants to
//! know, a page of the destination's listing is kept beside them.

use std::collections::BTreeSet;
use std::sync::Arc;

use partway_domain::{ConflictPolicy, Failure, Key};
use partway_journal::table::event::Level;
use partway_journal::table::job::NewTransfer;
use partway_journal::table::scan::{ScanId, ScanRow, ScanState};
use partway_journal::{Change, Durability, JournalError};
use partway_protocol::op::Operation;
use tokio::time::sleep;

use crate::call::{Answer, CallError, Listener, absence};
use crate::driver::Handle;
use crate::driver::route::Side;
use crate::effect::pin::Ask;
use crate::effect::{Obstacle, trouble};
use crate::engine::{EngineEvent, Shared};
use crate::event::{self, Told as _};
use crate::listing::{self, Pages};
use crate::order::Order;
use crate::signal::Signal;
use brought::Brought;

mod beside;
mod brought;
mod found;
mod rivals;

pub(crate) use beside::{Beside, facts};
pub(crate) use found::Finder;
pub(crate) use rivals::Rivals;

/// Transfers written at once: what is being copied meanwhile waits for the same journal.
const AT_ONCE: usize = 200;

/// What lists for one job, under its orders.
struct Scanner {
    shared: Arc<Shared>,
    handle: Arc<Handle>,
}

/// Lists all prefixes of a job that are not listed to their end, one after the other. `found`
/// rises with every page that is in the journal. Ends early when the order changes.
pub(crate) async fn list(
    shared: &Arc<Shared>,
    handle: &Arc<Handle>,
    order: Order,
    found: &Signal<u64>,
) -> Result<(), JournalError> {
    let Order::Run { retry_failed } = order else {
        return Ok(());
    };
    let job = handle.job;
    let scans = shared
        .record
        .blocking(move |journal| journal.scans(job))
        .await?;
    let scanner = Scanner {
        shared: Arc::clone(shared),
        handle: Arc::clone(handle),
    };
    for scan in &scans {
        let wanted = match scan.state {
            ScanState::Done => false,
            ScanState::Failed => retry_failed,
            ScanState::Listing | ScanState::Waiting => true,
        };
        if wanted && !scanner.see_through(scan, &scans, order, found).await? {
            return Ok(());
        }
    }
    Ok(())
}

impl Scanner {
    /// Lists one prefix to its end, through absences of the network. `false` if the order
    /// changed.
    async fn see_through(
        &self,
        scan: &ScanRow,
        all: &[ScanRow],
        order: Order,
        found: &Signal<u64>,
    ) -> Result<bool, JournalError> {
        let orders = self.handle.orders();
        let mut absences = 0;
        let mut marker = scan.marker.clone();
        if scan.state != ScanState::Listing {
            self.set(scan.id, ScanState::Listing, None).await?;
        }
        loop {
            let before = marker.clone();
            let failure = match self.pages(scan, all, &mut marker, found).await {
                Ok(()) => return Ok(true),
                Err(Obstacle::Held) => return Ok(false),
                Err(Obstacle::Journal(error)) => return Err(error),
                Err(Obstacle::Failure(failure)) => *failure,
            };
            absences = if marker == before { absences + 1 } else { 0 };
            let waits = trouble(failure.clone()).event;
            match waits {
                partway_domain::Event::Block {
                    wait: partway_domain::Wait::Network,
                } => {}
                partway_domain::Event::Block { .. } => {
                    self.set(scan.id, ScanState::Waiting, Some(failure)).await?;
                    return Ok(true);
                }
                _ => {
                    self.set(scan.id, ScanState::Failed, Some(failure)).await?;
                    return Ok(true);
                }
            }
            self.set(scan.id, ScanState::Waiting, Some(failure)).await?;
            tokio::select! {
                biased;
                () = orders.until_not(order) => return Ok(false),
                () = sleep(absence(absences)) => {}
            }
            self.set(scan.id, ScanState::Listing, None).await?;
        }
    }

    /// Reads page after page into the journal, from behind `marker`.
    async fn pages(
        &self,
        scan: &ScanRow,
        all: &[ScanRow],
        marker: &mut Option<Key>,
        found: &Signal<u64>,
    ) -> Result<(), Obstacle> {
        let after = marker.clone();
        let (side, prefix) = (&self.handle.route.source, &scan.source_prefix);
        listing::read(self, side, prefix, after.as_ref(), |pages| {
            self.keep_all(pages, scan, all, marker, found)
        })
        .await
    }

    async fn keep_all(
        &self,
        mut pages: Pages,
        scan: &ScanRow,
        all: &[ScanRow],
        marker: &mut Option<Key>,
        found: &Signal<u64>,
    ) -> Result<(), Obstacle> {
        let route = &self.handle.route;
        let known = self.shared.known(route)?;
        let named = self.named_destinations(scan).await?;
        let sources = all.iter().map(|scan| &scan.source_prefix);
        let finder = Finder::new(route, &known, scan.places(), sources, named);
        let behind = marker
            .as_ref()
            .and_then(|marker| finder.destination_of(marker).ok());
        let mut beside = self.beside(scan, behind.as_ref());
        let earlier = all.iter().take_while(|other| other.id != scan.id);
        let earlier = earlier.map(ScanRow::places);
        let to = &scan.destination_prefix;
        let mut rivals = Rivals::new(&route.source, to, earlier, behind.as_ref());
        let others = all.iter().filter(|other| other.id != scan.id);
        let others = others.map(ScanRow::places);
        let mut brought = Brought::new(scan.job, scan.named_until, to, others);
        while let Some(page) = pages.next().await? {
            let mut transfers = Vec::with_capacity(page.entries.len());
            for entry in &page.entries {
                let (mut stands, mut is_taken) = (None, false);
                if let Ok(key) = finder.destination_of(&entry.key) {
                    if let Some(beside) = &mut beside {
                        stands = beside.at(self, &key).await?;
                    }
                    is_taken =
                        brought.have(&self.shared, &key).await? || rivals.have(self, &key).await?;
                }
                transfers.push(finder.transfer(entry, stands.as_ref(), is_taken));
            }
            while !transfers.is_empty() {
                let rest = transfers.split_off(transfers.len().min(AT_ONCE));
                let some = std::mem::replace(&mut transfers, rest);
                *marker = self.keep(scan.id, some).await?.or(marker.take());
                found.set(found.now() + 1);
                if !self.handle.orders().now().runs() {
                    return Err(Obstacle::Held);
                }
            }
            self.shared
                .announce(EngineEvent::JobChanged(self.handle.job));
        }
        self.set(scan.id, ScanState::Done, None).await?;
        Ok(())
    }

    /// Journals what was found, and that it was read up to there. What a power cut takes away
    /// again is listed again, and takes away whatever was journaled of it later.
    async fn keep(
        &self,
        scan: ScanId,
        transfers: Vec<NewTransfer>,
    ) -> Result<Option<Key>, JournalError> {
        let Some(marker) = transfers.last().map(|last| last.source_key.clone()) else {
            return Ok(None);
        };
        let page = Change::ScanPage {
            scan,
            marker: marker.clone(),
            listed: transfers.len() as u64,
            transfers,
        };
        self.shared
            .record
            .write(vec![page], Durability::Grouped)
            .await?;
        Ok(Some(marker))
    }

    /// A look at the destination's listing beside the source's, where the policy wants to know
    /// what exists.
    fn beside(&self, scan: &ScanRow, behind: Option<&Key>) -> Option<Beside> {
        let route = &self.handle.route;
        match route.options.on_conflict {
            // Nothing is decided by what is there, or only right before the copy.
            ConflictPolicy::Overwrite | ConflictPolicy::Ask | ConflictPolicy::KeepBoth => None,
            ConflictPolicy::Skip | ConflictPolicy::IfNewer | ConflictPolicy::IfDifferent => Some(
                Beside::new(&route.destination, &scan.destination_prefix, behind),
            ),
        }
    }

    /// Destination keys of the objects the user named beside the prefixes: they stand in the
    /// journal before anything that was listed.
    async fn named_destinations(&self, scan: &ScanRow) -> Result<BTreeSet<Key>, JournalError> {
        let (job, until) = (scan.job, scan.named_until);
        self.shared
            .record
            .blocking(move |journal| journal.destinations(job, until))
            .await
            .map(BTreeSet::from_iter)
    }

    async fn set(
        &self,
        scan: ScanId,
        state: ScanState,
        failure: Option<Failure>,
    ) -> Result<(), JournalError> {
        let job = self.handle.job;
        let mut changes = vec![
            self.shared.held(job),
            Change::ScanState {
                scan,
                state,
                failure: failure.clone(),
            },
        ];
        if let Some(failure) = failure {
            let at_ms = self.shared.clock.now_ms();
            let level = match state {
                ScanState::Failed => Level::Error,
                _ => Level::Warning,
            };
            let told = event::of_job(at_ms, job, event::LISTING_HELD).because(level, &failure);
            changes.push(Change::Event(told));
        }
        self.shared
            .record
            .write(changes, Durability::Durable)
            .await?;
        self.shared.announce(EngineEvent::JobChanged(job));
        Ok(())
    }
}

impl Ask for Scanner {
    async fn ask<O: Operation<Output: Send>>(
        &self,
        side: &Side,
        operation: &O,
    ) -> Result<Answer<O::Output>, CallError> {
        let listener = Listener {
            hold: Some((self.handle.orders(), |order| !order.runs())),
            ..Listener::default()
        };
        let region = side.region.as_deref();
        self.shared
            .caller
            .call(&side.account, region, operation, &listener)
            .await
    }

    fn shared(&self) -> &Shared {
        &self.shared
    }
}
