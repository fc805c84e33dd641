//! One seed from its beginning to its end.

use std::sync::Arc;
use std::time::Duration;

use partway_engine::{Engine, EngineConfig};
use partway_journal::{Journal, JournalClock};
use partway_protocol::op::CustomerKey;
use tokio::runtime::Builder;

use crate::dice::{Dice, SharedDice};
use crate::disk::{Desk, Disk};
use crate::life::Life;
use crate::log::Log;
use crate::network::{Wire, deliver};
use crate::outcome::{Ending, JobOutcome, LifeOutcome, Outcome};
use crate::scenario::{Kill, Moment, OWN_KEY, Scenario};
use crate::time::Wall;
use crate::user::User;
use crate::world::{World, lock};

/// A world has no more lives than this, however its kills were chosen.
const MOST_LIVES: usize = 24;

/// No life lasts longer.
const LONGEST_LIFE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Runs a scenario; `traced` writes down the story as it goes.
pub fn run(scenario: &Scenario, desk: &Desk, traced: bool) -> Outcome {
    let log = scenario.logged.then(Log::keep);
    let files = desk.disk().expect("there is room for a journal");
    let world = World::new(scenario, traced);
    let user = User::new(&world, scenario);
    let mut dice = Dice::new(scenario.seed, 5);
    let mut lives = Vec::new();
    loop {
        let kill = scenario.kills.get(lives.len()).copied();
        let life = Arc::new(Life::new(lives.len(), kill, world.time.clone()));
        let begun_ms = world.time.now_ms();
        world.tell("life", format_args!("{} begins ({kill:?})", life.number));
        let (ending, journal) = live(scenario, &world, &files, &user, &life);
        // What is read in the end may be read through the last one; the others are gone.
        let journal = Some(journal).filter(|_| is_over(ending));
        let (ending, lost_commits) = die(&world, &files, ending, kill, &mut dice);
        world.tell("life", format_args!("{} ends: {ending:?}", life.number));
        lives.push(LifeOutcome {
            began_ms: begun_ms,
            ended_ms: world.time.now_ms(),
            ending,
            parts_in_flight: life.parts_in_flight(),
            lost_commits,
            commits: life.commits(),
            requests: life.requests(),
            told: life.take_told(),
        });
        if is_over(ending) || lives.len() >= MOST_LIVES {
            let log = log.map(Log::end).unwrap_or_default();
            let journal = journal.unwrap_or_else(|| {
                let opened = files.open(JournalClock::default());
                opened.expect("the journal opens after any crash")
            });
            return outcome(scenario, &world, &files, &journal, lives, log);
        }
        if let Some(kill) = kill {
            world.time.pass_ms(kill.dead_ms);
        }
    }
}

fn is_over(ending: Ending) -> bool {
    matches!(ending, Ending::Rested | Ending::Endless)
}

/// Until the user is through with it; a kill may still come while the program says goodbye.
async fn live_and_leave(user: &User, engine: &Engine) -> Ending {
    let ending = user.live(engine).await;
    if ending == Ending::Left {
        engine.shutdown(Duration::from_secs(5)).await;
    }
    ending
}

/// A process: it has a runtime of its own, and everything in it ends with it.
fn live(
    scenario: &Scenario,
    world: &Arc<World>,
    disk: &Disk,
    user: &User,
    life: &Arc<Life>,
) -> (Ending, Journal) {
    let process = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    process.block_on(async {
        world.time.begin_life();
        tokio::spawn(deliver(Arc::clone(world)));
        let engine = engine(scenario, world, disk, life);
        let ending = tokio::select! {
            biased;
            () = life.killed() => Ending::Killed,
            ending = live_and_leave(user, &engine) => ending,
            // Where nothing goes on any more, this is the only timer left: it ends the life.
            () = tokio::time::sleep(LONGEST_LIFE) => Ending::Endless,
        };
        world.time.end_life();
        (ending, engine.journal().clone())
    })
}

fn engine(scenario: &Scenario, world: &Arc<World>, disk: &Disk, life: &Arc<Life>) -> Engine {
    let wall = Wall {
        time: world.time.clone(),
        ahead_ms: scenario.clock_ahead_ms,
    };
    let wall = Arc::new(wall);
    let stamps = Arc::clone(&wall);
    let clock = JournalClock::new(move || partway_engine::clock::Clock::now_ms(&*stamps));
    let number = u64::try_from(life.number).unwrap_or(0);
    let config = EngineConfig {
        journal: disk.open(clock).expect("the journal opens after any crash"),
        secrets: world.purse.clone(),
        transport: Arc::new(Wire {
            world: Arc::clone(world),
            life: Arc::clone(life),
        }),
        clock: wall,
        chance: Arc::new(SharedDice::new(Dice::new(scenario.seed, 100 + number))),
        // Nobody can ask whether the process of another life still runs.
        holder: format!("life-{number}/1/simulated"),
        jobs_at_once: 2,
        requests_per_endpoint: scenario.requests_at_once,
    };
    let engine = Engine::with_cut_off(config, life.clone());
    // Keys are never written down: the user gives them in each life.
    let key = CustomerKey::of_bytes(&OWN_KEY).expect("a key has 32 bytes");
    engine.offer_key(key);
    engine
}

/// What the end of a life does to the disk.
fn die(
    world: &World,
    disk: &Disk,
    ending: Ending,
    kill: Option<Kill>,
    dice: &mut Dice,
) -> (Ending, bool) {
    // Whoever is killed while nothing happens any more has lived its life.
    let power = kill.is_some_and(|kill| kill.power);
    if ending != Ending::Killed || !power {
        return (ending, false);
    }
    let lost = disk.cut_power(dice).expect("the disk is there");
    world.tell("disk", format_args!("power cut, commits lost: {lost}"));
    (Ending::PowerCut, lost)
}

fn outcome(
    scenario: &Scenario,
    world: &World,
    disk: &Disk,
    journal: &Journal,
    lives: Vec<LifeOutcome>,
    log: Vec<u8>,
) -> Outcome {
    let jobs = journal.jobs(None, 10).expect("the journal is read");
    let jobs = jobs
        .into_iter()
        .map(|row| {
            let transfers = journal.transfers(row.id, None, 1_000);
            let transfers = transfers.expect("the journal is read").into_iter();
            let mut events = journal.events(row.id, None, 10_000).expect("events");
            events.reverse();
            JobOutcome {
                transfers: transfers
                    .map(|transfer| {
                        let parts = journal.parts(transfer.id).expect("parts");
                        (transfer, parts)
                    })
                    .collect(),
                events,
                row,
            }
        })
        .collect();
    let last = lives.last().map(|life| life.ending);
    let endpoint = world.cloud.endpoints().of(world.provider);
    Outcome {
        scenario: scenario.clone(),
        cloud: world.cloud.clone(),
        provider: world.provider,
        source_bucket: world.source_bucket.to_string(),
        destination_bucket: world.destination_bucket.to_string(),
        lives,
        jobs,
        abort_queue: journal.abort_queue().expect("the journal is read"),
        planned: std::mem::take(&mut lock(&world.planned)),
        happenings: std::mem::take(&mut lock(&world.happenings)),
        strays: std::mem::take(&mut lock(&world.strays)),
        sent: world.network.log(),
        rested: last == Some(Ending::Rested),
        virtual_ms: world.time.elapsed_ms(),
        secrets: vec![
            endpoint.secret_key.clone().into_bytes(),
            endpoint.temporary().secret_key.into_bytes(),
            endpoint.temporary().token.into_bytes(),
            OWN_KEY.to_vec(),
        ],
        folder: disk.folder().to_owned(),
        trace: world.take_trace(),
        log,
    }
}

/// Whether a kill can be met at all: a moment far in the future is met by nobody.
pub fn is_met(kill: Kill, life: &LifeOutcome) -> bool {
    match kill.moment {
        Moment::Commit { number, .. } => life.commits >= number,
        Moment::Request { number, .. } => life.requests >= number,
        Moment::After { .. } | Moment::Cancel { .. } => {
            matches!(life.ending, Ending::Killed | Ending::PowerCut)
        }
    }
}
