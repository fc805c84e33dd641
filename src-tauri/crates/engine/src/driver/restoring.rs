//! Waiting for archived sources that were asked back: looks from time to time, and keeps no
//! other job waiting meanwhile.

use std::time::Duration;

use partway_domain::{JobId, State, Wait};
use partway_journal::table::transfer::TransferRow;

use super::Handle;
use crate::engine::Shared;
use crate::order::Order;
use crate::queue;

/// The first pause between two looks; each is twice as long, up to [`LONGEST_PAUSE`]. The
/// quickest restores take a minute, the slowest two days.
const FIRST_PAUSE: Duration = Duration::from_secs(15);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// How a driver waits for restores.
#[derive(Debug, Default)]
pub(super) struct Patience {
    looks: u32,
}

impl Patience {
    /// Pauses before the next look. `false` if nothing is waited for, or the order changed.
    pub(super) async fn outlast(
        &mut self,
        shared: &std::sync::Arc<Shared>,
        handle: &std::sync::Arc<Handle>,
        order: Order,
    ) -> bool {
        if !order.runs() || !is_waited_for(shared, handle.job) {
            return false;
        }
        queue::turn_over(shared, handle).await;
        let pause = FIRST_PAUSE * 2_u32.saturating_pow(self.looks.min(10));
        self.looks += 1;
        let orders = handle.orders();
        tokio::select! {
            biased;
            () = orders.until_not(order) => false,
            () = tokio::time::sleep(pause.min(LONGEST_PAUSE)) => true,
        }
    }
}

fn is_waited_for(shared: &Shared, job: JobId) -> bool {
    shared
        .record
        .journal()
        .restores_waited_for(job)
        .unwrap_or_else(|error| {
            tracing::warn!(%job, %error, "the journal could not be read");
            false
        })
}

/// Whether a transfer waits for a source that was asked back.
pub(super) fn waits(row: &TransferRow) -> bool {
    let waiting = State::Waiting {
        wait: Wait::Restore,
    };
    row.state == waiting && row.restore.is_some()
}
