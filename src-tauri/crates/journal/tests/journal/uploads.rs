//! Uploads are never forgotten while the server may have them.

use partway_domain::{JobIntent, State, TransferId, UploadId};
use partway_journal::table::transfer::UploadRow;
use partway_journal::{Change, Durability, Journal, JournalError};

use crate::sample;

fn write(journal: &Journal, change: Change) -> Result<(), JournalError> {
    journal.write(vec![change], Durability::Durable)
}

fn created(transfer: TransferId, id: &str) -> Change {
    Change::UploadCreated {
        transfer,
        upload_id: UploadId::parse(id).unwrap(),
    }
}

#[test]
fn an_upload_lives_from_its_intention_until_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let upload = || -> Option<UploadRow> { journal.transfer(transfer).unwrap().upload };
    assert_eq!(upload(), None);
    assert!(matches!(
        write(&journal, Change::CompleteIntended { transfer }),
        Err(JournalError::NotFound { .. })
    ));

    write(&journal, Change::CreateIntended { transfer, at_ms: 7 }).unwrap();
    let intended = upload().unwrap();
    assert_eq!(intended.upload_id, None);

    write(&journal, created(transfer, "u1")).unwrap();
    write(&journal, Change::CompleteIntended { transfer }).unwrap();
    write(&journal, sample::part_done(transfer, 1, 100)).unwrap();
    let open = upload().unwrap();
    assert_eq!(open.upload_id, Some(UploadId::parse("u1").unwrap()));
    assert_eq!(open.intended_ms, intended.intended_ms);
    assert!(open.completing && !open.aborting);

    write(&journal, Change::UploadGone { transfer }).unwrap();
    assert_eq!(upload(), None);
    assert_eq!(journal.parts(transfer).unwrap(), []);
}

#[test]
fn a_second_upload_cannot_take_the_place_of_a_first() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    write(&journal, created(transfer, "u1")).unwrap();
    write(&journal, created(transfer, "u1")).unwrap();

    let open = JournalError::UploadOpen {
        transfer,
        upload_id: UploadId::parse("u1").unwrap(),
    };
    assert_eq!(write(&journal, created(transfer, "u2")), Err(open.clone()));
    assert_eq!(
        write(&journal, Change::CreateIntended { transfer, at_ms: 7 }),
        Err(open)
    );

    write(&journal, Change::UploadGone { transfer }).unwrap();
    write(&journal, created(transfer, "u2")).unwrap();
}

#[test]
fn giving_back_an_upload_forgets_that_one_and_no_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (_, transfer) = sample::large(&journal);
    let upload = || journal.transfer(transfer).unwrap().upload;
    let returned = |upload: UploadRow| {
        write(&journal, Change::UploadReturned { transfer, upload }).unwrap();
    };
    write(&journal, Change::CreateIntended { transfer, at_ms: 7 }).unwrap();
    let nameless = upload().unwrap();

    // Its name arrived meanwhile: it is in use.
    write(&journal, created(transfer, "u1")).unwrap();
    let named = upload().unwrap();
    returned(nameless.clone());
    assert_eq!(upload(), Some(named.clone()));

    // Another attempt meanwhile, without a name as yet.
    let earlier = UploadRow {
        intended_ms: nameless.intended_ms - 1,
        ..nameless.clone()
    };
    returned(named);
    assert_eq!(upload(), None);
    write(&journal, Change::CreateIntended { transfer, at_ms: 7 }).unwrap();
    let again = upload().unwrap();
    returned(earlier);
    assert_eq!(upload(), Some(again.clone()));
    returned(again);
    assert_eq!(upload(), None);
}

/// A job was given up while nobody knew the id of an upload, and resumed before anybody heard: what
/// is begun next is not given back. Of a job that is still given up it is.
#[test]
fn whoever_goes_on_keeps_the_next_upload() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, transfer) = sample::large(&journal);
    let begin = || write(&journal, Change::CreateIntended { transfer, at_ms: 7 }).unwrap();
    let intent = |intent| write(&journal, Change::Intent { job, intent }).unwrap();
    let is_marked = || journal.transfer(transfer).unwrap().upload.unwrap().aborting;
    begin();
    intent(JobIntent::Cancel);
    write(&journal, Change::AbortIntended { transfer }).unwrap();
    begin();
    assert!(is_marked(), "the job is given up");

    intent(JobIntent::Run);
    assert!(is_marked(), "nothing new was begun");
    begin();
    assert!(!is_marked());
    let upload = journal.transfer(transfer).unwrap().upload.unwrap();
    assert_eq!(upload.intended_ms, 7);
}

#[test]
fn what_must_be_given_back_is_queued_once_its_transfer_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let (job, transfer) = sample::large(&journal);
    let queued = || -> Vec<TransferId> {
        let rows = journal.abort_queue().unwrap();
        rows.iter().map(|row| row.id).collect()
    };
    write(&journal, created(transfer, "u1")).unwrap();
    write(&journal, Change::AbortIntended { transfer }).unwrap();
    assert_eq!(queued(), [], "its own transfer still takes care of it");

    let cancelled = Change::State {
        transfer,
        state: State::Cancelled,
        failure: None,
    };
    write(&journal, cancelled).unwrap();
    assert_eq!(queued(), [transfer]);
    assert!(matches!(
        journal.forget_job(job),
        Err(JournalError::CannotForget { .. })
    ));

    write(&journal, Change::UploadGone { transfer }).unwrap();
    assert_eq!(queued(), []);
    journal.forget_job(job).unwrap();
    assert!(matches!(
        journal.job(job),
        Err(JournalError::NotFound { .. })
    ));
    assert!(matches!(
        journal.transfer(transfer),
        Err(JournalError::NotFound { .. })
    ));
}

#[test]
fn an_unfinished_job_stays_on_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let journal = sample::open(folder.path());
    let job = journal.add_job(sample::new_job(&["a"])).unwrap();
    let error = journal.forget_job(job).unwrap_err();
    assert!(error.to_string().contains("cancel it first"), "{error}");
    assert!(journal.job(job).is_ok());
}
