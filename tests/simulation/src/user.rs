//! Whoever sits at the computer: starts the job, does what the scenario plans, and in the end
//! what is sensible.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use partway_domain::{Choice, Decision, FailureKind, JobId, JobIntent, Key, Prefix, State, Wait};
use partway_engine::engine::Which;
use partway_engine::{CopyRequest, CopySelection, Engine, ObjectRef, Place, PrefixRef};
use partway_journal::table::job::JobRow;
use partway_journal::table::transfer::TransferRow;

use crate::dice::Dice;
use crate::outcome::{Ending, Planned};
use crate::scenario::{Happening, SECOND_FOLDER, Scenario};
use crate::world::{World, lock};

/// A start that fails is tried again so often.
const MOST_STARTS: u32 = 40;

/// How often the user does something sensible before it is called endless.
const MOST_ROUNDS: u32 = 60;

/// How often a failed transfer is tried again.
const MOST_RETRIES: u32 = 2;

/// How often the program is started anew for what only a start gives back.
const MOST_RESTARTS: u32 = 6;

/// Nothing takes longer than this between two looks.
const PATIENCE: Duration = Duration::from_secs(2 * 60 * 60);

/// Remembers across the lives of the program.
#[derive(Debug)]
pub(crate) struct User {
    world: Arc<World>,
    scenario: Scenario,
    memory: Mutex<Memory>,
}

#[derive(Debug)]
struct Memory {
    dice: Dice,
    /// Of the scenario's plan, what has not happened yet begins here.
    next: usize,
    calm: bool,
    starts: u32,
    rounds: u32,
    retries: u32,
    restarts: u32,
}

/// What looking at the jobs leads to.
enum Next {
    /// Something is under way.
    Wait,
    /// Nothing is left to do.
    Rest,
    /// Only another start can help.
    Restart,
}

impl User {
    pub(crate) fn new(world: &Arc<World>, scenario: &Scenario) -> Self {
        Self {
            world: Arc::clone(world),
            scenario: scenario.clone(),
            memory: Mutex::new(Memory {
                dice: Dice::new(scenario.seed, 4),
                next: 0,
                calm: false,
                starts: 0,
                rounds: 0,
                retries: 0,
                restarts: 0,
            }),
        }
    }

    /// One life at the program, until it rests or is to be started anew.
    pub(crate) async fn live(&self, engine: &Engine) -> Ending {
        // What a start does by itself comes first.
        tokio::time::sleep(Duration::from_millis(500)).await;
        self.begin_or_go_on(engine).await;
        loop {
            if let Some(what) = self.due() {
                if self.make_happen(engine, &what).await {
                    return Ending::Left;
                }
                continue;
            }
            if self.is_calm() {
                let rounds = {
                    let mut memory = lock(&self.memory);
                    memory.rounds += 1;
                    memory.rounds
                };
                if rounds > MOST_ROUNDS {
                    return Ending::Endless;
                }
                match self.be_sensible(engine).await {
                    Next::Rest => return Ending::Rested,
                    Next::Restart => {
                        // The lease of a life that was killed stands for a while.
                        tokio::time::sleep(Duration::from_secs(30)).await;
                        return Ending::Left;
                    }
                    Next::Wait => {}
                }
                if tokio::time::timeout(PATIENCE, idle(engine)).await.is_err() {
                    return Ending::Endless;
                }
            } else {
                self.until_next().await;
            }
        }
    }

    async fn begin_or_go_on(&self, engine: &Engine) {
        let jobs = jobs(engine);
        if jobs.is_empty() {
            self.begin(engine).await;
        }
        for job in jobs {
            if is_unfinished(&job) && job.intent == JobIntent::Run {
                self.go_on(engine, job.id, false).await;
            }
        }
    }

    /// What the transfers are bound to, before any of them is pinned anew.
    fn note_plan(&self, engine: &Engine, job: JobId) {
        let transfers = engine.journal().transfers(job, None, 1_000);
        let rows = transfers.expect("the journal is read").into_iter();
        lock(&self.world.planned).extend(rows.filter_map(|row| {
            Some(Planned {
                at_ms: self.world.time.now_ms(),
                transfer: row.id,
                etag: row.pin?.etag.to_string(),
            })
        }));
    }

    async fn begin(&self, engine: &Engine) {
        let request = self.request();
        loop {
            {
                let mut memory = lock(&self.memory);
                memory.starts += 1;
                if memory.starts > MOST_STARTS {
                    return;
                }
            }
            match engine.start(&request).await {
                Ok(job) => {
                    self.world.tell("user", format_args!("started job {job}"));
                    self.note_plan(engine, job);
                    return;
                }
                Err(failure) => {
                    self.world.tell("user", format_args!("no start: {failure}"));
                    if failure.kind == FailureKind::MissingCredential
                        || failure.kind == FailureKind::ExpiredCredential
                    {
                        self.world.renew_secret();
                        engine.forget_credential(&self.world.account.id);
                    }
                    if is_hopeless(failure.kind) {
                        return;
                    }
                    tokio::time::sleep(Duration::from_secs(20)).await;
                    while let Some(what) = self.due() {
                        self.make_happen(engine, &what).await;
                    }
                }
            }
        }
    }

    fn request(&self) -> CopyRequest {
        let place = |bucket: &partway_domain::Bucket, prefix: &str| Place {
            account: self.world.account.id.clone(),
            bucket: bucket.clone(),
            region: None,
            prefix: Prefix::parse(prefix).expect("a prefix"),
        };
        let objects = self.scenario.subjects.iter().map(|subject| ObjectRef {
            key: Key::parse(&subject.source_key).expect("a key"),
            version: None,
            rename: None,
        });
        let selection = if self.scenario.by_prefix {
            let selected = |prefix: &str, rename| PrefixRef {
                prefix: Prefix::parse(prefix).expect("a prefix"),
                rename,
            };
            let mut prefixes = vec![selected("from/", None)];
            if self.scenario.with_namesakes {
                prefixes.push(selected(SECOND_FOLDER, Some(String::new())));
            }
            CopySelection {
                prefixes,
                ..CopySelection::default()
            }
        } else {
            CopySelection {
                objects: objects.collect(),
                ..CopySelection::default()
            }
        };
        let to = if self.scenario.in_place {
            "from/"
        } else {
            "to/"
        };
        CopyRequest {
            source: place(&self.world.source_bucket, "from/"),
            selection,
            destination: place(&self.world.destination_bucket, to),
            kind: self.scenario.kind,
            options: self.scenario.options.clone(),
            refuse_existing: false,
        }
    }

    /// The next thing of the plan, if its time has come.
    fn due(&self) -> Option<Happening> {
        let mut memory = lock(&self.memory);
        let planned = self.scenario.plan.get(memory.next)?;
        if planned.at_ms > self.world.time.elapsed_ms() {
            return None;
        }
        memory.next += 1;
        Some(planned.what.clone())
    }

    async fn until_next(&self) {
        let at_ms = {
            let memory = lock(&self.memory);
            let planned = self.scenario.plan.get(memory.next);
            planned.map_or(self.scenario.faults_end_ms, |planned| {
                planned.at_ms.min(self.scenario.faults_end_ms)
            })
        };
        let ms = at_ms - self.world.time.elapsed_ms();
        tokio::time::sleep(Duration::from_millis(u64::try_from(ms).unwrap_or(0))).await;
    }

    /// Whether the faults are over; the first time it is so, ends them.
    fn is_calm(&self) -> bool {
        let mut memory = lock(&self.memory);
        let over = memory.next >= self.scenario.plan.len()
            && self.world.time.elapsed_ms() >= self.scenario.faults_end_ms;
        if over && !memory.calm {
            memory.calm = true;
            self.world.tell("world", "the faults are over");
            self.world.calm();
            self.world.renew_secret();
        }
        over
    }

    /// Does one thing of the plan; whether the program ends by it.
    async fn make_happen(&self, engine: &Engine, what: &Happening) -> bool {
        self.world.note(what);
        let mut dice = lock(&self.memory).dice.clone();
        self.world.suffer(what, &mut dice);
        lock(&self.memory).dice = dice;
        if let Happening::Sleep(ms) = what {
            self.world.network.cut_all();
            self.world.time.pass_ms(*ms);
        }
        let job = jobs(engine).first().map(|job| job.id);
        match (what, job) {
            (Happening::Restart, _) => return true,
            (Happening::Pause, Some(job)) => self.told(engine.pause(job).await),
            (Happening::Resume, Some(job)) => self.go_on(engine, job, false).await,
            (Happening::Retry, Some(job)) => self.go_on(engine, job, true).await,
            (Happening::Cancel { keep_parts }, Some(job)) => {
                self.told(engine.cancel(job, *keep_parts).await);
            }
            _ => {}
        }
        false
    }

    async fn go_on(&self, engine: &Engine, job: JobId, failed_too: bool) {
        self.told(if failed_too {
            engine.retry(job).await
        } else {
            engine.resume(job).await
        });
    }

    fn told(&self, outcome: Result<(), partway_domain::Failure>) {
        if let Err(failure) = outcome {
            self.world.tell("user", format_args!("refused: {failure}"));
        }
    }

    /// Looks at the list and does what a patient person would.
    async fn be_sensible(&self, engine: &Engine) -> Next {
        let jobs = jobs(engine);
        if jobs.is_empty() {
            let starts = lock(&self.memory).starts;
            if starts > MOST_STARTS || starts > 0 && !self.world.network.is_empty() {
                return Next::Rest;
            }
            self.begin(engine).await;
            return if jobs_of(engine) == 0 {
                Next::Rest
            } else {
                Next::Wait
            };
        }
        for job in &jobs {
            if engine.drives(job.id) {
                return Next::Wait;
            }
            let transfers = transfers(engine, job.id);
            self.answer(engine, job.id, &transfers).await;
            if is_unfinished(job) {
                if job.intent == JobIntent::Cancel {
                    return self.restart();
                }
                self.world
                    .tell("user", format_args!("resumes job {}", job.id));
                self.world.note(&Happening::Resume);
                self.world.renew_secret();
                self.go_on(engine, job.id, false).await;
                return Next::Wait;
            }
            let failed = |row: &TransferRow| matches!(row.state, State::Failed { .. });
            let again = {
                let mut memory = lock(&self.memory);
                memory.retries += 1;
                memory.retries <= MOST_RETRIES
            };
            if again && job.intent == JobIntent::Run && transfers.iter().any(failed) {
                self.world
                    .tell("user", format_args!("retries job {}", job.id));
                self.world.note(&Happening::Retry);
                self.go_on(engine, job.id, true).await;
                return Next::Wait;
            }
        }
        let owed = engine.journal().abort_queue().expect("the journal is read");
        if !owed.is_empty() {
            return self.restart();
        }
        if self.world.network.is_empty() {
            return Next::Rest;
        }
        // What is late still arrives, and may not harm.
        tokio::time::sleep(Duration::from_secs(150)).await;
        Next::Wait
    }

    /// Decides what waits for a decision.
    async fn answer(&self, engine: &Engine, job: JobId, transfers: &[TransferRow]) {
        for row in transfers {
            let Some(kind) = asked(row) else { continue };
            let choices = Choice::fitting(kind);
            if choices.is_empty() {
                continue;
            }
            let choice = lock(&self.memory).dice.pick(choices);
            let Some(decision) = self.decision(row, choice) else {
                continue;
            };
            self.world
                .note(&Happening::Decided(row.id, decision.clone()));
            self.decide(engine, job, row, decision).await;
        }
    }

    async fn decide(&self, engine: &Engine, job: JobId, row: &TransferRow, decision: Decision) {
        let decided = engine.decide(job, Which::One(row.id), decision).await;
        self.told(decided.map(|_| ()));
    }

    fn decision(&self, row: &TransferRow, choice: Choice) -> Option<Decision> {
        Some(match choice {
            Choice::Replace => Decision::Replace,
            Choice::KeepBoth => Decision::KeepBoth,
            Choice::Skip => Decision::Skip,
            Choice::StartOver => Decision::StartOver,
            Choice::AcceptAsIs => Decision::AcceptAsIs,
            Choice::AdoptUpload => {
                let uploads = self.world.cloud.uploads(self.world.provider);
                let open = uploads
                    .iter()
                    .find(|upload| upload.key == row.destination_key.as_str())?;
                Decision::AdoptUpload {
                    upload_id: partway_domain::UploadId::parse(&open.upload_id).ok()?,
                }
            }
        })
    }

    fn restart(&self) -> Next {
        let mut memory = lock(&self.memory);
        memory.restarts += 1;
        if memory.restarts > MOST_RESTARTS {
            return Next::Rest;
        }
        Next::Restart
    }
}

/// Waits until nothing is driven.
async fn idle(engine: &Engine) {
    for job in jobs(engine) {
        engine.wait(job.id).await;
    }
    // What a driver's end leads to.
    tokio::time::sleep(Duration::from_millis(100)).await;
}

fn jobs(engine: &Engine) -> Vec<JobRow> {
    engine
        .journal()
        .jobs(None, 10)
        .expect("the journal is read")
}

fn jobs_of(engine: &Engine) -> usize {
    jobs(engine).len()
}

fn transfers(engine: &Engine, job: JobId) -> Vec<TransferRow> {
    let journal = engine.journal();
    journal
        .transfers(job, None, 100)
        .expect("the journal is read")
}

fn is_unfinished(job: &JobRow) -> bool {
    job.counts.unfinished() > 0
}

/// What a transfer asks a person about.
fn asked(row: &TransferRow) -> Option<FailureKind> {
    let waits = State::Waiting {
        wait: Wait::Decision,
    };
    (row.state == waits).then(|| row.failure.as_ref().map(|failure| failure.kind))?
}

/// Planning again will not change this.
fn is_hopeless(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NoSuchSource | FailureKind::Invalid | FailureKind::DestinationConflict
    )
}
