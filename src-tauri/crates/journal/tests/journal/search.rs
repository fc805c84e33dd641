//! History is found by what it is about, by how it went, and forgets what is old.

use partway_domain::{AccountId, JobId, State};
use partway_journal::table::event::{Level, NewEvent};
use partway_journal::table::history::{Ending, Wanted};
use partway_journal::table::search::Place;
use partway_journal::{Change, Durability, Journal};

use crate::sample::{new_job, only_transfer, open};

fn wanted(text: &str) -> Wanted {
    Wanted {
        text: text.to_owned(),
        ..Wanted::default()
    }
}

fn ids(journal: &Journal, wanted: &Wanted) -> Vec<i64> {
    let page = journal.ended_jobs(wanted, None, 100).unwrap();
    page.jobs.iter().map(|(job, _)| job.id.0).collect()
}

/// A job of these keys whose transfers all ended like this.
fn ended(journal: &Journal, keys: &[&str], state: State) -> JobId {
    let job = journal.add_job(new_job(keys)).unwrap();
    let transfers = journal.transfers(job, None, 1_000).unwrap();
    let changes = transfers.iter().map(|row| Change::State {
        transfer: row.id,
        state,
        failure: None,
    });
    journal
        .write(changes.collect(), Durability::Grouped)
        .unwrap();
    job
}

fn event(journal: &Journal, job: JobId, request_id: &str) {
    let event = NewEvent {
        at_ms: 1,
        job,
        transfer: None,
        part: None,
        level: Level::Warning,
        what: "part_retried".to_owned(),
        detail: String::new(),
        request_id: Some(request_id.to_owned()),
    };
    journal
        .write(vec![Change::Event(event)], Durability::Grouped)
        .unwrap();
}

#[test]
fn any_part_of_a_key_a_bucket_or_a_request_id_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let parquet = ended(&journal, &["2026/part-00000754.parquet"], State::Done);
    let archive = ended(&journal, &["归档-2025.tar", "b"], State::Done);
    event(&journal, parquet, "NWYxYTJiM2NfREQ0MDBfMjM0");

    for (text, expected) in [
        ("0754.PARQ", vec![parquet.0]),
        ("归档", vec![archive.0]),
        ("档", vec![archive.0]),
        ("ar", vec![archive.0, parquet.0]),
        ("b", vec![archive.0, parquet.0]),
        ("TARGET-125", vec![archive.0, parquet.0]),
        ("m2NfREQ0", vec![parquet.0]),
        ("in/2026", vec![parquet.0]),
        // All its pieces are there, but not in a row.
        ("2026/parquet", vec![]),
        ("\"", vec![]),
        ("nothing like it", vec![]),
    ] {
        assert_eq!(ids(&journal, &wanted(text)), expected, "{text}");
    }
    let page = journal.ended_jobs(&wanted("m2NfREQ0"), None, 10).unwrap();
    let hit = page.jobs[0].1.as_ref().unwrap();
    assert_eq!(
        (hit.place, hit.text.as_str()),
        (Place::RequestId, "NWYxYTJiM2NfREQ0MDBfMjM0")
    );
}

#[test]
fn what_is_renamed_is_found_by_its_new_name_and_what_is_forgotten_by_none() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let job = journal.add_job(new_job(&["photo.jpg"])).unwrap();
    let transfer = only_transfer(&journal, job);
    let renamed = Change::Renamed {
        transfer,
        destination_key: partway_domain::Key::parse("in/photo (2).jpg".to_owned()).unwrap(),
    };
    let done = Change::State {
        transfer,
        state: State::Done,
        failure: None,
    };
    journal
        .write(vec![renamed, done], Durability::Grouped)
        .unwrap();
    event(&journal, job, "ABCDEF");
    assert_eq!(ids(&journal, &wanted("photo (2)")), [job.0]);
    assert_eq!(ids(&journal, &wanted("in/photo.jpg")), [0; 0]);

    journal.forget_job(job).unwrap();
    for text in ["photo", "abcdef", "target"] {
        assert_eq!(ids(&journal, &wanted(text)), [0; 0], "{text}");
    }
}

#[test]
fn pages_follow_each_other_and_unfinished_jobs_are_no_history() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let mut jobs: Vec<i64> = (0..7)
        .map(|_| ended(&journal, &["same/name", "same/other"], State::Done).0)
        .collect();
    jobs.reverse();
    journal.add_job(new_job(&["same/unfinished"])).unwrap();
    for text in ["", "same/"] {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = journal.ended_jobs(&wanted(text), before, 3).unwrap();
            found.extend(page.jobs.iter().map(|(job, _)| job.id.0));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, jobs, "{text:?}");
    }
}

#[test]
fn jobs_are_wanted_by_how_they_went() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let done = ended(&journal, &["a"], State::Done).0;
    let cancelled = ended(&journal, &["a", "b"], State::Cancelled).0;
    for text in ["", "target"] {
        let base = wanted(text);
        let of = |ending| Wanted {
            ending: Some(ending),
            ..base.clone()
        };
        assert_eq!(ids(&journal, &of(Ending::Done)), [done]);
        assert_eq!(ids(&journal, &of(Ending::Cancelled)), [cancelled]);
        assert_eq!(ids(&journal, &of(Ending::Failures)), [0; 0]);
        let large = Wanted {
            min_bytes: 1_001,
            ..base.clone()
        };
        assert_eq!(ids(&journal, &large), [cancelled]);
        let strange = Wanted {
            account: Some(AccountId("other".to_owned())),
            ..base.clone()
        };
        assert_eq!(ids(&journal, &strange), [0; 0]);
        let later = Wanted {
            since_ms: Some(i64::MAX),
            ..base.clone()
        };
        assert_eq!(ids(&journal, &later), [0; 0]);
    }
}

#[test]
fn the_oldest_are_kept_no_longer_but_never_what_may_have_an_upload() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let jobs: Vec<JobId> = (0..3)
        .map(|_| ended(&journal, &["a", "b"], State::Done))
        .collect();
    journal.add_job(new_job(&["unfinished"])).unwrap();
    assert_eq!(journal.expired_jobs(None, None).unwrap(), []);
    assert_eq!(journal.expired_jobs(Some(1), None).unwrap(), []);
    assert_eq!(journal.expired_jobs(Some(i64::MAX), None).unwrap(), jobs);
    assert_eq!(journal.expired_jobs(None, Some(4)).unwrap(), jobs[..1]);

    let transfer = journal.transfers(jobs[0], None, 1).unwrap()[0].id;
    journal
        .write(
            vec![Change::CreateIntended { transfer, at_ms: 7 }],
            Durability::Grouped,
        )
        .unwrap();
    assert_eq!(journal.expired_jobs(None, Some(4)).unwrap(), []);
}

/// Prints what a search in a million objects takes; run it with `--release -- --ignored`.
#[test]
#[ignore = "a measurement of a minute"]
fn a_million_objects_are_searched() {
    use std::time::Instant;
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path());
    let mut begun = Instant::now();
    for job in 0..1_000 {
        let keys: Vec<String> = (0..1_000)
            .map(|n| {
                format!(
                    "datasets/2026/{job:03}/part-{n:05}-{:08x}.parquet",
                    job * 7919 + n * 104_729
                )
            })
            .collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        ended(&journal, &keys, State::Done);
    }
    println!("written in {:?}", begun.elapsed());
    let size = std::fs::metadata(folder.path().join("partway.sqlite3")).unwrap();
    println!("{} MiB", size.len() >> 20);
    for text in [
        "parquet",
        "417/part-00417",
        "part-00999",
        "zzz",
        "012/part",
        "2026/000/part-00001",
        "pa",
        "p",
        "00",
    ] {
        for _ in 0..2 {
            begun = Instant::now();
            let page = journal.ended_jobs(&wanted(text), None, 100).unwrap();
            println!("{text}: {} in {:?}", page.jobs.len(), begun.elapsed());
        }
    }
}
