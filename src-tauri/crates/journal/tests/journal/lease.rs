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

#[test]
fn who_lost_the_lease_writes_nothing_more() {
    let (_folder, app, cli, job) = two_handles();
    app.lease(job, lease("app", 10_000), 5_000).unwrap();
    let paused = |holder: &str| {
        let holder = holder.to_owned();
        let intent = partway_domain::JobIntent::Pause;
        vec![
            Change::LeaseHeld { job, holder },
            Change::Intent { job, intent },
        ]
    };
    let intent = || app.job(job).unwrap().intent;
    let before = intent();

    // It ran out while its holder was stopped, and another took it.
    cli.lease(job, lease("cli", 30_000), 15_000).unwrap();
    assert!(matches!(
        app.write(paused("app"), Durability::Grouped),
        Err(JournalError::Leased { holder, .. }) if holder == "cli"
    ));
    assert_eq!(intent(), before, "nothing of it was written");
    cli.write(paused("cli"), Durability::Grouped).unwrap();
    assert_eq!(intent(), partway_domain::JobIntent::Pause);
}

#[test]
fn only_a_job_whose_driver_went_without_a_word_is_abandoned() {
    let (_folder, app, cli, job) = two_handles();
    let is_abandoned = || cli.job(job).unwrap().abandoned;
    let end = |change| app.write(vec![change], Durability::Durable).unwrap();
    let holder = || "app".to_owned();
    app.lease(job, lease("app", 10_000), 5_000).unwrap();
    app.lease(job, lease("app", 12_000), 6_000).unwrap();
    end(Change::LeaseReleased {
        job,
        holder: holder(),
    });
    cli.lease(job, lease("cli", 20_000), 7_000).unwrap();
    end(Change::LeaseForfeited {
        job,
        holder: holder(),
    });
    assert!(!is_abandoned(), "it was given back, and is the other's");

    // Nobody looked whether it still lives: the lease ran out.
    app.lease(job, lease("app", 40_000), 30_000).unwrap();
    assert!(is_abandoned());
    end(Change::LeaseReleased {
        job,
        holder: holder(),
    });
    assert!(is_abandoned(), "what is missing stays missing");

    let other = app.add_job(sample::new_job(&["b"])).unwrap();
    app.lease(other, lease("app", 40_000), 30_000).unwrap();
    end(Change::LeaseForfeited {
        job: other,
        holder: holder(),
    });
    let other = cli.job(other).unwrap();
    assert!(other.abandoned && other.lease.is_none(), "{other:?}");
}
