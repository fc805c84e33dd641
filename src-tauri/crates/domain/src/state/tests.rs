use std::fmt::Write as _;

use super::*;

const STATES: [State; 17] = [
    State::Queued,
    State::Starting,
    State::Copying,
    State::Paused,
    State::Waiting {
        wait: Wait::Network,
    },
    State::Waiting {
        wait: Wait::Credential,
    },
    State::Waiting {
        wait: Wait::Restore,
    },
    State::Waiting {
        wait: Wait::Decision,
    },
    State::Completing,
    State::Verifying,
    State::Removing,
    State::Done,
    State::Aborting,
    State::Cancelled,
    State::Skipped,
    State::Failed {
        kind: FailureKind::AccessDenied,
    },
    State::Failed {
        kind: FailureKind::SourceChanged,
    },
];

const EVENTS: [Event; 21] = [
    Event::Begin,
    Event::Located,
    Event::PartsCopied,
    Event::ObjectCopied,
    Event::Completed,
    Event::NotCompleted,
    Event::UploadLost,
    Event::Verified,
    Event::CopyVerified,
    Event::Removed,
    Event::Skip,
    Event::Pause,
    Event::Resume,
    Event::Cancel { keep_parts: true },
    Event::Cancel { keep_parts: false },
    Event::Aborted,
    Event::Block {
        wait: Wait::Network,
    },
    Event::Block {
        wait: Wait::Credential,
    },
    Event::Block {
        wait: Wait::Decision,
    },
    Event::Fail {
        kind: FailureKind::AccessDenied,
    },
    Event::Fail {
        kind: FailureKind::SourceChanged,
    },
];

#[test]
fn the_whole_table_is_as_reviewed() {
    let mut table = String::new();
    for state in STATES {
        writeln!(table, "{state:?}  (owes {:?})", owed(state)).unwrap();
        for event in EVENTS {
            match step(state, event) {
                Ok((next, effects)) => writeln!(table, "    {event:?} -> {next:?} {effects:?}"),
                Err(_) => continue,
            }
            .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn nothing_is_aborted_while_a_complete_may_have_happened() {
    for event in EVENTS {
        if let Ok((_, effects)) = step(State::Completing, event) {
            assert!(!effects.contains(&Effect::Abort), "{event:?}");
        }
    }
}

#[test]
fn every_effect_wanted_by_a_step_is_owed_by_its_state_or_may_be_lost() {
    // After a crash only `owed` is left. Hold is void in a process that is gone, Copy and
    // Complete are covered by Locate and Prove, and an abort beside Failed or Skipped stands
    // in the upload's own row.
    for state in STATES {
        for event in EVENTS {
            let Ok((next, effects)) = step(state, event) else {
                continue;
            };
            for effect in effects {
                let covered = match effect {
                    Effect::Hold => true,
                    Effect::Copy => owed(next).contains(&Effect::Locate),
                    Effect::Complete => owed(next).contains(&Effect::Prove),
                    Effect::Abort => {
                        owed(next).contains(&Effect::Abort)
                            || matches!(next, State::Failed { .. } | State::Skipped)
                    }
                    other => owed(next).contains(&other),
                };
                assert!(covered, "{state:?} + {event:?} loses {effect:?}");
            }
        }
    }
}

#[test]
fn a_done_transfer_stays_done() {
    for event in EVENTS {
        assert!(step(State::Done, event).is_err(), "{event:?}");
    }
}

#[test]
fn a_source_is_removed_only_after_its_copy_was_verified() {
    for state in STATES {
        for event in EVENTS {
            if let Ok((_, effects)) = step(state, event) {
                assert!(
                    !effects.contains(&Effect::Remove) || event == Event::CopyVerified,
                    "{state:?} + {event:?}"
                );
            }
        }
    }
}
