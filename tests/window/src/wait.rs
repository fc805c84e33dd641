//! Waiting for what is expected, and no longer.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Until something that needs a moment has happened. Generous: machines that test are busy.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// Looks again and again until it is so; else the error says what was missed.
pub async fn until(reached: impl Fn() -> bool, otherwise: &str) -> Outcome {
    let look = || std::future::ready(if reached() { Ok(()) } else { Err("".into()) });
    until_found(look, otherwise).await
}

/// Looks again and again until there is something to answer; else the error says what was missed,
/// and why it was at last.
pub async fn until_found<T, F>(look: impl Fn() -> F, otherwise: &str) -> Outcome<T>
where
    F: Future<Output = Outcome<T>>,
{
    let end = Instant::now() + PATIENCE;
    loop {
        match look().await {
            Ok(found) => return Ok(found),
            Err(error) if Instant::now() > end => {
                return Err(format!("{otherwise} {error}").trim_end().into());
            }
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    }
}
