//! What the user, or the end of the program, wants of a running job right now.

use tokio::sync::watch;

/// The standing order of one job. Everything that waits listens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Go on; with `retry_failed` also with what failed or was cancelled before.
    Run { retry_failed: bool },
    /// Let in-flight parts finish, start nothing new.
    Pause,
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
pub(crate) struct Orders(watch::Receiver<Order>);

impl Orders {
    pub(crate) fn new(receiver: watch::Receiver<Order>) -> Self {
        Self(receiver)
    }

    pub(crate) fn now(&self) -> Order {
        *self.0.borrow()
    }

    /// Waits until the order is one that `wanted` accepts; for ever if it never comes.
    pub(crate) async fn until(&self, wanted: fn(Order) -> bool) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|order| wanted(*order)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until the order is no longer `from`.
    pub(crate) async fn until_not(&self, from: Order) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|order| *order != from).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
