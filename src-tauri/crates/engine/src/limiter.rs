//! How many requests may be in flight to one bucket of one endpoint, and how fast they may
//! follow each other. One limiter is shared by all jobs.
//!
//! | the server                    | what is done                                               |
//! |-------------------------------|------------------------------------------------------------|
//! | never complained              | only the number in flight is limited                       |
//! | refuses a request             | a pace is kept, a little below what it took                |
//! | refuses everything            | half the pace and half as many in flight, again and again  |
//! | asks for time                 | nothing is sent to the bucket until then                   |
//! | takes requests again          | the pace rises (see `pace`), and one more with each taken  |
//! | refuses some at any pace      | none is kept (see `blame`): being slow does not help       |
//!
//! A refusal of a request that was sent before the last cut belongs to the same story and cuts
//! nothing: a storm of refusals is one message.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use partway_domain::Concurrency;
use tokio::sync::{Mutex as Turn, Notify};
use tokio::time::Instant;

mod blame;
mod budget;
mod pace;

use blame::Blame;
pub(crate) use budget::Budget;
use pace::{Pace, Tally};

/// For how long after a refusal the endpoint is said to slow us down.
const SAID_FOR: Duration = Duration::from_secs(10);

/// Without a refusal for so long no pace is kept any more.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(120);

/// Longest a server may keep everybody waiting.
pub(crate) const ASKED_CAP: Duration = Duration::from_secs(300);

/// Holds back requests to one bucket.
#[derive(Debug)]
pub struct Limiter {
    inner: Mutex<Inner>,
    /// First come, first served: only who is at the front looks at the pace.
    turn: Turn<()>,
    freed: Notify,
}

#[derive(Debug)]
struct Inner {
    most: usize,
    /// In flight at once.
    allowed: usize,
    in_flight: usize,
    pace: Option<Pace>,
    tally: Tally,
    blame: Blame,
    last_cut: Option<Instant>,
    last_refusal: Option<Instant>,
    closed_until: Option<Instant>,
    /// Parts at once that a copy has found to be enough.
    enough: Option<u32>,
}

/// The right to have one request in flight; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    limiter: Arc<Limiter>,
    since: Instant,
}

enum Room {
    Free,
    Full,
    From(Instant),
}

impl Limiter {
    /// A limiter that never allows more than `most` at once.
    pub fn new(most: usize) -> Arc<Self> {
        let most = most.max(1);
        Arc::new(Self {
            inner: Mutex::new(Inner {
                most,
                allowed: most,
                in_flight: 0,
                pace: None,
                tally: Tally::default(),
                blame: Blame::default(),
                last_cut: None,
                last_refusal: None,
                closed_until: None,
                enough: None,
            }),
            turn: Turn::new(()),
            freed: Notify::new(),
        })
    }

    /// Waits for room. Dropping the future gives up the place.
    pub async fn acquire(self: &Arc<Self>) -> Permit {
        let _at_the_front = self.turn.lock().await;
        loop {
            let freed = self.freed.notified();
            let now = Instant::now();
            let room = self.lock().take(now);
            match room {
                Room::Free => {
                    return Permit {
                        limiter: Arc::clone(self),
                        since: now,
                    };
                }
                Room::Full => freed.await,
                Room::From(then) => tokio::time::sleep_until(then).await,
            }
        }
    }

    /// The server asked us to slow down not long ago.
    pub fn is_throttled(&self) -> bool {
        let inner = self.lock();
        inner
            .last_refusal
            .is_some_and(|refusal| refusal.elapsed() < SAID_FOR)
            || inner.asked_left(Instant::now()).is_some()
    }

    /// How much of the time is left that the server asked for.
    pub fn asked_left(&self) -> Option<Duration> {
        self.lock().asked_left(Instant::now())
    }

    /// The search for the number of parts at once, as the last copy left it.
    pub(crate) fn search(&self) -> Concurrency {
        let inner = self.lock();
        let most = u32::try_from(inner.most).unwrap_or(u32::MAX);
        Concurrency::new(inner.enough, most)
    }

    /// A search ended with so many parts at once. Whether that is news.
    pub(crate) fn found_enough(&self, parts: u32) -> bool {
        self.lock().enough.replace(parts) != Some(parts)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// The server took the request without complaint.
    pub fn taken(self) {
        let mut inner = self.limiter.lock();
        inner.allowed = (inner.allowed + 1).min(inner.most);
        if inner.is_new(self.since) {
            inner.blame.note(false);
        }
    }

    /// The server refused the request because there are too many, and may have asked for time.
    pub fn refused(self, asked: Option<Duration>) {
        let now = Instant::now();
        let mut inner = self.limiter.lock();
        inner.last_refusal = Some(now);
        if let Some(asked) = asked {
            let until = now + asked.min(ASKED_CAP);
            inner.closed_until = inner.closed_until.max(Some(until));
        }
        inner.tally.refused(self.since);
        if inner.is_new(self.since) {
            inner.blame.note(true);
            inner.blamed(now, self.since);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limiter.lock().in_flight -= 1;
        self.limiter.freed.notify_one();
    }
}

impl Inner {
    fn take(&mut self, now: Instant) -> Room {
        if let Some(until) = self.closed_until {
            if until > now {
                return Room::From(until);
            }
            self.closed_until = None;
        }
        if self.in_flight >= self.allowed {
            return Room::Full;
        }
        if self
            .last_refusal
            .is_some_and(|refusal| now - refusal > FORGOTTEN_AFTER)
        {
            self.pace = None;
            self.blame = Blame::default();
        }
        if let Some(then) = self.pace.as_mut().and_then(|pace| pace.step(now)) {
            return Room::From(then);
        }
        self.in_flight += 1;
        self.tally.sent(now);
        Room::Free
    }

    /// A request that was sent then was sent at the present pace.
    fn is_new(&self, sent: Instant) -> bool {
        self.last_cut.is_none_or(|cut| sent > cut)
    }

    /// A request that was sent then was refused: slower from now on, if that can help.
    fn blamed(&mut self, now: Instant, sent: Instant) {
        if self.blame.is_ours(self.pace.as_ref().map(Pace::known)) {
            self.cut(now, sent);
        } else {
            self.pace = None;
        }
    }

    /// `sent` is when the refused request was.
    fn cut(&mut self, now: Instant, sent: Instant) {
        self.last_cut = Some(now);
        let taken = self.tally.per_second(sent);
        if taken == 0.0 {
            self.allowed = (self.allowed / 2).max(1);
        }
        self.pace = Some(match self.pace.take() {
            Some(pace) => pace.cut(now, taken),
            None => Pace::first(now, taken, self.in_flight),
        });
    }

    fn asked_left(&self, now: Instant) -> Option<Duration> {
        self.closed_until?
            .checked_duration_since(now)
            .filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod storm;
#[cfg(test)]
mod tests;
