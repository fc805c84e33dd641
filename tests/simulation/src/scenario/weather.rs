//! The network between the program and the provider.

use crate::dice::Dice;

/// How it treats requests; probabilities are per request.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// Milliseconds one way, at least.
    pub latency_ms: u64,
    /// Up to this much more.
    pub jitter_ms: u64,
    /// Milliseconds a copy of one part takes on the server, at most.
    pub work_ms: u64,
    /// No connection comes about.
    pub unreachable: f64,
    /// The connection breaks before the request arrives.
    pub request_lost: f64,
    /// The request is carried out, but the connection breaks before the answer arrives.
    pub answer_lost: f64,
    /// The connection breaks, and the request arrives long after.
    pub late: f64,
    /// Nothing is heard any more; carried out or not.
    pub silence: f64,
    /// A proxy answers in the server's stead; carried out or not.
    pub proxy: f64,
    /// The answer ends in the middle.
    pub torn: f64,
    /// The request arrives twice.
    pub doubled: f64,
}

impl Weather {
    pub(super) fn of(dice: &mut Dice) -> Self {
        let mut weather = Self {
            latency_ms: dice.between(1, 80),
            jitter_ms: dice.between(0, 200),
            work_ms: dice.between(0, 3_000),
            ..Self::default()
        };
        // Each kind of trouble is on or off, so that some stories are about one thing.
        let bad = dice.pick(&[0.0, 0.01, 0.03, 0.08, 0.15]);
        for probability in [
            &mut weather.unreachable,
            &mut weather.request_lost,
            &mut weather.answer_lost,
            &mut weather.late,
            &mut weather.silence,
            &mut weather.proxy,
            &mut weather.torn,
            &mut weather.doubled,
        ] {
            if dice.happens(0.4) {
                *probability = bad * dice.roll();
            }
        }
        weather
    }

    /// The same network on a fair day.
    pub(crate) fn fair(&self) -> Self {
        Self {
            latency_ms: self.latency_ms,
            jitter_ms: self.jitter_ms,
            work_ms: self.work_ms,
            ..Self::default()
        }
    }
}
