//! Limits on requests per second: of an endpoint, of a bucket, of one key.
//!
//! Each is a bucket of tokens that holds what comes in within a second, on the clock of the cloud.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::call::Call;
use crate::lock;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::world::World;

/// How many requests the limits let pass, and how many they refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Throttled {
    /// Let pass, at once or after a wait.
    pub admitted: u64,
    /// Of these, made to wait.
    pub delayed: u64,
    /// Turned away.
    pub refused: u64,
}

/// What the limits say to a request.
#[derive(Debug)]
pub(crate) enum Verdict {
    Pass,
    /// Later, and the answer tells how much.
    Wait(Duration),
    Refuse(Refusal),
}

/// Seconds that a request may be made to wait before it is turned away instead.
const LONGEST_WAIT: f64 = 2.0;

/// Keys that are metered at a time; more are forgotten, which lets a few requests more pass.
const METERED_KEYS: usize = 4096;

/// The meters of one endpoint.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    endpoint: Meter,
    buckets: BTreeMap<String, Meter>,
    keys: BTreeMap<(String, String), Meter>,
    pub(crate) throttled: Throttled,
}

/// Tokens that are left, as of a moment.
#[derive(Debug, Default, Clone, Copy)]
struct Meter {
    /// How many tokens were taken and have not come back.
    taken: f64,
    /// Milliseconds since 1970.
    at_ms: i64,
}

impl Meter {
    /// Seconds until a token is there.
    fn wait(&mut self, rate: f64, now: i64) -> f64 {
        let elapsed = (now - self.at_ms).max(0) as f64 / 1000.0;
        self.taken = (self.taken - elapsed * rate).max(0.0);
        self.at_ms = now;
        ((self.taken + 1.0 - rate.max(1.0)) / rate).max(0.0)
    }

    fn take(&mut self) {
        self.taken += 1.0;
    }
}

impl World {
    /// Takes a token from every limit that concerns a request, or from none.
    pub(super) fn throttle(&self, call: &Call) -> Verdict {
        let switches = call.switches;
        let limits = [switches.endpoint_qps, switches.bucket_qps, switches.key_qps];
        if limits.iter().all(Option::is_none) {
            return Verdict::Pass;
        }
        let now = self.nature.now_ms();
        let mut meters = lock(self.meters(call.provider));
        let Meters {
            endpoint,
            buckets,
            keys,
            throttled,
        } = &mut *meters;
        let mut concerned: Vec<(f64, &mut Meter)> = Vec::new();
        let mut limited = |limit: Option<u32>, meter| {
            if let Some(rate) = limit {
                concerned.push((f64::from(rate.max(1)), meter));
            }
        };
        limited(switches.endpoint_qps, endpoint);
        if let Some(bucket) = &call.bucket {
            limited(
                switches.bucket_qps,
                buckets.entry(bucket.clone()).or_default(),
            );
            if let Some(key) = &call.key {
                if keys.len() > METERED_KEYS {
                    keys.clear();
                }
                let name = (bucket.clone(), key.clone());
                limited(switches.key_qps, keys.entry(name).or_default());
            }
        }
        let waits = concerned
            .iter_mut()
            .map(|(rate, meter)| meter.wait(*rate, now));
        let wait = waits.fold(0.0, f64::max);
        let patient = call.provider == Provider::Obs && switches.qos_delay;
        if wait > if patient { LONGEST_WAIT } else { 0.0 } {
            throttled.refused += 1;
            return Verdict::Refuse(refusal(call, wait));
        }
        for (_, meter) in concerned {
            meter.take();
        }
        throttled.admitted += 1;
        if wait > 0.0 {
            throttled.delayed += 1;
            return Verdict::Wait(Duration::from_secs_f64(wait));
        }
        Verdict::Pass
    }
}

fn refusal(call: &Call, wait: f64) -> Refusal {
    match call.provider {
        Provider::Cos | Provider::S3 => {
            Refusal::new(503, "SlowDown", "Please reduce your request rate.")
        }
        Provider::Obs => {
            let refusal = Refusal::new(429, "TooManyRequests", "There are too many requests.");
            if !call.switches.qos_delay {
                return refusal;
            }
            let name = format!("{}qos-delay-time", call.form.prefix());
            let millis = Duration::from_secs_f64(wait).as_millis();
            refusal.with_header(name, millis.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_gives_its_rate_and_a_second_of_it_at_once() {
        let mut meter = Meter::default();
        let mut passed = 0;
        for now in 0..10_000 {
            if meter.wait(20.0, now) == 0.0 {
                meter.take();
                passed += 1;
            }
        }
        assert_eq!(passed, 20 + 199);
    }
}
