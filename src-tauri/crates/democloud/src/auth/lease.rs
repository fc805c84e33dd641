//! How long the token of the temporary keys is good.

use crate::options::{Endpoint, TemporaryKeys};

/// The token that goes with the temporary keys of an endpoint at present.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    /// How many tokens there were before this one.
    pub(crate) serial: u32,
    /// Milliseconds since 1970; `None` never comes.
    pub(crate) expires_ms: Option<i64>,
}

/// What a token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    Good,
    Expired,
    /// It was never handed out.
    Nothing,
}

impl Lease {
    /// The keys with their present token.
    pub(crate) fn keys(&self, endpoint: &Endpoint) -> TemporaryKeys {
        let mut keys = endpoint.temporary();
        keys.token = nth(&keys.token, self.serial);
        keys
    }

    pub(super) fn judge(&self, first_token: &str, token: &str, now: i64) -> Worth {
        if token == nth(first_token, self.serial) {
            return match self.expires_ms {
                Some(when) if when <= now => Worth::Expired,
                _ => Worth::Good,
            };
        }
        let earlier = (0..self.serial).any(|serial| token == nth(first_token, serial));
        if earlier {
            Worth::Expired
        } else {
            Worth::Nothing
        }
    }
}

fn nth(first_token: &str, serial: u32) -> String {
    match serial {
        0 => first_token.to_owned(),
        _ => format!("{first_token}-{serial}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_its_time_or_the_next_one() {
        let mut lease = Lease::default();
        assert_eq!(lease.judge("t", "t", 5), Worth::Good);
        assert_eq!(lease.judge("t", "x", 5), Worth::Nothing);
        lease.expires_ms = Some(5);
        assert_eq!(lease.judge("t", "t", 4), Worth::Good);
        assert_eq!(lease.judge("t", "t", 5), Worth::Expired);
        lease = Lease {
            serial: 1,
            expires_ms: None,
        };
        assert_eq!(lease.judge("t", "t", 5), Worth::Expired);
        assert_eq!(lease.judge("t", "t-1", 5), Worth::Good);
        assert_eq!(lease.judge("t", "t-2", 5), Worth::Nothing);
    }
}
