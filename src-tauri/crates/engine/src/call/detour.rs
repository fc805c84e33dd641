//! When a request takes the second domain of COS.

use std::borrow::Cow;
use std::time::Duration;

use partway_domain::FailureKind;
use partway_protocol::endpoint::Endpoint;

use super::once::Stumble;
use crate::retry::Policy;

/// Whether the second domain is worth trying: the provider itself has not answered, and
/// sending again does no harm.
///
/// | without the provider's request id | the detour is taken       |
/// |-----------------------------------|---------------------------|
/// | no answer                         | at once                   |
/// | 301, 302 or 307                   | at once                   |
/// | 5xx                               | when no attempt is left   |
///
/// What must not be sent twice only goes another way if it cannot have been carried out.
/// `pause` is the one before the next attempt, if there is to be one.
pub(super) fn is_called_for(trouble: &Stumble, policy: Policy, pause: Option<Duration>) -> bool {
    if trouble.by_provider {
        return false;
    }
    match trouble.failure.status {
        None => {
            trouble.failure.kind == FailureKind::Network
                && (policy.idempotent || !trouble.outcome_unknown)
        }
        Some(301 | 302 | 307) => true,
        Some(500..=599) => pause.is_none() && policy.idempotent,
        Some(_) => false,
    }
}

/// Where a request goes, with or without the detour.
pub(super) fn way(endpoint: &Endpoint, detour: bool) -> Cow<'_, Endpoint> {
    let second = || endpoint.at_fallback_domain();
    match detour.then(second).flatten() {
        Some(second) => Cow::Owned(second),
        None => Cow::Borrowed(endpoint),
    }
}

#[cfg(test)]
mod tests {
    use partway_domain::Failure;
    use partway_protocol::op::Traits;

    use super::*;

    fn stumble(kind: FailureKind, status: Option<u16>) -> Stumble {
        Stumble {
            failure: Failure {
                status,
                ..Failure::local(kind, "")
            },
            outcome_unknown: false,
            retry_after: None,
            region: None,
            stranger: None,
            clock_offset_ms: None,
            by_provider: false,
            too_long: false,
        }
    }

    #[test]
    fn the_table_above_holds() {
        use FailureKind as K;
        let policy = |idempotent| {
            Policy::of(Traits {
                idempotent,
                copied_bytes: 0,
            })
        };
        let (more, last) = (Some(Duration::ZERO), None);
        for (kind, status, pause, taken) in [
            (K::Network, None, more, true),
            (K::Network, None, last, true),
            (K::Tls, None, last, false),
            (K::WrongRegion, Some(301), last, true),
            (K::WrongRegion, Some(302), last, true),
            (K::WrongRegion, Some(307), last, true),
            (K::ServerTrouble, Some(502), more, false),
            (K::ServerTrouble, Some(502), last, true),
            (K::Throttled, Some(503), last, true),
            (K::AccessDenied, Some(403), last, false),
            (K::NoSuchBucket, Some(404), last, false),
        ] {
            let trouble = stumble(kind, status);
            assert_eq!(
                is_called_for(&trouble, policy(true), pause),
                taken,
                "{kind:?} {status:?}"
            );
            let by_provider = Stumble {
                by_provider: true,
                ..trouble
            };
            assert!(
                !is_called_for(&by_provider, policy(true), pause),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn what_may_have_been_done_is_not_done_again_elsewhere() {
        let once_only = Policy::of(Traits {
            idempotent: false,
            copied_bytes: 0,
        });
        let refused = stumble(FailureKind::Network, None);
        assert!(is_called_for(&refused, once_only, None), "nothing was sent");
        let unknown = Stumble {
            outcome_unknown: true,
            ..refused
        };
        assert!(!is_called_for(&unknown, once_only, None));
        let stumbled = stumble(FailureKind::ServerTrouble, Some(500));
        assert!(!is_called_for(&stumbled, once_only, None));
    }
}
