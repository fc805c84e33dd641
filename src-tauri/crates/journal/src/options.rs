//! What a journal may be opened with besides its folder.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::change::Durability;

/// The time rows are stamped with.
#[derive(Clone)]
pub struct JournalClock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl JournalClock {
    /// A clock that tells milliseconds since 1970.
    pub fn new(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

impl Default for JournalClock {
    /// The computer's own.
    fn default() -> Self {
        Self::new(|| Timestamp::now().as_millisecond())
    }
}

impl fmt::Debug for JournalClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JournalClock")
    }
}

/// Hears of each commit of an inline writer, and how sure it was made.
pub type Committed = Arc<dyn Fn(Durability) + Send + Sync>;

/// Who writes.
#[derive(Clone, Default)]
pub enum WriterKind {
    /// A thread of its own, which gathers what many ask into one commit.
    #[default]
    Thread,
    /// Whoever submits: each submission is one commit, made before `submit` returns. Everything
    /// then happens in an order that only the caller decides, which a simulation needs. Dropping
    /// the last handle leaves the files as a killed process would: nothing is checkpointed, and
    /// the next to open finds a crash.
    Inline(Option<Committed>),
}

impl fmt::Debug for WriterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Thread => "Thread",
            Self::Inline(_) => "Inline",
        })
    }
}

/// How a journal is opened.
#[derive(Debug, Clone, Default)]
pub struct JournalOptions {
    /// Who writes.
    pub writer: WriterKind,
    /// The time rows are stamped with.
    pub clock: JournalClock,
}
