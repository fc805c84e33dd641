//! What a person answers to a transfer that waits for a decision.
//!
//! | waits because of             | choices                                |
//! |------------------------------|----------------------------------------|
//! | an object at the destination | replace, keep both, skip               |
//! | a source that changed        | start over, skip                       |
//! | a completion beyond proof    | accept as it is, start over            |
//! | uploads that may be ours     | adopt one of them, start over, skip    |
//!
//! Giving the transfer up is not a decision but the user's verb `cancel`, and always possible.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{FailureKind, UploadId};

/// The kinds of decisions, as a person is offered them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Put the copy in the place of the object that stands there now.
    Replace,
    /// Copy under another name beside it.
    KeepBoth,
    /// Leave this object out.
    Skip,
    /// Give back what was begun and copy the source as it is now.
    StartOver,
    /// Someone has looked: the object at the destination counts as the copy, not verified.
    AcceptAsIs,
    /// Go on with an open upload that is not provably ours.
    AdoptUpload,
}

/// A decision taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "snake_case")]
pub enum Decision {
    /// [`Choice::Replace`]: the object that was seen, not one that comes later.
    Replace,
    /// [`Choice::KeepBoth`].
    KeepBoth,
    /// [`Choice::Skip`].
    Skip,
    /// [`Choice::StartOver`].
    StartOver,
    /// [`Choice::AcceptAsIs`].
    AcceptAsIs,
    /// [`Choice::AdoptUpload`].
    AdoptUpload {
        /// Which.
        upload_id: UploadId,
    },
}

/// A decision that does not answer what the transfer waits for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{choice} does not answer this transfer; {}", offered(.choices))]
pub struct Unfitting {
    /// What was decided.
    pub choice: Choice,
    /// What would fit; nothing where no decision is waited for.
    pub choices: Vec<Choice>,
}

impl Choice {
    /// Every choice.
    pub const ALL: [Self; 6] = [
        Self::Replace,
        Self::KeepBoth,
        Self::Skip,
        Self::StartOver,
        Self::AcceptAsIs,
        Self::AdoptUpload,
    ];

    /// The word of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::KeepBoth => "keep-both",
            Self::Skip => "skip",
            Self::StartOver => "start-over",
            Self::AcceptAsIs => "accept",
            Self::AdoptUpload => "adopt",
        }
    }

    /// What fits a transfer that waits because of a failure of this kind.
    pub fn fitting(kind: FailureKind) -> &'static [Self] {
        match kind {
            FailureKind::DestinationConflict => &[Self::Replace, Self::KeepBoth, Self::Skip],
            FailureKind::SourceChanged => &[Self::StartOver, Self::Skip],
            FailureKind::Unprovable => &[Self::AcceptAsIs, Self::StartOver],
            FailureKind::UploadUncertain => &[Self::AdoptUpload, Self::StartOver, Self::Skip],
            _ => &[],
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Decision {
    /// Its kind.
    pub fn choice(&self) -> Choice {
        match self {
            Self::Replace => Choice::Replace,
            Self::KeepBoth => Choice::KeepBoth,
            Self::Skip => Choice::Skip,
            Self::StartOver => Choice::StartOver,
            Self::AcceptAsIs => Choice::AcceptAsIs,
            Self::AdoptUpload { .. } => Choice::AdoptUpload,
        }
    }

    /// Fails unless it answers a transfer that waits because of `kind`.
    pub fn check(&self, kind: FailureKind) -> Result<(), Unfitting> {
        let fitting = Choice::fitting(kind);
        if fitting.contains(&self.choice()) {
            return Ok(());
        }
        Err(Unfitting {
            choice: self.choice(),
            choices: fitting.to_vec(),
        })
    }
}

fn offered(choices: &[Choice]) -> String {
    let words: Vec<&str> = choices.iter().map(|choice| choice.as_str()).collect();
    match words.as_slice() {
        [] => "it waits for no decision".to_owned(),
        words => format!("it can be answered with {}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_answers_the_question_is_taken() {
        use Choice as C;
        use FailureKind as K;
        let table = [
            (
                K::DestinationConflict,
                vec![C::Replace, C::KeepBoth, C::Skip],
            ),
            (K::SourceChanged, vec![C::StartOver, C::Skip]),
            (K::Unprovable, vec![C::AcceptAsIs, C::StartOver]),
            (
                K::UploadUncertain,
                vec![C::AdoptUpload, C::StartOver, C::Skip],
            ),
            (K::Network, vec![]),
            (K::AccessDenied, vec![]),
        ];
        let upload_id = UploadId::parse("one").unwrap();
        let decisions = [
            Decision::Replace,
            Decision::KeepBoth,
            Decision::Skip,
            Decision::StartOver,
            Decision::AcceptAsIs,
            Decision::AdoptUpload { upload_id },
        ];
        for (kind, fitting) in table {
            for decision in &decisions {
                let fits = decision.check(kind).is_ok();
                assert_eq!(fits, fitting.contains(&decision.choice()), "{kind:?}");
            }
        }
        // Nothing that may be complete is replaced or adopted over.
        let refused = Decision::Replace.check(K::Unprovable).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "replace does not answer this transfer; it can be answered with accept, start-over"
        );
    }
}
