//! A value that others wait on.
//!
//! Waiters are woken in the order in which they came. `tokio::sync::watch` spreads them over
//! several queues and wakes those in random order, so that one seed of a simulation would not
//! always be the same story.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The value; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Signal<T>(Arc<Cell<T>>);

#[derive(Debug)]
struct Cell<T> {
    value: Mutex<T>,
    changed: Notify,
}

impl<T: Copy> Signal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(Cell {
            value: Mutex::new(value),
            changed: Notify::new(),
        }))
    }

    pub(crate) fn now(&self) -> T {
        *self.0.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, value: T) {
        *self.0.value.lock().unwrap_or_else(PoisonError::into_inner) = value;
        self.0.changed.notify_waiters();
    }

    /// Waits until the value is one that `wanted` accepts; for ever if it never comes.
    pub(crate) async fn until(&self, wanted: impl Fn(T) -> bool) {
        loop {
            // From here on no change is missed.
            let changed = self.0.changed.notified();
            if wanted(self.now()) {
                return;
            }
            changed.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_is_woken_in_the_order_of_coming() {
        let signal = Signal::new(0);
        let woken = Arc::new(Mutex::new(Vec::new()));
        let waiters: Vec<_> = (0..20)
            .map(|number| {
                let (signal, woken) = (signal.clone(), Arc::clone(&woken));
                tokio::spawn(async move {
                    signal.until(|value| value == 1).await;
                    woken.lock().unwrap().push(number);
                })
            })
            .collect();
        tokio::task::yield_now().await;
        signal.set(1);
        for waiter in waiters {
            waiter.await.unwrap();
        }
        assert_eq!(*woken.lock().unwrap(), (0..20).collect::<Vec<_>>());
    }
}
