//! Watching jobs until they come to rest, and pausing them on Ctrl-C.

use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use partway_api::contract::{JobRef, JobState, JobView};
use partway_api::{Api, ApiError};
use partway_domain::JobId;

use crate::decide;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::quantity;
use crate::remedy;
use crate::report::{self, JobReport, Needs};
use crate::terminal::Terminal;

/// How often the figures are read.
const LOOK: Duration = Duration::from_millis(200);

/// Without a terminal a line is written this often.
const LINE: Duration = Duration::from_secs(5);

/// What has come back by then counts after Ctrl-C; the rest is copied again on resume.
const GRACE: Duration = Duration::from_secs(10);

/// A disk that has no room by then is somebody's task: the program ends and says so.
const NO_ROOM: Duration = Duration::from_secs(30);

/// Who leaves at once waits no longer for the last figures.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Follows jobs this process drives; prints what became of them and answers the worst.
pub(crate) async fn follow(api: &Api, jobs: &[u32], terminal: &Terminal) -> Result<Exit, ApiError> {
    let shape = match jobs {
        [_] => Shape::Document,
        _ => Shape::List,
    };
    watch(api, jobs, terminal, shape).await
}

/// As `follow`, for as many jobs as there happen to be: a script gets a list also of one.
pub(crate) async fn follow_list(
    api: &Api,
    jobs: &[u32],
    terminal: &Terminal,
) -> Result<Exit, ApiError> {
    watch(api, jobs, terminal, Shape::List).await
}

/// What a script gets.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// The job it named.
    Document,
    /// A list of jobs.
    List,
}

async fn watch(
    api: &Api,
    jobs: &[u32],
    terminal: &Terminal,
    shape: Shape,
) -> Result<Exit, ApiError> {
    let mut interrupts = Interrupts::listen();
    let mut display = Display::new(terminal);
    let mut pausing = false;
    let mut room = Room::default();
    let settled = loop {
        let views = read(api, jobs).await?;
        display.show(&views, pausing, terminal);
        if views.iter().all(|view| !view.driven_here) {
            // A row may have been read right before the last word was written into it.
            break read(api, jobs).await?;
        }
        room.look(api, terminal)?;
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = all_ended(api, jobs) => {}
            () = interrupts.next() => {
                if pausing {
                    leave(api, views, terminal, shape).await;
                }
                pausing = true;
                // A journal that cannot be written would keep the pause waiting for ever.
                let left = tokio::select! {
                    () = pause(api, &views, terminal) => false,
                    () = interrupts.next() => true,
                };
                if left {
                    leave(api, views, terminal, shape).await;
                }
            }
        }
    };
    display.clear();
    let worst = settled.iter().map(Exit::of_job).max();
    let reports = report::reports(api, settled).await?;
    if terminal.json {
        print(&reports, terminal, shape);
    } else {
        for report in &reports {
            report::outcome(terminal, report);
        }
        if let Some(hint) = hint(&reports) {
            terminal.note(&hint);
        }
        for report in &reports {
            if matches!(report.state, JobState::Waiting | JobState::Interrupted) {
                for hint in decide::hints(api, report.id).await {
                    terminal.note(&hint);
                }
            }
        }
    }
    api.shutdown(GRACE).await;
    Ok(worst.unwrap_or(Exit::Done))
}

/// Waits until this process drives none of them any more.
async fn all_ended(api: &Api, jobs: &[u32]) {
    for &job in jobs {
        api.engine().wait(JobId(job.into())).await;
    }
}

async fn read(api: &Api, jobs: &[u32]) -> Result<Vec<JobView>, ApiError> {
    let mut views = Vec::with_capacity(jobs.len());
    for &job in jobs {
        views.push(api.job(JobRef { job }).await?);
    }
    Ok(views)
}

/// How to go on with what stopped. Cancelled jobs are settled: only their number brings them
/// back.
fn hint(reports: &[JobReport]) -> Option<String> {
    let goes_on = |report: &&JobReport| {
        matches!(
            report.state,
            JobState::Paused | JobState::Waiting | JobState::Interrupted | JobState::Queued
        )
    };
    let lacking = |what| reports.iter().find(|report| report.needs == Some(what));
    if let Some(keyless) = lacking(Needs::Key) {
        return Some(format!(
            "`partway-cli resume {} --key-file FILE` goes on with that key.",
            keyless.id
        ));
    }
    if lacking(Needs::Secret).is_some() {
        return Some(remedy::SECRET.to_owned());
    }
    if reports.iter().any(|report| goes_on(&report)) {
        return Some("`partway-cli resume --all` goes on where this stopped.".to_owned());
    }
    let cancelled = reports
        .iter()
        .find(|report| report.state == JobState::Cancelled)?;
    Some(format!(
        "`partway-cli resume {}` copies it after all.",
        cancelled.id
    ))
}

/// The only one as itself, several as a list.
fn print(reports: &[JobReport], terminal: &Terminal, shape: Shape) {
    match (shape, reports) {
        (Shape::Document, [only]) => terminal.value(only),
        (_, all) => terminal.value(&all),
    }
}

/// The journal has everything; what is in flight is asked about next time. A script hears what
/// it would have heard later, as far as it is known.
async fn leave(api: &Api, views: Vec<JobView>, terminal: &Terminal, shape: Shape) -> ! {
    if terminal.json {
        let known = tokio::time::timeout(LAST_WORDS, report::reports(api, views)).await;
        if let Ok(Ok(reports)) = known {
            print(&reports, terminal, shape);
        }
    }
    std::process::exit(Exit::Interrupted as i32)
}

/// Whether the journal has room. While it has none everything stands still and goes on by
/// itself; it is said once.
#[derive(Default)]
struct Room {
    missing: Option<Instant>,
}

impl Room {
    /// Fails when there was none for too long.
    fn look(&mut self, api: &Api, terminal: &Terminal) -> Result<(), ApiError> {
        match (api.engine().journal_trouble(), self.missing) {
            (None, None) => {}
            (None, Some(_)) => {
                self.missing = None;
                terminal.note("The journal can be written again; the copy goes on.");
            }
            (Some(error), None) => {
                self.missing = Some(Instant::now());
                let seconds = NO_ROOM.as_secs();
                terminal.note(&format!(
                    "The copy stands still: {error}. Nothing is lost: make room within {seconds} s \
                     and it goes on by itself."
                ));
            }
            (Some(error), Some(since)) if since.elapsed() > NO_ROOM => return Err(error.into()),
            (Some(_), Some(_)) => {}
        }
        Ok(())
    }
}

async fn pause(api: &Api, views: &[JobView], terminal: &Terminal) {
    let flying: u32 = views.iter().map(|view| view.in_flight).sum();
    terminal.note(&format!(
        "Pausing: {flying} parts in flight finish first. Press Ctrl-C again to leave at once; \
         the journal has everything."
    ));
    for view in views.iter().filter(|view| view.driven_here) {
        if let Err(error) = api.pause_job(JobRef { job: view.id }).await {
            terminal.complain(&error);
        }
    }
}

/// Bars for a person, now and then a line for a log, nothing for a script.
enum Display {
    Nothing,
    Lines {
        last: Option<Instant>,
        words: String,
    },
    Bars {
        all: MultiProgress,
        bars: Vec<ProgressBar>,
    },
}

impl Display {
    fn new(terminal: &Terminal) -> Self {
        if terminal.json {
            Self::Nothing
        } else if terminal.is_watched() {
            Self::Bars {
                all: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()),
                bars: Vec::new(),
            }
        } else {
            Self::Lines {
                last: None,
                words: String::new(),
            }
        }
    }

    fn show(&mut self, views: &[JobView], pausing: bool, terminal: &Terminal) {
        match self {
            Self::Nothing => {}
            Self::Lines { last, words } => {
                let now: String = views
                    .iter()
                    .map(|view| report::state_word(view.state))
                    .collect();
                if *words == now && last.is_some_and(|last| last.elapsed() < LINE) {
                    return;
                }
                (*last, *words) = (Some(Instant::now()), now);
                for view in views {
                    terminal.note(&format!("job {}: {}", view.id, figures(view, pausing)));
                }
            }
            Self::Bars { all, bars } => {
                while bars.len() < views.len() {
                    bars.push(all.add(bar()));
                }
                for (bar, view) in bars.iter().zip(views) {
                    bar.set_length(quantity::whole(view.bytes_total));
                    bar.set_position(quantity::whole(view.bytes_done));
                    bar.set_prefix(format!("job {}", view.id));
                    bar.set_message(figures(view, pausing));
                }
            }
        }
    }

    fn clear(&self) {
        if let Self::Bars { bars, .. } = self {
            bars.iter().for_each(ProgressBar::finish_and_clear);
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:24}] {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style.progress_chars("=> "))
}

fn figures(view: &JobView, pausing: bool) -> String {
    let percent = if view.bytes_total > 0.0 {
        100.0 * view.bytes_done / view.bytes_total
    } else {
        0.0
    };
    let mut words = vec![
        format!("{percent:.1} %"),
        format!(
            "{} of {}",
            quantity::bytes(view.bytes_done),
            quantity::bytes(view.bytes_total)
        ),
    ];
    match view.state {
        JobState::Paused | JobState::Copying if pausing => {
            words.push(format!("pausing, {} in flight", view.in_flight));
        }
        JobState::Copying if view.bytes_per_second > 0.0 => {
            let rate = quantity::bytes(view.bytes_per_second.round());
            words.push(format!("{rate}/s"));
            words.extend(view.seconds_left.map(|left| quantity::left(left) + " left"));
        }
        JobState::Completing => words.push("the server assembles the parts".to_owned()),
        state if view.waits_until_ms.is_some() => {
            let until = view.waits_until_ms.and_then(report::local_ms);
            let until = until.unwrap_or_else(|| "its hours come".to_owned());
            words.push(format!(
                "{}, waits until {until}",
                report::state_word(state)
            ));
        }
        state => words.push(report::state_word(state).to_owned()),
    }
    if view.retries > 0 {
        words.push(format!("{} retried", view.retries));
    }
    match view.asked_seconds {
        Some(seconds) => words.push(format!(
            "waiting, the server asked for time: {seconds} s left"
        )),
        None if view.throttled => words.push("throttled".to_owned()),
        None => {}
    }
    words.join("  ")
}
