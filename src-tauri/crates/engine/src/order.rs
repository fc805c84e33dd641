//! What the user, or the end of the program, wants of a running job right now.

use crate::signal::Signal;

/// The standing order of one job. Everything that waits listens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Go on; with `retry_failed` also with what failed or was cancelled before.
    Run { retry_failed: bool },
    /// Let in-flight parts finish, start nothing new.
    Pause,
    /// As `Pause`, because the job's hours are over: it goes on as before when they come again.
    Hold { retry_failed: bool },
    /// Give up. Without `keep_parts` at once, and the uploads are aborted.
    Cancel { keep_parts: bool },
    /// The program ends: as `Pause`, but the job stays as it is.
    Leave,
    /// Stop touching anything: the lease is lost or the grace is over.
    Drop,
}

impl Order {
    pub(crate) fn runs(self) -> bool {
        matches!(self, Self::Run { .. })
    }

    /// It runs, or will when its hours come.
    pub(crate) fn may_run(self) -> bool {
        matches!(self, Self::Run { .. } | Self::Hold { .. })
    }

    /// In-flight parts are not waited for.
    pub(crate) fn is_abrupt(self) -> bool {
        matches!(self, Self::Drop | Self::Cancel { keep_parts: false })
    }

    /// Even what may not be interrupted by the user ends here.
    pub(crate) fn leaves(self) -> bool {
        matches!(self, Self::Leave | Self::Drop)
    }
}

/// An ear for orders.
#[derive(Debug, Clone)]
pub(crate) struct Orders(Signal<Order>);

impl Orders {
    pub(crate) fn new(order: Signal<Order>) -> Self {
        Self(order)
    }

    pub(crate) fn now(&self) -> Order {
        self.0.now()
    }

    /// Waits until the order is one that `wanted` accepts; for ever if it never comes.
    pub(crate) async fn until(&self, wanted: fn(Order) -> bool) {
        self.0.until(wanted).await;
    }

    /// Waits until the order is no longer `from`.
    pub(crate) async fn until_not(&self, from: Order) {
        self.0.until(|order| order != from).await;
    }
}
