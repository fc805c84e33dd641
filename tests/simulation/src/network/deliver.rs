//! Brings what is under way to the server.

use std::sync::Arc;
use std::time::Duration;

use crate::world::{World, lock};

/// Delivers for as long as a life lasts; what has not arrived by then waits for the next one.
pub(crate) async fn deliver(world: Arc<World>) {
    let network = &world.network;
    loop {
        let now_ms = world.time.now_ms();
        let due = {
            let mut inner = lock(&network.inner);
            match inner.under_way.first_entry() {
                Some(first) if first.key().0 <= now_ms => Ok(first.remove()),
                Some(first) => Err(Some(first.key().0 - now_ms)),
                None => Err(None),
            }
        };
        match due {
            Ok(arrival) => {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    let answer = world.cloud.answer(world.provider, arrival.request).await;
                    if let Some(reply) = arrival.reply {
                        // Nobody waits any more where the connection broke meanwhile.
                        let _ = reply.send(answer);
                    }
                });
            }
            Err(None) => network.sent.notified().await,
            Err(Some(ms)) => {
                let pause = Duration::from_millis(u64::try_from(ms).unwrap_or(0));
                tokio::select! {
                    biased;
                    () = network.sent.notified() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
    }
}
