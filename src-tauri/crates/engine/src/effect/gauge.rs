//! Measures what the parts in flight bring, where their number is to be found and not given.

use std::sync::Arc;
use std::time::Duration;

use partway_domain::{Concurrency, Stays};
use tokio::time::Instant;

use crate::driver::run::Run;
use crate::event::{self, Told as _};
use crate::limiter::Limiter;

/// Shorter than this nothing is measured.
const LEAST_SPAN: Duration = Duration::from_millis(250);

/// As often all parts in flight have to arrive in a span: they began together and arrive in bursts,
/// and a burst more or less must not look like a gain.
const TURNS: usize = 3;

/// A number that was found is looked at again after so long: networks have their hours.
const HOLDS_FOR: Duration = Duration::from_secs(60);

/// One search, and the span that is being measured.
#[derive(Debug)]
pub(super) struct Gauge {
    search: Concurrency,
    /// Parts still to come that were sent while another number was in flight.
    earlier: usize,
    span: Option<Span>,
    found: Instant,
}

#[derive(Debug)]
struct Span {
    since: Instant,
    parts: usize,
    bytes: u64,
}

/// A number of parts at once that the copy stays with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    at_once: u32,
    /// What was measured last.
    tried: u32,
    why: Stays,
}

impl Gauge {
    fn new(search: Concurrency) -> Self {
        Self {
            search,
            earlier: 0,
            span: None,
            found: Instant::now(),
        }
    }

    pub(super) fn at_once(&self) -> usize {
        self.search.at_once() as usize
    }

    /// A part of so many bytes has arrived. `more`: others wait for its place, so the number in
    /// flight is what it was. `throttled` is asked when a span ends.
    pub(super) fn arrived(
        &mut self,
        bytes: u64,
        more: bool,
        throttled: impl FnOnce() -> bool,
    ) -> Option<Found> {
        if !self.search.searches() {
            if self.found.elapsed() < HOLDS_FOR {
                return None;
            }
            self.search.search_again();
        }
        if !more {
            // The end of a copy is slower than its middle, and says nothing.
            self.span = None;
            return None;
        }
        if self.earlier > 0 {
            self.earlier -= 1;
            return None;
        }
        let Some(span) = &mut self.span else {
            self.span = Some(Span {
                since: Instant::now(),
                parts: 0,
                bytes: 0,
            });
            return None;
        };
        span.parts += 1;
        span.bytes += bytes;
        let elapsed = span.since.elapsed();
        if span.parts < TURNS * self.search.at_once() as usize || elapsed < LEAST_SPAN {
            return None;
        }
        let speed = span.bytes as f64 / elapsed.as_secs_f64();
        self.span = None;
        let tried = self.search.at_once();
        let stays = if throttled() {
            self.search.refused()
        } else {
            self.search.measured(speed)
        };
        let at_once = self.search.at_once();
        if at_once != tried {
            self.earlier = tried as usize;
        }
        stays.map(|why| {
            self.found = Instant::now();
            Found {
                at_once,
                tried,
                why,
            }
        })
    }
}

impl Run {
    /// The search for the number of parts at once, with what another copy to the same bucket found.
    pub(super) fn gauge(&self) -> Gauge {
        Gauge::new(self.destination_limiter().search())
    }

    /// A part has arrived in a copy whose number of parts at once is being looked for.
    pub(super) fn gauge_part(&self, gauge: &mut Gauge, bytes: u64, more: bool) {
        let throttled = || self.handle.is_throttled(&self.shared);
        let Some(found) = gauge.arrived(bytes, more, throttled) else {
            return;
        };
        if self.destination_limiter().found_enough(found.at_once) {
            let told = self.event(event::PARTS_AT_ONCE_FOUND);
            self.shared.note(told.saying(found.in_words()));
        }
    }

    fn destination_limiter(&self) -> Arc<Limiter> {
        let side = &self.route.destination;
        self.shared.caller.limiter(&side.home, Some(&side.bucket))
    }
}

impl Found {
    fn in_words(self) -> String {
        let Self { at_once, tried, .. } = self;
        match self.why {
            Stays::NoFaster(factor) => {
                let percent = factor * 100.0;
                format!("{at_once} parts at once: {tried} had {percent:.0} % of their speed")
            }
            Stays::Refused => format!("{at_once} parts at once: the server asks to slow down"),
            Stays::Most => format!("{at_once} parts at once: the most there may be"),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;
    use futures::stream::FuturesUnordered;
    use tokio::sync::Semaphore;

    use super::*;

    const PART: u64 = 64 << 20;

    /// Copies so many parts over a line that carries `wide` of them at a time, each in a second, as
    /// the driver does. What was found, and the most that were in flight.
    async fn copy(gauge: &mut Gauge, wide: usize, parts: usize) -> (Option<Found>, usize) {
        let line = Arc::new(Semaphore::new(wide));
        let (mut left, mut most, mut found) = (parts, 0, None);
        let mut copying = FuturesUnordered::new();
        loop {
            while left > 0 && copying.len() < gauge.at_once() {
                left -= 1;
                let line = Arc::clone(&line);
                copying.push(async move {
                    let _place = line.acquire().await;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                });
            }
            most = most.max(copying.len());
            if copying.next().await.is_none() {
                return (found, most);
            }
            found = gauge.arrived(PART, left > 0, || false).or(found);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_is_filled_and_no_more() {
        for (wide, at_once) in [(10, 16), (16, 16), (36, 32), (50, 64), (64, 64), (500, 256)] {
            let mut gauge = Gauge::new(Concurrency::new(None, 256));
            let (found, most) = copy(&mut gauge, wide, 5_000).await;
            let found = found.expect("it ends");
            assert_eq!(found.at_once, at_once, "{wide}: {}", found.in_words());
            assert!(most <= 2 * at_once as usize, "{wide}: {most}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_copy_of_few_parts_is_not_measured() {
        let mut gauge = Gauge::new(Concurrency::new(None, 256));
        assert_eq!(copy(&mut gauge, 500, 20).await, (None, 16));
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_copy_begins_with_what_was_found_and_looks_again_later() {
        let mut gauge = Gauge::new(Concurrency::new(Some(64), 256));
        assert_eq!(copy(&mut gauge, 500, 1_000).await, (None, 64));
        tokio::time::advance(HOLDS_FOR).await;
        let (found, _) = copy(&mut gauge, 500, 5_000).await;
        assert_eq!(found.map(|found| found.at_once), Some(256));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_refuses_ends_the_search() {
        let mut gauge = Gauge::new(Concurrency::new(None, 256));
        let mut found = None;
        for _ in 0..100 {
            tokio::time::advance(Duration::from_millis(50)).await;
            found = found.or(gauge.arrived(PART, true, || true));
        }
        assert_eq!(found.map(|found| found.why), Some(Stays::Refused));
        assert_eq!(gauge.at_once(), 16);
    }
}
