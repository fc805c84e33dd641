//! Misbehaviour that nobody planned: odds for each kind, drawn from the cloud's own chance.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::chance::Chance;
use crate::fault::{FaultKind, Shape};

/// A kind of misbehaviour that chance may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mishap {
    /// The connection closes before anything is done.
    Reset,
    /// It is done, then the connection closes without an answer.
    LoseAnswer,
    /// Of part copies: the connection closes, and the copy takes effect later.
    Zombie,
    /// Nothing is done; a 5xx that may be gone the next time.
    Refuse,
    /// Nothing is done; 503 `SlowDown`, now and then with a `Retry-After`.
    SlowDown,
    /// Of copies, part copies and Complete: nothing is done, and a 200 holds an `<Error>`.
    ErrorIn200,
    /// It is done, but only half of the answer's body arrives.
    HalfBody,
    /// It is done, but what comes back is nothing that the provider would write.
    Garbled,
    /// Silence, then everything goes on as usual.
    Stall,
    /// The copy source gets new content before the request goes on.
    SourceChanged,
    /// The upload that the request names vanishes before the request goes on.
    UploadGone,
    /// Of requests with temporary keys: the token is said to have expired.
    ExpiredToken,
}

impl Mishap {
    /// Every kind.
    pub const ALL: [Mishap; 12] = [
        Mishap::Reset,
        Mishap::LoseAnswer,
        Mishap::Zombie,
        Mishap::Refuse,
        Mishap::SlowDown,
        Mishap::ErrorIn200,
        Mishap::HalfBody,
        Mishap::Garbled,
        Mishap::Stall,
        Mishap::SourceChanged,
        Mishap::UploadGone,
        Mishap::ExpiredToken,
    ];
}

/// How likely each mishap is, per request. The default never brings any.
#[derive(Debug, Clone, PartialEq)]
pub struct Chaos {
    odds: BTreeMap<Mishap, f64>,
    /// The longest silence of a stall; each is between nothing and this.
    pub longest_stall: Duration,
    /// The latest that a lost part copy takes effect; each is between nothing and this.
    pub latest_zombie: Duration,
}

impl Default for Chaos {
    fn default() -> Self {
        Chaos {
            odds: BTreeMap::new(),
            longest_stall: Duration::from_secs(90),
            latest_zombie: Duration::from_secs(60),
        }
    }
}

impl Chaos {
    /// This kind happens to so many of all requests that it can happen to: 0.02 is one in fifty.
    /// A request meets one mishap at most, so all odds together should stay below 1.
    #[must_use]
    pub fn with(mut self, mishap: Mishap, odds: f64) -> Self {
        self.odds.insert(mishap, odds);
        self
    }

    /// How likely one kind is.
    pub fn odds(&self, mishap: Mishap) -> f64 {
        self.odds.get(&mishap).copied().unwrap_or(0.0)
    }
}

/// How often each kind happened.
pub(crate) type Mishaps = BTreeMap<Mishap, u64>;

/// The odds, and what they brought so far.
#[derive(Debug, Default)]
pub(crate) struct Odds {
    pub(crate) chaos: Chaos,
    pub(crate) fired: Mishaps,
}

impl Odds {
    /// What chance brings to a request; `able` says which kinds can happen to it.
    pub(crate) fn strike(
        &mut self,
        chance: &Chance,
        able: impl Fn(Mishap) -> bool,
    ) -> Option<FaultKind> {
        if self.chaos.odds.is_empty() {
            return None;
        }
        let mut roll = chance.roll();
        for (&mishap, &odds) in &self.chaos.odds {
            if roll < odds {
                return able(mishap).then(|| {
                    *self.fired.entry(mishap).or_default() += 1;
                    self.chaos.shaped(mishap, chance)
                });
            }
            roll -= odds;
        }
        None
    }
}

impl Chaos {
    /// The mishap with everything that is still open about it.
    fn shaped(&self, mishap: Mishap, chance: &Chance) -> FaultKind {
        match mishap {
            Mishap::Reset => FaultKind::Reset,
            Mishap::LoseAnswer => FaultKind::LoseAnswer,
            Mishap::Zombie => FaultKind::Zombie(chance.up_to(self.latest_zombie)),
            Mishap::Refuse => {
                let (status, code) = one_of(chance, &FLEETING);
                FaultKind::Refuse {
                    status,
                    code: code.to_owned(),
                }
            }
            Mishap::SlowDown => FaultKind::SlowDown {
                retry_after: one_of(chance, &[None, None, Some(Duration::from_secs(1))]),
            },
            Mishap::ErrorIn200 => FaultKind::ErrorIn200 {
                code: one_of(chance, &["InternalError", "SlowDown", "ServiceUnavailable"])
                    .to_owned(),
            },
            Mishap::HalfBody => FaultKind::HalfBody,
            Mishap::Garbled => FaultKind::Garbled {
                status: 200,
                shape: one_of(chance, &SHAPES),
            },
            Mishap::Stall => FaultKind::Stall(chance.up_to(self.longest_stall)),
            Mishap::SourceChanged => FaultKind::SourceChanged,
            Mishap::UploadGone => FaultKind::UploadGone,
            Mishap::ExpiredToken => FaultKind::ExpiredToken,
        }
    }
}

const FLEETING: [(u16, &str); 4] = [
    (500, "InternalError"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
];

/// All but the sixteen MiB, which cost more time than they teach here.
const SHAPES: [Shape; 7] = [
    Shape::Empty,
    Shape::Blanks,
    Shape::Html,
    Shape::Unclosed,
    Shape::Entities,
    Shape::NotUtf8,
    Shape::NoEtag,
];

fn one_of<T: Copy, const N: usize>(chance: &Chance, all: &[T; N]) -> T {
    let at = chance.bits() % N as u64;
    all[usize::try_from(at).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_kept_and_counted() {
        let chance = Chance::seeded(1);
        let mut odds = Odds::default();
        assert!(odds.strike(&chance, |_| true).is_none());
        odds.chaos = Chaos::default()
            .with(Mishap::Reset, 0.1)
            .with(Mishap::Zombie, 0.2);
        let struck = (0..10_000)
            .filter(|_| odds.strike(&chance, |_| true).is_some())
            .count();
        assert_eq!(odds.fired.values().sum::<u64>(), struck as u64);
        assert!((900..1100).contains(&odds.fired[&Mishap::Reset]));
        assert!((1900..2100).contains(&odds.fired[&Mishap::Zombie]));
    }

    #[test]
    fn what_cannot_happen_is_not_counted() {
        let mut odds = Odds {
            chaos: Chaos::default().with(Mishap::Zombie, 1.0),
            ..Odds::default()
        };
        let struck = odds.strike(&Chance::seeded(1), |mishap| mishap != Mishap::Zombie);
        assert_eq!(struck, None);
        assert!(odds.fired.is_empty());
    }
}
