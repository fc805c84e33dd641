//! How deep the stories go: what was reached in how many seeds. A simulation in which nobody ever
//! dies in the middle of a Complete proves nothing about it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use partway_domain::{FailureKind, State, TransferId};
use partway_journal::Change;

use crate::campaign::{is_crash, word};
use crate::outcome::{Ending, Fate, Outcome};
use crate::scenario::Happening;

/// What some thousand seeds must reach.
pub const WANTED: &[&str] = &[
    "crash in Starting",
    "crash in Copying",
    "crash in Completing",
    "crash in Verifying",
    "crash in Aborting",
    "crash in Removing",
    "crash in Paused",
    "crash in Waiting: Decision",
    "crash in Waiting: Network",
    "crash in Waiting: Credential",
    "two crashes",
    "power cut that lost commits",
    "crash in an unanswered Create",
    "crash in an unanswered Complete",
    "crash in an unanswered Abort",
    "entered Cancelled",
    "entered Done",
    "entered Skipped",
    "entered Removing",
    "reason DestinationConflict",
    "reason ExpiredCredential",
    "reason Network",
    "reason SourceChanged",
    "reason Unprovable",
    "reason UploadUncertain",
    "decided Replace",
    "decided Skip",
    "decided KeepBoth",
    "decided StartOver",
    "decided AcceptAsIs",
    "decided AdoptUpload",
    "event upload_adopted",
    "event upload_lost",
    "event completion_proven",
    "event complete_refused",
    "event parts_found",
    "event throttled",
    "event aborted",
    "lost answer of Create",
    "lost answer of Complete",
    "lost answer of Abort",
    "lost answer of UploadPartCopy",
    "lost answer of CopyObject",
    "lost answer of Delete",
    "late UploadPartCopy",
    "source changed while it was copied",
    "destination written while it was copied",
    "somebody else copied the source too",
    "somebody wrote before Delete was repeated",
    "somebody wrote before Complete was repeated",
    "somebody wrote before CopyObject was repeated",
    "left without a place by a namesake",
    "written anew while it was changed in its place",
];

/// How many seeds reached what.
#[derive(Debug, Default)]
pub struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    /// Adds what one seed reached.
    pub fn add(&mut self, outcome: &Outcome) {
        for mark in marks(outcome) {
            *self.0.entry(mark).or_default() += 1;
        }
    }

    /// Adds up.
    pub fn merge(&mut self, other: Self) {
        for (mark, seeds) in other.0 {
            *self.0.entry(mark).or_default() += seeds;
        }
    }

    /// What no seed reached.
    pub fn missing(&self) -> Vec<&'static str> {
        let missing = WANTED.iter().filter(|mark| !self.0.contains_key(**mark));
        missing.copied().collect()
    }
}

fn marks(outcome: &Outcome) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    let mut states: BTreeMap<TransferId, State> = BTreeMap::new();
    for (number, life) in outcome.lives.iter().enumerate() {
        for (_, change) in &life.told {
            of_change(change, &mut states, &mut marks);
        }
        if is_crash(life.ending) {
            marks.extend(
                states
                    .values()
                    .map(|state| format!("crash in {}", word(*state))),
            );
            let cut = outcome
                .sent
                .iter()
                .filter(|sent| sent.life == number && sent.ended_ms.is_none());
            marks.extend(cut.map(|sent| format!("crash in an unanswered {}", sent.operation())));
        }
        if life.ending == Ending::PowerCut && life.lost_commits {
            marks.insert("power cut that lost commits".to_owned());
        }
    }
    let crashes = outcome.lives.iter().filter(|life| is_crash(life.ending));
    if crashes.count() > 1 {
        marks.insert("two crashes".to_owned());
    }
    for sent in &outcome.sent {
        match sent.fate {
            Fate::AnswerLost => marks.insert(format!("lost answer of {}", sent.operation())),
            Fate::Late => marks.insert(format!("late {}", sent.operation())),
            _ => false,
        };
    }
    of_strangers(outcome, &mut marks);
    of_rivals(outcome, &mut marks);
    let events = outcome.jobs.iter().flat_map(|job| &job.events);
    marks.extend(events.map(|row| format!("event {}", row.event.what)));
    marks
}

fn of_change(
    change: &Change,
    states: &mut BTreeMap<TransferId, State>,
    marks: &mut BTreeSet<String>,
) {
    match change {
        Change::State {
            transfer,
            state,
            failure,
        } => {
            states.insert(*transfer, *state);
            marks.insert(format!("entered {}", word(*state)));
            if let Some(failure) = failure {
                marks.insert(format!("reason {:?}", failure.kind));
            }
        }
        Change::Decided { decision, .. } => {
            let decided = format!("{decision:?}");
            let decided = decided.split([' ', '{']).next().unwrap_or_default();
            marks.insert(format!("decided {decided}"));
        }
        Change::Event(event) => {
            marks.insert(format!("event {}", event.what));
        }
        _ => {}
    }
}

/// Who had the same name, copied the same, or wrote just when the program failed to.
fn of_rivals(outcome: &Outcome, marks: &mut BTreeSet<String>) {
    let refused = State::Failed {
        kind: FailureKind::Impossible,
    };
    let mut transfers = outcome.jobs.iter().flat_map(|job| &job.transfers);
    if outcome.scenario.with_namesakes && transfers.any(|(row, _)| row.state == refused) {
        marks.insert("left without a place by a namesake".to_owned());
    }
    let changed = |what: &Happening| matches!(what, Happening::SourceChanged(_));
    if outcome.scenario.in_place && outcome.happenings.iter().any(|one| changed(&one.what)) {
        marks.insert("written anew while it was changed in its place".to_owned());
    }
    let happened = |what: &Happening| outcome.happenings.iter().any(|one| one.what == *what);
    if happened(&Happening::SourceCopied(0)) {
        marks.insert("somebody else copied the source too".to_owned());
    }
    if let Some(rival) = &outcome.scenario.rival
        && happened(&rival.what)
    {
        let operation = rival.operation;
        marks.insert(format!("somebody wrote before {operation} was repeated"));
    }
}

/// What somebody else did between the first request and the end.
fn of_strangers(outcome: &Outcome, marks: &mut BTreeSet<String>) {
    let Some(begun_ms) = outcome.sent.first().map(|sent| sent.at_ms) else {
        return;
    };
    for deed in outcome.cloud.deeds() {
        let theirs = deed.request.is_none() && deed.at_ms > begun_ms;
        let written = matches!(deed.what, partway_democloud::DeedKind::Written { .. });
        if theirs && written && deed.bucket == outcome.source_bucket {
            marks.insert("source changed while it was copied".to_owned());
        }
        if theirs && written && deed.bucket == outcome.destination_bucket {
            marks.insert("destination written while it was copied".to_owned());
        }
    }
}

impl Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mark, seeds) in &self.0 {
            let star = if WANTED.contains(&mark.as_str()) {
                '*'
            } else {
                ' '
            };
            writeln!(f, "{seeds:>8} {star} {mark}")?;
        }
        let missing = self.missing();
        write!(
            f,
            "{} of {} wanted reached",
            WANTED.len() - missing.len(),
            WANTED.len()
        )?;
        for mark in missing {
            write!(f, "\nnever reached: {mark}")?;
        }
        Ok(())
    }
}
