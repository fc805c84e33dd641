//! Where work that blocks is done.

use tokio::task::{JoinError, spawn_blocking};

/// The place for blocking work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blocking {
    /// On a thread that may block.
    Elsewhere,
    /// At once, on this very thread: nothing really blocks in a simulation, and the order of
    /// events must not depend on threads.
    Here,
}

impl Blocking {
    /// Does it there; an error says that it panicked.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match self {
            Self::Elsewhere => spawn_blocking(work).await,
            Self::Here => Ok(work()),
        }
    }
}
