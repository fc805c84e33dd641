//! What happened, as the checker wants it: plain values, made from an outcome or by hand.

use partway_democloud::{ObjectFacts, Segment};
use partway_domain::conflict::ConflictPolicy;
use partway_domain::{DialectName, FailureKind, State, TransferId};

mod of;

/// Everything that is judged.
#[derive(Debug, Clone)]
pub struct Story {
    /// Of both sides.
    pub dialect: DialectName,
    /// The transfers.
    pub subjects: Vec<Subject>,
    /// Uploads of others that nothing tells from ours: empty, and begun when ours was.
    pub twins: Vec<String>,
    /// What took effect on the server, in order.
    pub deeds: Vec<Deed>,
    /// What the program sent, in order.
    pub sent: Vec<Sent>,
    /// What the journal was told, in order.
    pub told: Vec<Told>,
    /// What the user said, in order.
    pub said: Vec<Said>,
    /// How each life of the program ended, in order.
    pub endings: Vec<Ending>,
    /// Objects as they stand in the end, by bucket and key.
    pub objects: Vec<(Address, ObjectFacts)>,
    /// From here on, in milliseconds since 1970, nothing went wrong any more.
    pub calm_from_ms: i64,
    /// Whether everything came to rest in time.
    pub rested: bool,
    /// Bytes of the journal and its log.
    pub journal_bytes: u64,
    /// What must be nowhere: what it is, and its bytes.
    pub canaries: Vec<(String, Vec<u8>)>,
    /// Where it must not be: which place, and its bytes.
    pub places: Vec<(String, Vec<u8>)>,
}

/// A bucket and a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
}

/// One transfer: what was wanted, and what its rows say in the end.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Its number.
    pub transfer: TransferId,
    /// Of what.
    pub source: Address,
    /// Of which version, where the user named one.
    pub version: Option<String>,
    /// To where, as the user named it.
    pub destination: Address,
    /// Whether the source is to go.
    pub moving: bool,
    /// What was said about a destination that exists.
    pub policy: ConflictPolicy,
    /// Whether the user chose another class.
    pub other_class: bool,
    /// Where it ended.
    pub state: State,
    /// The destination key of its row: another one where both objects were to be kept.
    pub row_key: String,
    /// The tag, version and parts of its pin.
    pub pin: Option<Pinned>,
    /// Its upload row.
    pub upload: Option<Upload>,
    /// Its verdict.
    pub verdict: Option<Verdict>,
}

/// What a transfer was bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// Tag of the source.
    pub etag: String,
    /// Its version.
    pub version: Option<String>,
    /// Parts of the plan.
    pub parts: u32,
    /// What was named as not carried.
    pub not_carried: Vec<String>,
}

/// An upload row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id, once known.
    pub id: Option<String>,
    /// Whether it is to be given back.
    pub aborting: bool,
}

/// A verdict row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is shown as verified.
    pub verified: bool,
    /// What was compared.
    pub evidence: String,
}

/// Something that took effect.
#[derive(Debug, Clone)]
pub struct Deed {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// Where.
    pub at: Address,
    /// The request of ours that did it; `None` for anybody else.
    pub request: Option<String>,
    /// What.
    pub did: Did,
}

/// What took effect.
#[derive(Debug, Clone)]
pub enum Did {
    /// A version was written in one go.
    Written(Version),
    /// An object or one of its versions went; with a marker the versions stay.
    Deleted {
        /// The version that went, or the marker.
        version: Option<String>,
        /// Whether it is a marker.
        marker: bool,
    },
    /// An upload was begun.
    UploadMade {
        /// Its id.
        upload: String,
    },
    /// A part came.
    PartWritten {
        /// Of which upload.
        upload: String,
        /// From 1.
        number: u32,
        /// Its tag.
        etag: String,
    },
    /// An upload became a version.
    Completed {
        /// Which.
        upload: String,
        /// The version.
        version: Version,
    },
    /// An upload was aborted.
    Aborted {
        /// Which.
        upload: String,
    },
    /// An upload went by itself.
    Vanished {
        /// Which.
        upload: String,
    },
}

/// One version of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// `None` where there are no versions.
    pub id: Option<String>,
    /// Its tag.
    pub etag: String,
    /// What it is made of; neighbours that continue each other are joined.
    pub content: Vec<Segment>,
}

/// A request of the program.
#[derive(Debug, Clone)]
pub struct Sent {
    /// In which life, from 0.
    pub life: usize,
    /// When it was sent.
    pub at_ms: i64,
    /// When the program knew; `None` if it ended first.
    pub ended_ms: Option<i64>,
    /// API name.
    pub operation: String,
    /// About what.
    pub about: Option<Address>,
    /// Of which upload.
    pub upload: Option<String>,
    /// Which part; of a page of parts, the last one before it.
    pub part: Option<u32>,
    /// The status the program saw; `None` for no answer.
    pub status: Option<u16>,
    /// Something else stood in the place of the answer's body.
    pub garbled: bool,
    /// It arrived twice, the second time perhaps much later.
    pub doubled: bool,
    /// The id the server gave it, if it came that far.
    pub request: Option<String>,
}

/// Something the journal was told.
#[derive(Debug, Clone)]
pub struct Told {
    /// In which life.
    pub life: usize,
    /// When.
    pub at_ms: i64,
    /// About which transfer.
    pub transfer: TransferId,
    /// What.
    pub what: Note,
}

/// What the journal was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A state.
    State(State),
    /// Why it failed or waits.
    Reason(FailureKind),
    /// The source is this one.
    Pinned {
        /// Its tag.
        etag: String,
    },
    /// The upload has this id.
    UploadKnown {
        /// The id.
        upload: String,
    },
    /// A `CopyObject` made this object.
    Made {
        /// Its tag.
        etag: String,
    },
    /// Several uploads could be the one that was begun, and none of them is touched.
    Uncertain,
    /// The copy was compared with its source.
    Verdict {
        /// Whether more than sizes were.
        verified: bool,
    },
    /// A part is there.
    PartDone {
        /// From 1.
        number: u32,
        /// Its tag.
        etag: String,
    },
}

/// Something the user said.
#[derive(Debug, Clone)]
pub struct Said {
    /// When.
    pub at_ms: i64,
    /// Of which transfer; `None` for all.
    pub transfer: Option<TransferId>,
    /// What.
    pub word: Word,
}

/// What the user can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Hold.
    Pause,
    /// Go on.
    Resume,
    /// Go on also with what failed.
    Retry,
    /// Give up.
    Cancel {
        /// Whether the parts stay.
        keep_parts: bool,
    },
    /// Put the copy in the place of what stands there.
    Replace,
    /// Leave it out.
    Skip,
    /// Copy under another name.
    KeepBoth,
    /// Copy the source as it is now.
    StartOver,
    /// It counts as the copy.
    AcceptAsIs,
    /// Go on with this upload.
    Adopt(String),
}

/// How a life of the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, or asked to.
    Closed,
    /// Killed.
    Killed,
    /// With the power.
    PowerCut,
}

impl Story {
    /// Whether the user said something that `fits` about a transfer within a span of time.
    pub(super) fn was_said(
        &self,
        transfer: TransferId,
        (from_ms, to_ms): (i64, i64),
        fits: impl Fn(&Word) -> bool,
    ) -> bool {
        self.said.iter().any(|said| {
            said.transfer.is_none_or(|of| of == transfer)
                && (from_ms..=to_ms).contains(&said.at_ms)
                && fits(&said.word)
        })
    }

    /// Whether a transfer was bound to its source once more within a span of time.
    pub(super) fn was_bound_anew(&self, subject: &Subject, (from_ms, to_ms): (i64, i64)) -> bool {
        self.told.iter().any(|told| {
            told.transfer == subject.transfer
                && matches!(told.what, Note::Pinned { .. })
                && (from_ms..=to_ms).contains(&told.at_ms)
        })
    }

    /// Deeds at one address, in order.
    pub(super) fn deeds_at<'a, 'b>(
        &'a self,
        address: &'b Address,
    ) -> impl Iterator<Item = &'a Deed> + use<'a, 'b> {
        self.deeds.iter().filter(move |deed| deed.at == *address)
    }

    /// Whether anybody else did something at an address within a span of time.
    pub(super) fn stranger_at(&self, address: &Address, (from_ms, to_ms): (i64, i64)) -> bool {
        self.deeds_at(address).any(|deed| {
            deed.request.is_none()
                && (from_ms..=to_ms).contains(&deed.at_ms)
                && matches!(deed.did, Did::Written(_) | Did::Deleted { .. })
        })
    }

    /// States a transfer entered, in order, with the time.
    pub(super) fn states(&self, transfer: TransferId) -> impl Iterator<Item = (i64, State)> {
        self.told.iter().filter_map(move |told| match told.what {
            Note::State(state) if told.transfer == transfer => Some((told.at_ms, state)),
            _ => None,
        })
    }

    /// Whether the program worked with an upload; looking at one is nothing of the kind.
    pub(super) fn is_used(&self, upload: &str) -> bool {
        self.sent
            .iter()
            .any(|sent| sent.upload.as_deref() == Some(upload) && sent.operation != "ListParts")
    }

    /// Whether an upload came from the second arrival of a request that the network doubled: only
    /// of the first the id was answered.
    pub(super) fn is_second_arrival(&self, deed: &Deed) -> bool {
        let unanswered = self
            .sent
            .iter()
            .all(|sent| sent.request.is_none() || sent.request != deed.request);
        unanswered
            && self.sent.iter().any(|sent| {
                sent.doubled
                    && sent.operation == "CreateMultipartUpload"
                    && sent.about.as_ref() == Some(&deed.at)
            })
    }

    /// Whether the same had been sent, to no avail, since a look before it: that look was about the
    /// first sending.
    pub(super) fn is_sent_again(&self, sending: &Sent, looked_ms: i64) -> bool {
        self.sent.iter().any(|sent| {
            sent.operation == sending.operation
                && sent.about == sending.about
                && sent.at_ms >= looked_ms
                && sent
                    .ended_ms
                    .is_some_and(|ended_ms| ended_ms <= sending.at_ms)
                && !std::ptr::eq(sent, sending)
        })
    }

    /// When the first request was sent.
    pub(super) fn begun_ms(&self) -> i64 {
        self.sent.first().map_or(i64::MAX, |sent| sent.at_ms)
    }
}

impl Subject {
    /// Whether it is changed where it is.
    pub(super) fn is_in_place(&self) -> bool {
        self.source == self.destination
    }

    /// Where the copy really goes.
    pub(super) fn arrives_at(&self) -> Address {
        Address {
            bucket: self.destination.bucket.clone(),
            key: self.row_key.clone(),
        }
    }
}

impl Deed {
    /// Whether the program did it.
    pub(super) fn is_ours(&self) -> bool {
        self.request.is_some()
    }

    /// The version that came to be.
    pub(super) fn made(&self) -> Option<&Version> {
        match &self.did {
            Did::Written(version) | Did::Completed { version, .. } => Some(version),
            _ => None,
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} in {}", self.key, self.bucket)
    }
}
