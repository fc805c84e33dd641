//! How many requests the small objects of a job may have on their way.
//!
//! A small object is one request, and is read from the journal before it and written down after
//! it. Of those that rely on no look at the destination, which would grow old meanwhile, more are in
//! hand than may be on their way, so that a slot never waits for the disk.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// One for each request that may be on its way.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    most: usize,
    taken: usize,
}

/// Held while a request is on its way.
#[derive(Debug)]
pub(crate) struct Slot<'a>(&'a Slots);

impl Slots {
    /// From now on as many; what is on its way beyond that is left alone.
    pub(super) fn set_most(&self, most: usize) {
        let mut state = self.state();
        let more = most.saturating_sub(state.most);
        state.most = most;
        drop(state);
        for _ in 0..more {
            self.freed.notify_one();
        }
    }

    /// Waits for a free one.
    pub(super) async fn take(&self) -> Slot<'_> {
        loop {
            {
                let mut state = self.state();
                if state.taken < state.most {
                    state.taken += 1;
                    return Slot(self);
                }
            }
            // Whoever frees one before this waits leaves a permit.
            self.freed.notified().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.state().taken -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn no_more_are_taken_than_there_are() {
        let slots = Slots::default();
        assert!(slots.take().now_or_never().is_none(), "none yet");
        slots.set_most(2);
        let first = slots.take().now_or_never().expect("one of two");
        let second = slots.take().now_or_never().expect("the other");
        assert!(slots.take().now_or_never().is_none());
        drop(first);
        assert!(slots.take().now_or_never().is_some(), "what was freed");
        slots.set_most(0);
        drop(second);
        assert!(slots.take().now_or_never().is_none());
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_each_that_is_freed_or_added() {
        let slots = std::sync::Arc::new(Slots::default());
        slots.set_most(1);
        let held = slots.take().await;
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let slots = std::sync::Arc::clone(&slots);
                tokio::spawn(async move {
                    let slot = slots.take().await;
                    tokio::task::yield_now().await;
                    drop(slot);
                })
            })
            .collect();
        tokio::task::yield_now().await;
        drop(held);
        slots.set_most(2);
        for one in waiting {
            one.await.expect("each has its turn");
        }
        assert_eq!(slots.state().taken, 0);
    }
}
