//! Everything a checker may look at when a seed has come to its end.

use std::path::PathBuf;

use partway_democloud::{InProcess, Provider};
use partway_domain::TransferId;
use partway_journal::Change;
use partway_journal::table::event::EventRow;
use partway_journal::table::job::JobRow;
use partway_journal::table::part::PartRow;
use partway_journal::table::transfer::TransferRow;

use crate::scenario::{Happening, Scenario};

/// What became of a seed.
#[derive(Debug)]
pub struct Outcome {
    /// What the seed had decided.
    pub scenario: Scenario,
    /// The cloud with its ground truth.
    pub cloud: InProcess,
    /// Whose endpoint was used.
    pub provider: Provider,
    /// Where the sources are.
    pub source_bucket: String,
    /// Where the copies go.
    pub destination_bucket: String,
    /// The lives of the program; the last one came to rest.
    pub lives: Vec<LifeOutcome>,
    /// Every job the user began, as the journal has it at the end.
    pub jobs: Vec<JobOutcome>,
    /// Uploads the journal still means to give back.
    pub abort_queue: Vec<TransferRow>,
    /// What the transfers were bound to when the job began.
    pub planned: Vec<Planned>,
    /// What happened besides the copying, in order.
    pub happenings: Vec<Happened>,
    /// Uploads of others.
    pub strays: Vec<Stray>,
    /// Every request the program sent, in order.
    pub sent: Vec<Sent>,
    /// Everything came to rest before patience was over: nothing is under way, and nothing
    /// would go on by itself.
    pub rested: bool,
    /// Milliseconds of virtual time.
    pub virtual_ms: i64,
    /// What must be nowhere: secret keys, tokens and the user's own encryption key.
    pub secrets: Vec<Vec<u8>>,
    /// Where the journal's files lie.
    pub folder: PathBuf,
    /// The story in lines, where one was asked for.
    pub trace: String,
    /// What the program wrote to its log, where it was kept.
    pub log: Vec<u8>,
}

/// How a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing was left to do.
    Rested,
    /// The process was killed.
    Killed,
    /// The power went.
    PowerCut,
    /// The user ended the program in peace.
    Left,
    /// It went on without end.
    Endless,
}

/// One life of the program.
#[derive(Debug, Clone)]
pub struct LifeOutcome {
    /// Milliseconds since 1970.
    pub began_ms: i64,
    /// Milliseconds since 1970.
    pub ended_ms: i64,
    /// How.
    pub ending: Ending,
    /// Part copies sent whose part was not in the journal at the end.
    pub parts_in_flight: u64,
    /// Commits that were not synced are lost.
    pub lost_commits: bool,
    /// Commits of the engine.
    pub commits: u64,
    /// Requests sent.
    pub requests: u64,
    /// What the journal was told, with the time in milliseconds since 1970.
    pub told: Vec<(i64, Change)>,
}

/// A job at the end.
#[derive(Debug, Clone)]
pub struct JobOutcome {
    /// Its row.
    pub row: JobRow,
    /// Its transfers, each with its part rows.
    pub transfers: Vec<(TransferRow, Vec<PartRow>)>,
    /// Its events, oldest first.
    pub events: Vec<EventRow>,
}

/// What a transfer was bound to when its job began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// Which.
    pub transfer: TransferId,
    /// Tag of its source.
    pub etag: String,
}

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub what: Happening,
}

/// An upload somebody else began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Destination key.
    pub key: String,
    /// Its id.
    pub upload_id: String,
    /// Parts it had from the beginning.
    pub parts: u32,
    /// When it says it was begun, in milliseconds since 1970.
    pub initiated_ms: i64,
}

/// What the network did with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It arrived, and so did the answer.
    Fair,
    /// No connection came about.
    Unreachable,
    /// It was lost on its way.
    RequestLost,
    /// It was carried out; the answer was lost.
    AnswerLost,
    /// The connection broke; it arrived long after.
    Late,
    /// Nothing was heard any more.
    Silent,
    /// A proxy answered instead.
    Proxied,
    /// The answer ended in the middle.
    Torn,
    /// It arrived twice.
    Doubled,
}

/// A request the program sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// In which life, counted from 0.
    pub life: usize,
    /// Method and target.
    pub line: String,
    /// The part it copies.
    pub part: Option<u32>,
    /// What the network did with it.
    pub fate: Fate,
    /// The answer's status, where one came.
    pub status: Option<u16>,
    /// Something else stood in the place of the answer's body.
    pub garbled: bool,
    /// It names the source of a copy.
    pub copies: bool,
    /// When the program knew how it went, in milliseconds since 1970; `None` if it ended first.
    pub ended_ms: Option<i64>,
    /// The id the server gave it, also where the answer was lost on its way back.
    pub request_id: Option<String>,
}

impl Sent {
    /// The API name, as short as a list of what was reached needs it.
    pub(crate) fn operation(&self) -> &'static str {
        let upload = self.line.contains("uploadId=");
        match self.line.split(' ').next().unwrap_or_default() {
            "PUT" if upload => "UploadPartCopy",
            "PUT" => "CopyObject",
            "POST" if upload => "Complete",
            "POST" => "Create",
            "DELETE" if upload => "Abort",
            "DELETE" => "Delete",
            "HEAD" => "Head",
            _ => "List",
        }
    }
}
