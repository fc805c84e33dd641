//! A story from what a seed left behind.

use std::collections::BTreeMap;
use std::fs;

use partway_democloud::{DeedKind, Segment};
use partway_domain::{Decision, FailureKind, JobKind, State, TransferId};
use partway_journal::Change;
use partway_journal::table::transfer::TransferRow;

use super::{
    Address, Deed, Did, Ending, Note, Pinned, Said, Sent, Story, Subject, Told, Upload, Verdict,
    Version, Word,
};
use crate::outcome::{self, Outcome};
use crate::scenario::Happening;
use crate::time::BEGINNING_MS;

impl Story {
    /// Everything that is judged of an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        let subjects = with_a_place(&subjects(outcome));
        let addresses = subjects
            .iter()
            .flat_map(|subject| [subject.source.clone(), subject.arrives_at()]);
        let objects = addresses
            .filter_map(|at| {
                let found = outcome
                    .cloud
                    .object(outcome.provider, &at.bucket, &at.key)?;
                Some((at, found))
            })
            .collect();
        let files = files(outcome);
        Self {
            dialect: outcome.scenario.dialect,
            deeds: deeds(outcome, &subjects),
            sent: outcome.sent.iter().map(request).collect(),
            twins: twins(outcome),
            told: told(outcome),
            said: said(outcome),
            endings: outcome
                .lives
                .iter()
                .map(|life| ending(life.ending))
                .collect(),
            objects,
            calm_from_ms: BEGINNING_MS + outcome.scenario.faults_end_ms,
            rested: outcome.rested,
            journal_bytes: files.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
            canaries: outcome
                .secrets
                .iter()
                .enumerate()
                .map(|(number, secret)| (format!("secret {number}"), secret.clone()))
                .collect(),
            places: places(outcome, files),
            subjects,
        }
    }
}

/// A Create may have been meant so long before the server's clock says so, which tells seconds.
const CLOCKS_APART_MS: i64 = 2 * 60 * 1000 + 2_000;

fn twins(outcome: &Outcome) -> Vec<String> {
    let begun_ms = outcome.sent.first().map_or(i64::MAX, |sent| sent.at_ms);
    let strays = outcome.strays.iter();
    strays
        .filter(|stray| stray.parts == 0 && stray.initiated_ms > begun_ms - CLOCKS_APART_MS)
        .map(|stray| stray.upload_id.clone())
        .collect()
}

fn subjects(outcome: &Outcome) -> Vec<Subject> {
    let scenario = &outcome.scenario;
    let rows = outcome.jobs.iter().flat_map(|job| &job.transfers);
    rows.map(|(row, _)| {
        let wanted = scenario
            .subjects
            .iter()
            .find(|subject| subject.source_key == row.source_key.as_str());
        let address = |bucket: &str, key: &str| Address {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        Subject {
            transfer: row.id,
            source: address(&outcome.source_bucket, row.source_key.as_str()),
            version: row.source_version.as_ref().map(ToString::to_string),
            destination: address(
                &outcome.destination_bucket,
                wanted.map_or("", |subject| &subject.destination_key),
            ),
            moving: scenario.kind == JobKind::Move,
            policy: scenario.options.on_conflict,
            other_class: scenario.options.storage_class.is_some(),
            state: row.state,
            row_key: row.destination_key.as_str().to_owned(),
            pin: pinned(row),
            upload: row.upload.as_ref().map(|upload| Upload {
                id: upload.upload_id.as_ref().map(ToString::to_string),
                aborting: upload.aborting,
            }),
            verdict: row.verdict.as_ref().map(|verdict| Verdict {
                verified: verdict.verified,
                evidence: verdict.evidence.clone(),
            }),
        }
    })
    .collect()
}

/// Of two with one destination there is a place for one. The other is not copied, and whatever
/// happened to its source is a deed that nobody had asked for.
fn with_a_place(subjects: &[Subject]) -> Vec<Subject> {
    let refused = State::Failed {
        kind: FailureKind::Impossible,
    };
    let has_place = |subject: &&Subject| {
        let mut others = subjects.iter();
        let taken = others.any(|other| {
            other.destination == subject.destination
                && other.transfer != subject.transfer
                && other.state != refused
        });
        subject.state != refused || !taken
    };
    subjects.iter().filter(has_place).cloned().collect()
}

fn pinned(row: &TransferRow) -> Option<Pinned> {
    row.pin.as_ref().map(|pin| Pinned {
        etag: pin.etag.to_string(),
        version: pin.version.as_ref().map(ToString::to_string),
        parts: pin.plan.parts,
        not_carried: pin.not_carried.clone(),
    })
}

fn deeds(outcome: &Outcome, subjects: &[Subject]) -> Vec<Deed> {
    let mut parts: BTreeMap<String, BTreeMap<u32, Vec<Segment>>> = BTreeMap::new();
    let deeds = outcome.cloud.deeds().into_iter();
    deeds
        .filter_map(|deed| {
            let did = match deed.what {
                DeedKind::Written {
                    version_id,
                    etag,
                    segments,
                    ..
                } => Did::Written(Version {
                    id: version_id,
                    etag,
                    content: segments,
                }),
                DeedKind::Changed { .. } => return None,
                DeedKind::Deleted { version_id, marker } => Did::Deleted {
                    version: version_id,
                    marker,
                },
                DeedKind::UploadMade { upload_id } => Did::UploadMade { upload: upload_id },
                DeedKind::PartWritten {
                    upload_id,
                    number,
                    etag,
                    segments,
                    ..
                } => {
                    let known = parts.entry(upload_id.clone()).or_default();
                    known.insert(number, segments);
                    Did::PartWritten {
                        upload: upload_id,
                        number,
                        etag,
                    }
                }
                DeedKind::Completed {
                    upload_id,
                    version_id,
                    etag,
                    ..
                } => Did::Completed {
                    version: Version {
                        id: version_id,
                        etag,
                        content: joined(parts.remove(&upload_id).unwrap_or_default()),
                    },
                    upload: upload_id,
                },
                DeedKind::Aborted { upload_id } => Did::Aborted { upload: upload_id },
                DeedKind::Vanished { upload_id } => Did::Vanished { upload: upload_id },
            };
            let at = Address {
                bucket: deed.bucket,
                key: deed.key,
            };
            // What is changed in its place is source and destination.
            let of_source = subjects
                .iter()
                .any(|subject| subject.source == at && !subject.is_in_place());
            Some(Deed {
                at_ms: deed.at_ms,
                request: deed
                    .request
                    .filter(|request| is_meant(&did, &request.operation, of_source))
                    .map(|request| request.id),
                at,
                did,
            })
        })
        .collect()
}

/// Whether a request can have meant what took effect while it was served: a fault may let a source
/// change, or an upload vanish, just then.
fn is_meant(did: &Did, operation: &str, of_source: bool) -> bool {
    match did {
        Did::Written(_) => operation == "CopyObject" && !of_source,
        Did::Vanished { .. } => false,
        _ => true,
    }
}

/// The parts one after the other; neighbours that continue each other are one piece.
fn joined(parts: BTreeMap<u32, Vec<Segment>>) -> Vec<Segment> {
    let mut whole: Vec<Segment> = Vec::new();
    for piece in parts.into_values().flatten() {
        match whole.last_mut() {
            Some(last)
                if last.content == piece.content && last.offset + last.length == piece.offset =>
            {
                last.length += piece.length;
            }
            _ => whole.push(piece),
        }
    }
    whole
}

fn request(sent: &outcome::Sent) -> Sent {
    let (method, target) = sent.line.split_once(' ').unwrap_or((&sent.line, ""));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let word = |name: &str| {
        query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| decoded(value))
        })
    };
    let upload = word("uploadId");
    let operation = match (method, &upload) {
        ("HEAD", _) => "HeadObject",
        ("PUT", Some(_)) => "UploadPartCopy",
        ("PUT", None) if sent.copies => "CopyObject",
        ("POST", Some(_)) => "CompleteMultipartUpload",
        ("POST", None) if word("uploads").is_some() => "CreateMultipartUpload",
        ("DELETE", Some(_)) => "AbortMultipartUpload",
        ("DELETE", None) => "DeleteObject",
        ("GET", Some(_)) => "ListParts",
        ("GET", None) if word("uploads").is_some() => "ListMultipartUploads",
        ("GET", None) if word("tagging").is_some() => "GetObjectTagging",
        _ => method,
    };
    let whole = decoded(path.trim_start_matches('/'));
    let about = whole.split_once('/').map(|(bucket, key)| Address {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
    });
    Sent {
        life: sent.life,
        at_ms: sent.at_ms,
        ended_ms: sent.ended_ms,
        operation: operation.to_owned(),
        about,
        upload,
        part: sent
            .part
            .or_else(|| word("part-number-marker")?.parse().ok()),
        status: sent.status,
        garbled: sent.garbled,
        doubled: sent.fate == outcome::Fate::Doubled,
        request: sent.request_id.clone(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        let byte = (first == b'%' && others.len() >= 2)
            .then(|| std::str::from_utf8(&others[..2]).ok())
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn told(outcome: &Outcome) -> Vec<Told> {
    let mut told: Vec<_> = outcome.planned.iter().map(planned).collect();
    for (life, lived) in outcome.lives.iter().enumerate() {
        for (at_ms, change) in &lived.told {
            if let Change::State {
                transfer,
                failure: Some(failure),
                ..
            } = change
            {
                told.push(Told {
                    life,
                    at_ms: *at_ms,
                    transfer: *transfer,
                    what: Note::Reason(failure.kind),
                });
            }
            told.extend(listed(outcome, change).map(|(transfer, what)| Told {
                life,
                at_ms: *at_ms,
                transfer,
                what,
            }));
            if let Some((transfer, what)) = note(change) {
                told.push(Told {
                    life,
                    at_ms: *at_ms,
                    transfer,
                    what,
                });
            }
        }
    }
    told.extend(uncertain(outcome));
    told
}

/// What a transfer was bound to before the journal was told anything else.
fn planned(planned: &outcome::Planned) -> Told {
    Told {
        life: 0,
        at_ms: planned.at_ms,
        transfer: planned.transfer,
        what: Note::Pinned {
            etag: planned.etag.clone(),
        },
    }
}

/// What the transfers on a page of a listing are bound to. They have no numbers yet.
fn listed<'a>(
    outcome: &'a Outcome,
    change: &'a Change,
) -> impl Iterator<Item = (TransferId, Note)> + use<'a> {
    let page = match change {
        Change::ScanPage { transfers, .. } => transfers.as_slice(),
        _ => &[],
    };
    page.iter().filter_map(|new| {
        let mut rows = outcome.jobs.iter().flat_map(|job| &job.transfers);
        let (row, _) = rows.find(|(row, _)| row.source_key == new.source_key)?;
        let etag = new.pin.as_ref()?.etag.to_string();
        Some((row.id, Note::Pinned { etag }))
    })
}

/// Where the history says that uploads were left because none is provably ours. Not everything in
/// it goes through the same door as what changes a row.
fn uncertain(outcome: &Outcome) -> impl Iterator<Item = Told> {
    let events = outcome.jobs.iter().flat_map(|job| &job.events);
    events
        .filter(|row| row.event.what == partway_engine::event::UPLOAD_UNCERTAIN)
        .filter_map(|row| {
            Some(Told {
                life: outcome.lives.len().saturating_sub(1),
                at_ms: row.event.at_ms - outcome.scenario.clock_ahead_ms,
                transfer: row.event.transfer?,
                what: Note::Uncertain,
            })
        })
}

fn note(change: &Change) -> Option<(TransferId, Note)> {
    Some(match change {
        Change::State {
            transfer, state, ..
        } => (*transfer, Note::State(*state)),
        Change::Pinned { transfer, pin } => (
            *transfer,
            Note::Pinned {
                etag: pin.etag.to_string(),
            },
        ),
        Change::UploadCreated {
            transfer,
            upload_id,
        }
        | Change::UploadAdopted {
            transfer,
            upload_id,
        } => (
            *transfer,
            Note::UploadKnown {
                upload: upload_id.to_string(),
            },
        ),
        Change::Snapshot { transfer, snapshot } => (
            *transfer,
            Note::Made {
                etag: snapshot.made.as_ref()?.etag.to_string(),
            },
        ),
        Change::Verdict { transfer, verdict } => (
            *transfer,
            Note::Verdict {
                verified: verdict.verified,
            },
        ),
        Change::PartDone {
            transfer,
            number,
            etag,
            ..
        } => (
            *transfer,
            Note::PartDone {
                number: number.value(),
                etag: etag.to_string(),
            },
        ),
        _ => return None,
    })
}

fn said(outcome: &Outcome) -> Vec<Said> {
    let words = outcome.happenings.iter().filter_map(|happened| {
        let (transfer, word) = match &happened.what {
            Happening::Pause => (None, Word::Pause),
            Happening::Resume => (None, Word::Resume),
            Happening::Retry => (None, Word::Retry),
            Happening::Cancel { keep_parts } => {
                let keep_parts = *keep_parts;
                (None, Word::Cancel { keep_parts })
            }
            Happening::Decided(transfer, decision) => (Some(*transfer), decided(decision)),
            _ => return None,
        };
        Some(Said {
            at_ms: happened.at_ms,
            transfer,
            word,
        })
    });
    words.collect()
}

fn decided(decision: &Decision) -> Word {
    match decision {
        Decision::Replace => Word::Replace,
        Decision::KeepBoth => Word::KeepBoth,
        Decision::Skip => Word::Skip,
        Decision::StartOver => Word::StartOver,
        Decision::AcceptAsIs => Word::AcceptAsIs,
        Decision::AdoptUpload { upload_id } => Word::Adopt(upload_id.to_string()),
    }
}

fn ending(ending: outcome::Ending) -> Ending {
    match ending {
        outcome::Ending::Rested | outcome::Ending::Left | outcome::Ending::Endless => {
            Ending::Closed
        }
        outcome::Ending::Killed => Ending::Killed,
        outcome::Ending::PowerCut => Ending::PowerCut,
    }
}

/// The journal and its log as they lie on the disk.
fn files(outcome: &Outcome) -> Vec<(String, Vec<u8>)> {
    let Ok(folder) = fs::read_dir(&outcome.folder) else {
        return Vec::new();
    };
    folder
        .flatten()
        .filter_map(|entry| {
            let bytes = fs::read(entry.path()).ok()?;
            Some((entry.file_name().to_string_lossy().into_owned(), bytes))
        })
        .collect()
}

/// Everywhere a secret could have gone.
fn places(outcome: &Outcome, files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    let mut places = files;
    places.push(("the trace".to_owned(), outcome.trace.clone().into_bytes()));
    places.push(("the log".to_owned(), outcome.log.clone()));
    places.push((
        "the debug form of the jobs".to_owned(),
        format!("{:?}", outcome.jobs).into_bytes(),
    ));
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Fate;

    fn asked(line: &str) -> Option<Address> {
        let sent = outcome::Sent {
            at_ms: 0,
            life: 0,
            line: line.to_owned(),
            part: None,
            fate: Fate::AnswerLost,
            status: None,
            garbled: false,
            copies: false,
            ended_ms: Some(1),
            request_id: None,
        };
        request(&sent).about
    }

    /// A job that never began has no transfers, and yet its looks at five objects are not five
    /// looks at one.
    #[test]
    fn a_request_is_about_its_object_whether_or_not_a_transfer_exists() {
        let key = |key: &str| Address {
            bucket: "source".to_owned(),
            key: key.to_owned(),
        };
        assert_eq!(asked("HEAD /source/a//b"), Some(key("a//b")));
        assert_eq!(asked("HEAD /source/%C3%BCber"), Some(key("über")));
        assert_eq!(asked("HEAD /source/"), Some(key("")));
    }
}
