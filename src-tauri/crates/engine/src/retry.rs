//! How often and how patiently an operation is repeated: a policy as data, a pure rule.
//!
//! | trouble                                   | repeated                                |
//! |-------------------------------------------|-----------------------------------------|
//! | the server's own trouble                  | up to `attempts` sendings               |
//! | the network                               | up to `away_attempts`: a job then waits |
//! | throttled                                 | up to `throttled_attempts` sendings     |
//! | outcome unknown, operation not idempotent | never: somebody must look first         |
//! | anything else                             | never                                   |

use std::time::Duration;

use partway_domain::FailureKind;
use partway_domain::planted::{self, Bug};
use partway_protocol::op::Traits;

/// Longest a server may keep us waiting by `Retry-After`.
const RETRY_AFTER_CAP: Duration = Duration::from_secs(300);

/// Sendings in all while a server is in trouble, unless the user chose otherwise.
pub(crate) const ATTEMPTS: u32 = 8;

/// Time for an operation that copies nothing.
const PLAIN_DEADLINE: Duration = Duration::from_secs(30);

/// Time for a copy before its bytes are counted; servers stay silent until it is done.
const COPY_DEADLINE: Duration = Duration::from_secs(120);

/// The slowest server-side copy believed to be alive, in bytes per second.
const SLOWEST_COPY: u64 = 800 << 10;

/// No request is given longer than this.
const DEADLINE_CAP: Duration = Duration::from_secs(2 * 60 * 60);

/// How patient one operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Sendings in all, the first included.
    pub attempts: u32,
    /// Sendings in all while nobody answers. Few: who waits for the network shall see so soon.
    pub away_attempts: u32,
    /// Sendings in all while the server only asks us to slow down.
    pub throttled_attempts: u32,
    /// The first pause is at most this long, the next twice as long, and so on.
    pub base: Duration,
    /// No pause is longer than this, unless the server asks for it.
    pub cap: Duration,
    /// How long one sending may take.
    pub deadline: Duration,
    /// Sending it twice does what sending it once does.
    pub idempotent: bool,
}

impl Policy {
    /// The policy for an operation of these traits.
    pub fn of(traits: Traits) -> Self {
        Self {
            attempts: ATTEMPTS,
            away_attempts: 5,
            throttled_attempts: 40,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(20),
            deadline: deadline(traits.copied_bytes),
            idempotent: traits.idempotent,
        }
    }

    /// As `of`, but sent only once: somebody is watching and wants to know.
    pub fn once(traits: Traits) -> Self {
        Self {
            attempts: 1,
            away_attempts: 1,
            throttled_attempts: 1,
            ..Self::of(traits)
        }
    }
}

/// Grows with the bytes the server copies: about 23 minutes for 1 GiB.
fn deadline(copied_bytes: u64) -> Duration {
    if copied_bytes == 0 {
        return PLAIN_DEADLINE;
    }
    (COPY_DEADLINE + Duration::from_secs(copied_bytes / SLOWEST_COPY)).min(DEADLINE_CAP)
}

/// What the rule needs to know of a failed sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// What it means.
    pub kind: FailureKind,
    /// The request may have been carried out.
    pub outcome_unknown: bool,
    /// Seconds the server asked us to wait.
    pub retry_after: Option<u64>,
}

/// The pause before the next sending, or `None` to give up. `attempt` counts the sendings so
/// far from 1; `roll` is a random number in 0..1 that spreads the clients ("full jitter").
pub fn next(policy: &Policy, attempt: u32, trouble: Trouble, roll: f64) -> Option<Duration> {
    let allowed = match trouble.kind {
        FailureKind::Throttled => policy.throttled_attempts,
        FailureKind::Network => policy.away_attempts,
        kind if kind.is_transient() => policy.attempts,
        _ => return None,
    };
    // A server in trouble may have done what was asked before it stumbled.
    let unknown = trouble.outcome_unknown || trouble.kind == FailureKind::ServerTrouble;
    if planted::is(Bug::RetryWithoutPause) && !unknown {
        return Some(Duration::ZERO);
    }
    if attempt >= allowed || (unknown && !policy.idempotent) {
        return None;
    }
    let ceiling = policy
        .base
        .saturating_mul(1 << (attempt.saturating_sub(1)).min(16))
        .min(policy.cap);
    let asked = Duration::from_secs(trouble.retry_after.unwrap_or(0)).min(RETRY_AFTER_CAP);
    Some(asked + ceiling.mul_f64(roll.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Traits = Traits {
        idempotent: true,
        copied_bytes: 0,
    };

    fn trouble(kind: FailureKind) -> Trouble {
        Trouble {
            kind,
            outcome_unknown: false,
            retry_after: None,
        }
    }

    #[test]
    fn the_table_in_the_head_of_this_file_holds() {
        use FailureKind as K;
        let repeatable = Policy::of(READ);
        let once_only = Policy {
            idempotent: false,
            ..repeatable
        };
        // kind, outcome unknown, repeated if idempotent, repeated if not, gives up after
        let rows = [
            (K::Network, false, true, true, 5),
            (K::Network, true, true, false, 5),
            (K::ServerTrouble, false, true, false, 8),
            (K::BadResponse, true, true, false, 8),
            (K::Throttled, false, true, true, 40),
            (K::Throttled, true, true, false, 40),
            (K::AccessDenied, false, false, false, 1),
            (K::Tls, false, false, false, 1),
            (K::WrongCredential, false, false, false, 1),
            (K::NoSuchUpload, false, false, false, 1),
            (K::SourceChanged, false, false, false, 1),
        ];
        for (kind, outcome_unknown, idempotent, other, attempts) in rows {
            let trouble = Trouble {
                outcome_unknown,
                ..trouble(kind)
            };
            let repeats = |policy, attempt| next(policy, attempt, trouble, 0.5).is_some();
            assert_eq!(repeats(&repeatable, 1), idempotent, "{kind:?}");
            assert_eq!(repeats(&once_only, 1), other, "{kind:?}");
            assert!(!repeats(&repeatable, attempts), "{kind:?}");
            assert_eq!(
                repeats(&repeatable, attempts.saturating_sub(1).max(1)),
                idempotent
            );
        }
    }

    #[test]
    fn pauses_double_up_to_the_cap_and_are_spread() {
        let policy = Policy::of(READ);
        let pause =
            |attempt, roll| next(&policy, attempt, trouble(FailureKind::Throttled), roll).unwrap();
        assert_eq!(pause(1, 1.0), Duration::from_millis(200));
        assert_eq!(pause(4, 1.0), Duration::from_millis(1600));
        assert_eq!(pause(30, 1.0), policy.cap);
        assert_eq!(pause(4, 0.0), Duration::ZERO);
    }

    #[test]
    fn the_server_is_heard_but_not_without_end() {
        let policy = Policy::of(READ);
        let asked = |seconds| {
            let trouble = Trouble {
                retry_after: Some(seconds),
                ..trouble(FailureKind::Throttled)
            };
            next(&policy, 1, trouble, 0.0).unwrap()
        };
        assert_eq!(asked(7), Duration::from_secs(7));
        assert_eq!(asked(86_400), RETRY_AFTER_CAP);
    }

    #[test]
    fn a_large_part_may_stay_silent_for_twenty_minutes() {
        let copying = |copied_bytes| {
            Policy::of(Traits {
                idempotent: true,
                copied_bytes,
            })
            .deadline
        };
        assert_eq!(copying(0), Duration::from_secs(30));
        assert!(copying(1) >= Duration::from_secs(120));
        assert!(copying(1 << 30) >= Duration::from_secs(20 * 60));
        assert_eq!(copying(u64::MAX), DEADLINE_CAP);
    }
}
