//! Plans, and whole jobs of several objects.

use partway_domain::limits::{GIB, TIB};
use partway_domain::{
    ConflictPolicy, DialectName, Failure, FailureKind, Key, Prefix, State, VersionId,
};
use partway_engine::{CopyPlan, CopyRequest, CopySelection, ObjectRef, Place};
use partway_tests::cloud::{bucket, provider};
use partway_tests::on_every_dialect;

use super::desk::{Desk, name};

impl Desk {
    fn place(&self, word: &str, prefix: &str) -> Place {
        Place {
            account: self.account.id.clone(),
            bucket: self.bucket(word),
            region: None,
            prefix: Prefix::parse(prefix).unwrap(),
        }
    }

    fn copy(&self, source: (&str, &str), keys: &[&str], destination: (&str, &str)) -> CopyRequest {
        let objects = keys.iter().map(|key| ObjectRef {
            key: name(key),
            version: None,
            rename: None,
        });
        CopyRequest {
            source: self.place(source.0, source.1),
            kind: partway_domain::JobKind::Copy,
            selection: CopySelection {
                objects: objects.collect(),
                prefixes: Vec::new(),
            },
            destination: self.place(destination.0, destination.1),
            options: partway_domain::CopyOptions::default(),
            refuse_existing: true,
        }
    }

    async fn plan(&self, request: &CopyRequest) -> CopyPlan {
        self.engine.plan(request, &|_| {}).await.expect("a plan")
    }

    /// The only problem of a plan that has nothing else; starting fails the same way.
    async fn problem(&self, request: &CopyRequest) -> Failure {
        let plan = self.plan(request).await;
        assert_eq!(plan.problems.len(), 1, "{plan:?}");
        let refusal = self.engine.start(request).await.unwrap_err();
        assert_eq!(refusal.kind, plan.problems[0].failure.kind);
        assert!(self.engine.journal().jobs(None, 1).unwrap().is_empty());
        plan.problems[0].failure.clone()
    }
}

async fn a_plan_counts_objects_bytes_parts_and_requests(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys = ["genome/sample-0001.bam", "images/tiles-000.zip"];
    let request = desk.copy(("datasets", ""), &keys, ("backup", "2026/"));
    let counted = std::sync::atomic::AtomicU64::new(0);
    let plan = desk
        .engine
        .plan(&request, &|count| {
            counted.store(count, std::sync::atomic::Ordering::SeqCst);
        })
        .await
        .unwrap();
    assert_eq!(counted.into_inner(), 2);
    assert!(plan.problems.is_empty(), "{plan:?}");
    assert_eq!(plan.bytes, TIB + 64 * (1 << 20));
    assert_eq!(plan.parts, 1024 + 1);
    assert_eq!(plan.write_requests, 1024 + 2 + 1);
    assert_eq!(
        plan.objects[0].destination_key.as_str(),
        "2026/genome/sample-0001.bam"
    );
    let posts = desk.cloud.demo.requests();
    assert!(
        posts
            .iter()
            .all(|request| request.operation.starts_with("Head")
                || request.operation.starts_with("Get")),
        "a plan only reads"
    );
}

async fn a_job_of_many_objects_arrives(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys: Vec<String> = desk
        .list_all("photos", "", 1000)
        .await
        .into_iter()
        .map(|entry| entry.key.to_string())
        .collect();
    let refs: Vec<&str> = keys.iter().map(String::as_str).collect();
    let request = desk.copy(("photos", ""), &refs, ("backup", "photos/"));
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.wait(job).await;
    let row = desk.engine.journal().job(job).unwrap();
    assert_eq!(row.counts.done, keys.len() as u64, "{:?}", row.counts);
    assert_eq!(row.counts.total(), row.counts.done);
    for key in &keys {
        let from = desk.truth("photos", key).unwrap();
        let to = desk.truth("backup", &format!("photos/{key}")).expect(key);
        assert_eq!(
            (to.segments, to.headers),
            (from.segments, from.headers),
            "{key}"
        );
    }
    for transfer in desk.engine.journal().transfers(job, None, 1000).unwrap() {
        let verdict = transfer.verdict.expect("a verdict");
        assert!(
            verdict.verified,
            "{}: {}",
            transfer.source_key, verdict.evidence
        );
    }
}

/// What issue the user has with an object is said before anything is sent.
async fn the_destination_is_the_source(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let problem = desk
        .problem(&desk.copy(("photos", ""), &["readme.txt"], ("photos", "")))
        .await;
    assert_eq!(problem.kind, FailureKind::Invalid);
    assert!(problem.message.contains("onto itself"), "{problem}");
}

async fn the_source_has_vanished(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let problem = desk
        .problem(&desk.copy(("photos", ""), &["never was"], ("backup", "")))
        .await;
    assert_eq!(problem.kind, FailureKind::NoSuchSource);
    assert_eq!(problem.key.as_deref(), Some("never was"));
    assert!(problem.request_id.is_some());
}

/// That is no problem: the copy waits until the user has it restored.
async fn the_source_is_archived(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let plan = desk
        .plan(&desk.copy(("archive", ""), &["2019/ledger.tar"], ("backup", "")))
        .await;
    assert!(plan.objects[0].is_archived);
    assert!(plan.objects[0].size > 0);
}

async fn the_object_is_too_large(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let size = 49 * 1024 * GIB;
    desk.cloud.demo.put_virtual(
        provider(dialect),
        desk.bucket("datasets").as_str(),
        "huge",
        size,
    );
    let problem = desk
        .problem(&desk.copy(("datasets", ""), &["huge"], ("backup", "")))
        .await;
    assert_eq!(problem.kind, FailureKind::Invalid);
    assert!(problem.message.contains(&size.to_string()), "{problem}");
}

async fn the_destination_exists(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let mut request = desk.copy(("photos", ""), &["readme.txt"], ("archive", ""));
    let problem = desk.problem(&request).await;
    assert_eq!(problem.kind, FailureKind::DestinationConflict);
    request.refuse_existing = false;
    request.options.on_conflict = partway_domain::ConflictPolicy::Overwrite;
    let plan = desk.plan(&request).await;
    assert!(plan.objects[0].exists);
}

async fn the_key_becomes_too_long(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let prefix = "p".repeat(1020);
    let problem = desk
        .problem(&desk.copy(("photos", ""), &["readme.txt"], ("backup", &prefix)))
        .await;
    assert_eq!(problem.kind, FailureKind::Invalid);
    assert!(problem.message.contains("bytes"), "{problem}");
}

async fn two_objects_become_one(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    // Shown under another prefix, both are pasted under their base name.
    let keys = ["2023/amsterdam/IMG_0001.png", "2024/köln/IMG_0001.png"];
    let request = desk.copy(("photos", "elsewhere/"), &keys, ("backup", ""));
    let plan = desk.plan(&request).await;
    assert_eq!((plan.objects.len(), plan.problems.len()), (1, 1));
    assert!(plan.problems[0].failure.message.contains("IMG_0001.png"));
}

async fn another_provider_is_not_possible(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let stranger = match dialect {
        DialectName::S3 => DialectName::Cos,
        _ => DialectName::S3,
    };
    let mut request = desk.copy(("photos", ""), &["readme.txt"], ("backup", ""));
    request.destination.account = desk.cloud.account(stranger).id;
    request.destination.bucket = bucket(stranger, "backup");
    let refusal = desk.engine.plan(&request, &|_| {}).await.unwrap_err();
    assert_eq!(refusal.kind, FailureKind::NotSupported);
    assert!(
        refusal.message.contains("not possible server-side"),
        "{refusal}"
    );
}

async fn a_bucket_without_permission_is_said_so(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let problem = desk
        .problem(&desk.copy(("no-access", ""), &["secret.txt"], ("backup", "")))
        .await;
    assert_eq!(problem.kind, FailureKind::AccessDenied);
    let problem = desk
        .problem(&desk.copy(("photos", ""), &["readme.txt"], ("no-access", "")))
        .await;
    assert_eq!(problem.kind, FailureKind::AccessDenied);
}

/// A copy of a version keeps to it although the object moves on.
async fn a_version_is_copied_as_asked(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let head = desk.head("versions", "big.bin").await.unwrap();
    let version: VersionId = head.version.clone().unwrap();
    let before = desk.truth("versions", "big.bin").unwrap();
    desk.cloud.demo.bump(
        provider(dialect),
        desk.bucket("versions").as_str(),
        "big.bin",
    );
    let mut request = desk.copy(("versions", ""), &["big.bin"], ("backup", ""));
    request.selection.objects[0].version = Some(version);
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.wait(job).await;
    let transfer = desk
        .engine
        .journal()
        .transfers(job, None, 1)
        .unwrap()
        .remove(0);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert_eq!(
        desk.truth("backup", "big.bin").unwrap().segments,
        before.segments
    );
}

/// From a bucket of another region: COS and S3 copy, OBS says it cannot.
async fn another_region(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let account = desk.cloud.regional_account(dialect);
    desk.engine.journal().put_account(&account).unwrap();
    let mut request = desk.copy(("far", ""), &["travel/film.mkv"], ("backup", ""));
    request.source.region = Some(desk.region_of("far").await);
    match desk.engine.start(&request).await {
        Ok(job) => {
            desk.engine.wait(job).await;
            let transfer = desk
                .engine
                .journal()
                .transfers(job, None, 1)
                .unwrap()
                .remove(0);
            assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
            assert_eq!(
                desk.truth("backup", "travel/film.mkv").unwrap().segments,
                desk.truth("far", "travel/film.mkv").unwrap().segments
            );
            assert!(matches!(dialect, DialectName::Cos | DialectName::S3));
        }
        Err(refusal) => {
            assert_eq!(refusal.kind, FailureKind::NotSupported, "{refusal}");
            assert!(
                matches!(dialect, DialectName::Obs | DialectName::ObsV2),
                "{refusal}"
            );
        }
    }
}

/// Keys that a path library would fold up become exactly themselves elsewhere.
async fn odd_keys_arrive_as_themselves(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys = [
        "a/../b",
        "double//slash",
        "new\nline",
        "percent%2Fslash",
        "trailing//",
    ];
    let request = desk.copy(("odd-keys", ""), &keys, ("backup", "odd/"));
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.wait(job).await;
    for key in keys {
        let to = desk.truth("backup", &format!("odd/{key}"));
        assert_eq!(
            to.expect(key).segments,
            desk.truth("odd-keys", key).unwrap().segments
        );
    }
    assert_eq!(Key::parse("a/../b").unwrap().as_str(), "a/../b");
}

/// One word in two spellings is two objects, also where the copy may replace what is there.
async fn keys_that_look_alike_stay_two(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let keys = ["alike/caf\u{e9}.txt", "alike/cafe\u{301}.txt"];
    let datasets = bucket(dialect, "datasets");
    for (key, size) in keys.into_iter().zip([1 << 10, 6 << 20]) {
        let demo = &desk.cloud.demo;
        demo.put_virtual(provider(dialect), datasets.as_str(), key, size);
    }
    let mut request = desk.copy(("datasets", ""), &keys, ("backup", ""));
    request.options.on_conflict = ConflictPolicy::Overwrite;
    let plan = desk.plan(&request).await;
    assert_eq!((plan.objects.len(), plan.problems.len()), (2, 0));
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.wait(job).await;
    for key in keys {
        let to = desk.truth("backup", key).expect(key);
        let from = desk.truth("datasets", key).expect(key);
        assert_eq!((to.size, to.segments), (from.size, from.segments), "{key}");
    }
}

on_every_dialect! {
    keys_that_look_alike_stay_two,
    a_plan_counts_objects_bytes_parts_and_requests,
    a_job_of_many_objects_arrives,
    the_destination_is_the_source,
    the_source_has_vanished,
    the_source_is_archived,
    the_object_is_too_large,
    the_destination_exists,
    the_key_becomes_too_long,
    two_objects_become_one,
    another_provider_is_not_possible,
    a_bucket_without_permission_is_said_so,
    a_version_is_copied_as_asked,
    another_region,
    odd_keys_arrive_as_themselves,
}
