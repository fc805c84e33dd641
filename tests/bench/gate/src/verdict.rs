//! What becomes of a figure.

use std::fmt;

/// Further than this from the committed figure, in hundredths of it, is out of bounds.
const BOUND: u64 = 10;

/// How a count stands to the figure that was committed; the changes in hundredths of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    /// Near it.
    Within(f64),
    /// Much less work. Nothing is wrong, but the figure should be accepted.
    Better(f64),
    /// Much more work.
    Worse(f64),
    /// Nothing was committed for the case.
    New,
}

impl Verdict {
    pub(crate) fn of(committed: Option<u64>, counted: u64) -> Self {
        let Some(committed) = committed else {
            return Self::New;
        };
        // What takes nothing must go on doing so.
        if committed == 0 {
            return if counted == 0 {
                Self::Within(0.0)
            } else {
                Self::Worse(f64::INFINITY)
            };
        }
        let change = (counted as f64 / committed as f64 - 1.0) * 100.0;
        // Whole numbers decide: a tenth is none in binary.
        if counted * 100 > committed * (100 + BOUND) {
            Self::Worse(change)
        } else if counted * 100 < committed * (100 - BOUND) {
            Self::Better(change)
        } else {
            Self::Within(change)
        }
    }

    /// A case without a figure fails too: it would gate nothing.
    pub(crate) fn fails(self) -> bool {
        matches!(self, Self::Worse(_) | Self::New)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(change) => write!(f, "{change:>+7.1}%"),
            Self::Better(change) => write!(f, "{change:>+7.1}% less: keep it by --accept"),
            Self::Worse(change) => write!(f, "{change:>+7.1}% FAILED"),
            Self::New => write!(f, "    new FAILED: --accept writes the first figure"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_more_fails_and_a_tenth_less_is_told() {
        let of = |counted| Verdict::of(Some(1_000), counted);
        assert!(!of(1_100).fails());
        assert!(of(1_101).fails());
        assert!(matches!(of(900), Verdict::Within(_)));
        assert!(matches!(of(899), Verdict::Better(_)));
        assert!(!of(899).fails());
        assert!(Verdict::of(None, 1).fails());
        assert!(Verdict::of(Some(0), 1).fails());
        assert!(!Verdict::of(Some(0), 0).fails());
    }
}
