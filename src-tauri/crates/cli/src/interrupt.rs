//! Ctrl-C and the session's end.

use tokio::sync::mpsc;

/// Wishes to stop, one by one. While it exists the system's default, to end at once, is off.
#[derive(Debug)]
pub(crate) struct Interrupts(mpsc::Receiver<()>);

impl Interrupts {
    pub(crate) fn listen() -> Self {
        let (sender, receiver) = mpsc::channel(4);
        tokio::spawn(async move {
            while signal().await.is_ok() {
                if sender.send(()).await.is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    /// Waits for the next wish; for ever if the system cannot tell.
    pub(crate) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
