//! Leases: one job, one process.

use partway_domain::JobId;
use partway_journal::table::job::Lease;
use partway_journal::{Change, Durability, Journal, JournalError};

use crate::sample;

fn lease(holder: &str, until_ms: i64) -> Lease {
    Lease {
        holder: holder.to_owned(),
        until_ms,
    }
}

fn two_handles() -> (tempfile::TempDir, Journal, Journal, JobId) {
    let folder = tempfile::tempdir().unwrap();
    let app = sample::open(folder.path());
    let cli = sample::open(folder.path());
    let job = app.add_job(sample::new_job(&["a"])).unwrap();
    (folder, app, cli, job)
}

#[test]
fn a_leased_job_is_refused_to_another_until_it_expires() {
    let (_folder, app, cli, job) = two_handles();
    app.lease(job, lease("app", 10_000), 5_000).unwrap();

    assert_eq!(
        cli.lease(job, lease("cli", 15_000), 9_999),
        Err(JournalError::Leased {
            job,
            holder: "app".to_owned()
        })
    );
    cli.lease(job, lease("cli", 15_000), 10_000).unwrap();
    assert!(matches!(
        app.lease(job, lease("app", 20_000), 10_001),
        Err(JournalError::Leased { holder, .. }) if holder == "cli"
    ));
}

#[test]
fn the_holder_may_take_its_own_lease_again() {
    let (_folder, app, _cli, job) = two_handles();
    app.lease(job, lease("app", 10_000), 5_000).unwrap();
    app.lease(job, lease("app", 12_000), 6_000).unwrap();
}

#[test]
fn renewing_keeps_others_out_and_fails_for_who_lost_it() {
    let (_folder, app, cli, job) = two_handles();
    let renew = |journal: &Journal, holder: &str, until_ms| {
        let change = Change::LeaseRenewed {
            job,
            holder: holder.to_owned(),
            until_ms,
        };
        journal.write(vec![change], Durability::Grouped)
    };
    assert!(matches!(
        renew(&app, "app", 10_000),
        Err(JournalError::NotFound { .. })
    ));
    app.lease(job, lease("app", 10_000), 5_000).unwrap();
    renew(&app, "app", 20_000).unwrap();
    assert!(cli.lease(job, lease("cli", 30_000), 15_000).is_err());
    cli.lease(job, lease("cli", 30_000), 20_000).unwrap();
    assert!(matches!(
        renew(&app, "app", 40_000),
        Err(JournalError::Leased { holder, .. }) if holder == "cli"
    ));
}

#[test]
fn a_lease_given_back_is_free_but_only_its_holder_can_give_it() {
    let (_folder, app, cli, job) = two_handles();
    let release = |journal: &Journal, holder: &str| {
        let change = Change::LeaseReleased {
            job,
            holder: holder.to_owned(),
        };
        journal.write(vec![change], Durability::Grouped).unwrap();
    };
    app.lease(job, lease("app", i64::MAX), 0).unwrap();
    assert_eq!(cli.job(job).unwrap().lease, Some(lease("app", i64::MAX)));
    release(&cli, "cli");
    assert!(cli.lease(job, lease("cli", i64::MAX), 0).is_err());
    release(&app, "app");
    assert_eq!(cli.job(job).unwrap().lease, None);
    cli.lease(job, lease("cli", i64::MAX), 0).unwrap();
}

#[test]
fn an_expired_lease_is_not_shown() {
    let (_folder, app, _cli, job) = two_handles();
    app.lease(job, lease("app", 10_000), 5_000).unwrap();
    assert_eq!(app.job(job).unwrap().lease, None);
}
