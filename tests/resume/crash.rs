//! The engine dies at every journal commit and every request of a copy of twelve parts, and
//! another engine finishes the job.
//!
//! Each point is a run of its own on a machine of its own against one shared cloud. What must
//! hold after each: the copy is right by the cloud's ground truth and verified, no upload is
//! left open, no more part requests were repeated than were in flight at the death, and no part
//! was copied that the cloud already held.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use partway_domain::limits::MIB;
use partway_domain::{DialectName, JobId, State};
use partway_engine::{CopyRequest, Engine};
use partway_tests::cloud::{bucket, provider};
use partway_tests::machine::{copy_request, look, transport};
use partway_tests::wire::Death;
use partway_tests::{Cloud, Machine};
use tokio::runtime::{Builder, Runtime};

const PARTS: u64 = 12;
const SIZE: u64 = 58 * MIB;
const SOURCE: &str = "crash/source.bin";
const AT_ONCE: u32 = 4;

/// Everything takes a moment; only a hang takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs of one dialect at a time.
const THREADS: usize = 4;

struct Stage {
    cloud: Cloud,
    dialect: DialectName,
    // Dropped after the cloud: its servers run here.
    _servers: Runtime,
}

impl Stage {
    fn new(dialect: DialectName) -> Self {
        let servers = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let cloud = servers.block_on(Cloud::open());
        let datasets = bucket(dialect, "datasets");
        cloud
            .demo
            .put_virtual(provider(dialect), datasets.as_str(), SOURCE, SIZE);
        Self {
            cloud,
            dialect,
            _servers: servers,
        }
    }

    fn request(&self, key: &str) -> CopyRequest {
        let mut request = copy_request(
            &self.cloud,
            self.dialect,
            ("datasets", SOURCE),
            ("backup", key),
        );
        request.options.part_size = Some(5 * MIB);
        request.options.parts_at_once = AT_ONCE;
        // A death after Complete leaves the object there; starting over may replace it.
        request.refuse_existing = false;
        request.options.on_conflict = partway_domain::ConflictPolicy::Overwrite;
        request
    }

    /// One life of the program: goes on with what the journal holds, or starts. Returns
    /// whether death came before the end.
    fn live(&self, machine: &Machine, key: &str, death: &Arc<Death>) -> bool {
        let life = Builder::new_current_thread().enable_all().build().unwrap();
        let died = life.block_on(async {
            let engine = machine.engine_dying(death.wire(transport()), death.clone());
            let work = async {
                let job = self.go_on(&engine, key).await;
                engine.wait(job).await;
            };
            tokio::select! {
                biased;
                () = death.comes() => true,
                () = work => false,
                () = tokio::time::sleep(PATIENCE) => panic!("{key} hangs"),
            }
        });
        // As a killed process: tasks end where they are, connections break.
        life.shutdown_background();
        machine.wall.shift_ms(20_000);
        died
    }

    async fn go_on(&self, engine: &Engine, key: &str) -> JobId {
        let jobs = engine.journal().jobs(None, 10).unwrap();
        match jobs.first() {
            None => engine.start(&self.request(key)).await.expect("it starts"),
            Some(job) if job.finished_ms.is_some() => job.id,
            Some(job) => {
                engine.resume(job.id).await.expect("it resumes");
                job.id
            }
        }
    }

    /// How many part requests the next life may need: the parts the cloud does not hold.
    /// Some more may land while we look, and then it needs fewer.
    fn parts_missing(&self, key: &str) -> u64 {
        let backup = bucket(self.dialect, "backup");
        if self.cloud.object(self.dialect, &backup, key).is_some() {
            return 0;
        }
        let uploads = self.cloud.uploads_of(self.dialect, key);
        let held = uploads.first().map_or(0, |upload| upload.parts.len());
        PARTS - held as u64
    }

    fn check(&self, machine: &Machine, key: &str, in_flight: u64) {
        let dialect = self.dialect;
        let keeper = Builder::new_current_thread().enable_all().build().unwrap();
        let (job, transfer) = keeper.block_on(async {
            let engine = machine.engine();
            let job = engine.journal().jobs(None, 1).unwrap()[0].id;
            look(&engine, job)
        });
        assert_eq!(transfer.state, State::Done, "{key}: {:?}", transfer.failure);
        let verdict = transfer.verdict.expect("a verdict");
        assert!(verdict.verified, "{key}: {}", verdict.evidence);
        assert_eq!(job.bytes_done, SIZE, "{key}");

        let from = self
            .cloud
            .object(dialect, &bucket(dialect, "datasets"), SOURCE)
            .unwrap();
        let to = self
            .cloud
            .object(dialect, &bucket(dialect, "backup"), key)
            .unwrap_or_else(|| panic!("{key} is not there"));
        assert_eq!(to.segments, from.segments, "{key}");
        let open = self.cloud.uploads_of(dialect, key);
        assert!(open.is_empty(), "{key} leaves {open:?}");

        let sent = self
            .cloud
            .requests_of(dialect, key)
            .iter()
            .filter(|request| request.operation == "UploadPartCopy")
            .count() as u64;
        assert!(
            sent <= PARTS + in_flight,
            "{key}: {sent} part requests with {in_flight} in flight at the death"
        );
    }
}

/// How many points a whole life has.
fn points(stage: &Stage) -> usize {
    let machine = Machine::new(&stage.cloud);
    let death = Death::never();
    assert!(!stage.live(&machine, "crash/never", &death));
    stage.check(&machine, "crash/never", 0);
    death.passed()
}

fn in_parallel(runs: usize, run: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    if index >= runs {
                        return;
                    }
                    run(index);
                }
            });
        }
    });
}

fn dies_at_every_point(dialect: DialectName) {
    let stage = Stage::new(dialect);
    let points = points(&stage);
    // Commits and requests, each with a before and an after.
    assert!(points > 2 * (12 + 12 + 8), "only {points} points");
    let deaths = AtomicUsize::new(0);
    in_parallel(points, |index| {
        let key = format!("crash/once-{}", index + 1);
        let machine = Machine::new(&stage.cloud);
        let death = Death::at(index + 1);
        if stage.live(&machine, &key, &death) {
            deaths.fetch_add(1, Ordering::SeqCst);
        }
        let missing = stage.parts_missing(&key);
        let rest = Death::never();
        assert!(!stage.live(&machine, &key, &rest));
        stage.check(&machine, &key, death.in_flight());
        let sent_again = rest.parts_sent();
        assert!(
            sent_again <= missing,
            "{key}: {sent_again} part requests for {missing} missing parts"
        );
    });
    let deaths = deaths.into_inner();
    println!("{dialect}: died at {deaths} of {points} points");
    // Grouping differs a little from run to run; most points must have been met.
    assert!(deaths + 4 >= points, "{deaths} deaths at {points} points");
}

fn dies_twice(dialect: DialectName) {
    let stage = Stage::new(dialect);
    let points = points(&stage);
    let pairs: Vec<(usize, usize)> = (1..=points)
        .step_by(7)
        .flat_map(|first| [3, 8, 13, 21].map(|second| (first, second)))
        .collect();
    in_parallel(pairs.len(), |index| {
        let (first, second) = pairs[index];
        let key = format!("crash/twice-{first}-{second}");
        let machine = Machine::new(&stage.cloud);
        let (one, two) = (Death::at(first), Death::at(second));
        stage.live(&machine, &key, &one);
        stage.live(&machine, &key, &two);
        assert!(!stage.live(&machine, &key, &Death::never()));
        stage.check(&machine, &key, one.in_flight() + two.in_flight());
    });
    println!("{dialect}: died twice in {} ways", pairs.len());
}

#[test]
fn every_point_on_cos() {
    dies_at_every_point(DialectName::Cos);
}

#[test]
fn every_point_on_obs() {
    dies_at_every_point(DialectName::Obs);
}

#[test]
fn every_point_on_obs_v2() {
    dies_at_every_point(DialectName::ObsV2);
}

#[test]
fn every_point_on_s3() {
    dies_at_every_point(DialectName::S3);
}

#[test]
fn two_deaths_on_cos() {
    dies_twice(DialectName::Cos);
}

#[test]
fn two_deaths_on_s3() {
    dies_twice(DialectName::S3);
}
