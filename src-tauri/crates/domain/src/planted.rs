//! Known bugs, to see whether the simulation's checker finds them.
//!
//! Each is a mistake somebody has made in a program like this one. Where it would be made the code
//! asks [`is`]; without the feature `planted`, which no program that people use is built with, the
//! answer is a constant `false` and nothing of a bug is left in the machine code. With it, one bug
//! at a time can be [planted](plant) on a thread.

use std::fmt;

macro_rules! bugs {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// A mistake that the checker must find.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Bug {
            $($(#[$doc])* $name,)*
        }

        impl Bug {
            /// Every bug there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its word on the command line.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// The bug of this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|bug| bug.word() == word)
            }
        }
    };
}

bugs! {
    /// Copies carry neither the source's version nor a condition on its `ETag`: an object of two
    /// sources.
    DropPin = "drop-pin",
    /// The source is not looked at again before Complete: a server that ignores conditions has
    /// mixed two sources.
    SkipFinalLook = "skip-final-look",
    /// The status of a Complete or a `CopyObject` is believed, its body never read: an error in a
    /// 200 counts as a copy.
    TrustAny200 = "trust-any-200",
    /// Parts are cut one byte early, except for the first and the last: the size is right, the
    /// bytes are not.
    SlippedRange = "slipped-range",
    /// Requests are signed when they are queued, not when they are sent.
    SignEarly = "sign-early",
    /// Only the first page of `ListParts` is read: everything behind it is copied again.
    FirstPageOnly = "first-page-only",
    /// An upload is aborted while what became of its Complete is unknown.
    AbortWhileUnknown = "abort-while-unknown",
    /// `NoSuchUpload` after a Complete without an answer is taken for a loss, and everything is
    /// copied once more over what arrived.
    BlindStartOver = "blind-start-over",
    /// Whatever stands at the destination after a Complete without an answer is taken for ours.
    AnyObjectIsOurs = "any-object-is-ours",
    /// A Complete without an answer is sent again at once, as if twice were the same as once.
    CompleteTwice = "complete-twice",
    /// A Complete that was refused for its parts is believed, though a late part may have replaced
    /// one.
    NoSecondLook = "no-second-look",
    /// Complete is sent before the journal knows that it will be.
    CompleteUnannounced = "complete-unannounced",
    /// The intention to complete may wait for company on its way to the disk.
    CompleteNotSynced = "complete-not-synced",
    /// The id of an upload stays in memory: the next process begins another.
    ForgetUploadId = "forget-upload-id",
    /// The id of an upload may wait for company on its way to the disk.
    UploadIdNotSynced = "upload-id-not-synced",
    /// Any open upload of the key is taken over, whoever began it.
    AdoptAnyUpload = "adopt-any-upload",
    /// The abort of an upload whose id never arrived is sent to every upload of the key.
    AbortStrangers = "abort-strangers",
    /// After a restart only the journal's parts count; the server is not asked for those that were
    /// not written down in time.
    JournalPartsOnly = "journal-parts-only",
    /// An upload that the server has lost is begun anew with the parts of the old one ticked off.
    KeepLostParts = "keep-lost-parts",
    /// A resumed transfer begins a new upload, and nobody gives the old one back.
    ResumeFromScratch = "resume-from-scratch",
    /// An abort that did not succeed is not repeated.
    AbortOnce = "abort-once",
    /// An upload is struck out in the journal before its abort is sent.
    GoneBeforeAbort = "gone-before-abort",
    /// A cancel writes its intention only: after a crash nobody knows that the parts were to be
    /// given back.
    CancelWithoutMarks = "cancel-without-marks",
    /// An expired token throws the upload away.
    ExpiredTokenStartsOver = "expired-token-starts-over",
    /// A new credential is stored, but the refused one is used until the program ends.
    OldCredentialStays = "old-credential-stays",
    /// Who waits for the network waits for ever.
    NetworkNeverReturns = "network-never-returns",
    /// A failed request gives no room back to the limiter.
    LimiterLeaks = "limiter-leaks",
    /// Failed requests are repeated without pause or end.
    RetryWithoutPause = "retry-without-pause",
    /// The size alone is called a proof.
    SizeIsProof = "size-is-proof",
    /// Objects made of parts arrive without their metadata.
    LoseMetadata = "lose-metadata",
    /// Doubled slashes of destination keys become one.
    TidyKeys = "tidy-keys",
    /// The secret stands in the text of a failure.
    SecretInFailure = "secret-in-failure",
    /// The destination is looked at when the copy begins, not again before it is replaced.
    ForgetDestination = "forget-destination",
    /// A move deletes its source as soon as Complete has answered.
    MoveBeforeProof = "move-before-proof",
    /// A write that was refused for now, or never answered, is sent again on the word of the look
    /// before the first time.
    RepeatUnseen = "repeat-unseen",
    /// An object with the same bytes is taken for ours, whatever goes along with them.
    BytesAreProof = "bytes-are-proof",
    /// A move deletes whatever version of the source is the current one.
    MoveCurrentVersion = "move-current-version",
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(feature = "planted")]
mod ground {
    use std::cell::Cell;

    use super::Bug;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
        static MET: Cell<bool> = const { Cell::new(false) };
    }

    /// Plants a bug on this thread, or clears the ground.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
        MET.set(false);
    }

    /// Whether the bug of this thread was met since it was planted: one that never is proves
    /// nothing.
    pub fn met() -> bool {
        MET.get()
    }

    /// Whether this bug is to be made here.
    pub fn is(bug: Bug) -> bool {
        let planted = PLANTED.get() == Some(bug);
        if planted {
            MET.set(true);
        }
        planted
    }
}

#[cfg(feature = "planted")]
pub use ground::{is, met, plant};

/// Whether this bug is to be made here: never, in this build.
#[cfg(not(feature = "planted"))]
#[inline]
pub const fn is(_: Bug) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_one_bug_each() {
        for bug in Bug::ALL {
            assert_eq!(Bug::parse(bug.word()), Some(*bug));
        }
        assert_eq!(Bug::parse("no-such-bug"), None);
    }

    #[cfg(feature = "planted")]
    #[test]
    fn a_bug_stays_on_its_thread() {
        plant(Some(Bug::DropPin));
        assert!(!met());
        assert!(!is(Bug::TrustAny200));
        assert!(!met(), "another bug was asked for");
        assert!(is(Bug::DropPin));
        assert!(met());
        std::thread::spawn(|| assert!(!is(Bug::DropPin)))
            .join()
            .unwrap();
    }

    #[cfg(not(feature = "planted"))]
    #[test]
    fn without_the_feature_nothing_can_be_planted() {
        assert!(Bug::ALL.iter().all(|bug| !is(*bug)));
    }
}
