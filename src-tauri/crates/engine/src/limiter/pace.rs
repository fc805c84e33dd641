//! Requests per second, once a server has said that there were too many. Pure: time is an
//! argument.
//!
//! A refusal tells how much the server takes: what it took in the last moments. From there,
//! in seconds since:
//!
//! | time    | the pace                                                                      |
//! |---------|-------------------------------------------------------------------------------|
//! | before  | far below, after refusals of everything: twice as fast every second           |
//! | 0 – 2   | nine tenths of what it took, so that the server draws breath                  |
//! | 2 – 8   | slowly up to a tenth more                                                     |
//! | 8 – 16  | a tenth more: enough to meet the limit again, with few refusals               |
//! | then    | no limit was met, so it must have moved: twice as fast every second and a half |
//!
//! Time counts only while requests wait for the pace: an idle hour says nothing of the limit.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// No pace is slower, in requests per second.
const SLOWEST: f64 = 1.0;

/// A pace above this is none.
const FASTEST: f64 = 100_000.0;

/// What is left of the known pace after a refusal.
const BREATH: f64 = 0.9;

/// A server that takes some requests takes at least so much of the pace.
const LEAST_TAKEN: f64 = 0.75;

/// How far beyond the known pace the limit is looked for.
const BEYOND: f64 = 1.1;

/// What came late may be made up for: timers are coarse.
const SLACK: Duration = Duration::from_millis(2);

/// Longest pause between two requests that counts as waiting all the time.
const PAUSE_COUNTED: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct Pace {
    /// What the server is known to take; infinite before anything was taken.
    known: f64,
    /// The pace at the last cut.
    from: f64,
    /// Seconds under way since the last cut.
    under_way: f64,
    last: Instant,
    next: Instant,
}

impl Pace {
    /// After the first refusal: so many per second were taken until then; none, and
    /// `in_flight` were sent at once.
    pub(super) fn first(now: Instant, taken: f64, in_flight: usize) -> Self {
        if taken > 0.0 {
            return Self::below(now, taken);
        }
        Self {
            known: f64::INFINITY,
            from: (in_flight as f64 / 2.0).max(SLOWEST),
            under_way: 0.0,
            last: now,
            next: now,
        }
    }

    /// What the server is known to take, in requests per second; infinite if nothing was.
    pub(super) fn known(&self) -> f64 {
        self.known
    }

    /// After one more.
    pub(super) fn cut(self, now: Instant, taken: f64) -> Self {
        let rate = self.rate();
        if taken > 0.0 {
            // While the pace rises the last moments tell less than is possible now.
            return Self::below(now, taken.clamp(LEAST_TAKEN * rate, rate));
        }
        // Nothing passes at all: what it takes at other times is worth remembering.
        Self {
            from: (rate / 2.0).max(SLOWEST),
            under_way: 0.0,
            last: now,
            next: self.next.max(now),
            known: self.known,
        }
    }

    fn below(now: Instant, known: f64) -> Self {
        let known = known.max(SLOWEST);
        Self {
            known,
            from: known * BREATH,
            under_way: 0.0,
            last: now,
            next: now,
        }
    }

    /// Lets one request pass, or says when to ask again.
    pub(super) fn step(&mut self, now: Instant) -> Option<Instant> {
        if self.next > now {
            return Some(self.next);
        }
        let late = now - self.next;
        if late < PAUSE_COUNTED {
            self.under_way += (now - self.last).min(PAUSE_COUNTED).as_secs_f64();
        }
        self.last = now;
        let begin = now
            .checked_sub(SLACK)
            .map_or(self.next, |least| self.next.max(least));
        self.next = begin + Duration::from_secs_f64(1.0 / self.rate());
        None
    }

    fn rate(&self) -> f64 {
        let breath = BREATH * self.known;
        let climbing = (breath / self.from).log2().max(0.0);
        if self.under_way < climbing {
            return (self.from * self.under_way.exp2()).clamp(SLOWEST, FASTEST);
        }
        let share = match self.under_way - climbing {
            ..2.0 => BREATH,
            rising @ ..8.0 => BREATH + (BEYOND - BREATH) * (rising - 2.0) / 6.0,
            ..16.0 => BEYOND,
            late => BEYOND * ((late - 16.0) / 1.5).exp2(),
        };
        (self.known * share).clamp(SLOWEST, FASTEST)
    }
}

/// Requests of the last seconds that were not refused. One under way counts: refusals are
/// quick, copies are not.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Counts by quarter of a second of sending, the newest last.
    quarters: VecDeque<(Instant, u32)>,
}

/// Width of one count.
const QUARTER: Duration = Duration::from_millis(250);

/// Counts kept.
const QUARTERS: usize = 60;

/// Older counts say nothing.
const OLDEST: Duration = Duration::from_secs(10);

/// So many requests say enough; fewer than a second is never enough.
const ENOUGH: u32 = 30;

impl Tally {
    pub(super) fn sent(&mut self, now: Instant) {
        match self.quarters.back_mut() {
            Some((since, count)) if now - *since < QUARTER => *count += 1,
            _ => {
                self.quarters.push_back((now, 1));
                if self.quarters.len() > QUARTERS {
                    self.quarters.pop_front();
                }
            }
        }
    }

    /// The request sent then was refused.
    pub(super) fn refused(&mut self, sent: Instant) {
        if let Some((_, count)) = self.until(sent).next() {
            *count = count.saturating_sub(1);
        }
    }

    /// Requests per second taken until then.
    pub(super) fn per_second(&mut self, then: Instant) -> f64 {
        let (mut taken, mut span) = (0, Duration::ZERO);
        for (since, count) in self.until(then) {
            let age = then - *since;
            if age > OLDEST || (taken >= ENOUGH && span >= Duration::from_secs(1)) {
                break;
            }
            taken += *count;
            span = age;
        }
        f64::from(taken) / span.as_secs_f64().max(1.0)
    }

    fn until(&mut self, then: Instant) -> impl Iterator<Item = &mut (Instant, u32)> {
        self.quarters
            .iter_mut()
            .rev()
            .skip_while(move |(since, _)| *since > then)
    }
}
