//! What is worth a notification, and the one line about everything that runs.

use std::collections::HashMap;

use crate::contract::{JobState, JobView, StreamMessage};

/// Kinds of obstacles that go away by themselves.
const BY_ITSELF: &[&str] = &["network", "throttled"];

/// Follows what a page is told and notices when a job is done, has failed or needs somebody.
#[derive(Debug, Default)]
pub struct Attention {
    jobs: HashMap<u32, Glance>,
    news: News,
    /// The first snapshot tells what was before.
    begun: bool,
}

/// What happened since it was last asked; each job under its title, once.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct News {
    pub done: Vec<Heading>,
    pub failed: Vec<Heading>,
    pub needs_you: Vec<Heading>,
}

/// A job as a notification names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub job: u32,
    pub title: String,
}

impl News {
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.failed.is_empty() && self.needs_you.is_empty()
    }
}

/// The line of the tray.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Jobs that move bytes, or will by themselves.
    pub running: u32,
    pub needing_you: u32,
    /// Of all of them together.
    pub bytes_per_second: f64,
}

/// A job, as far as it matters from afar.
#[derive(Debug, Clone)]
struct Glance {
    heading: Heading,
    standing: Standing,
    bytes_per_second: f64,
}

impl From<&JobView> for Glance {
    fn from(job: &JobView) -> Self {
        let obstacle = job.error.as_ref().map(|error| error.kind.as_str());
        Self {
            heading: Heading {
                job: job.id,
                title: job.title.clone(),
            },
            standing: standing(job.state, job.objects_waiting > 0, obstacle),
            bytes_per_second: job.bytes_per_second,
        }
    }
}

/// Where a job stands in the eyes of somebody who looks elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    GoesOn,
    NeedsYou,
    Failed,
    Done,
    /// Paused, cancelled, found interrupted: the user's own doing, or known from the start.
    AtRest,
}

impl Attention {
    /// Takes in what the page is told.
    pub fn note(&mut self, message: &StreamMessage) {
        match message {
            StreamMessage::Snapshot(snapshot) => {
                self.begin(snapshot.jobs.iter().map(Glance::from).collect());
            }
            StreamMessage::Update(update) => {
                for job in &update.jobs {
                    self.note_job(job.into());
                }
                for id in &update.removed {
                    self.jobs.remove(id);
                }
            }
            StreamMessage::Desktop(_) => {}
        }
    }

    /// What happened since the last call.
    pub fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// How things are now.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for job in self.jobs.values() {
            match job.standing {
                Standing::GoesOn => figures.running += 1,
                Standing::NeedsYou | Standing::Failed => figures.needing_you += 1,
                Standing::Done | Standing::AtRest => {}
            }
            figures.bytes_per_second += job.bytes_per_second;
        }
        figures
    }

    fn begin(&mut self, jobs: Vec<Glance>) {
        let present: Vec<u32> = jobs.iter().map(|job| job.heading.job).collect();
        self.jobs.retain(|id, _| present.contains(id));
        for job in jobs {
            self.note_job(job);
        }
        self.begun = true;
    }

    fn note_job(&mut self, job: Glance) {
        let now = job.standing;
        let heading = job.heading.clone();
        // A job that is new after the beginning went on before it was first seen.
        let before = self.jobs.insert(heading.job, job);
        let before = before.map_or(Standing::GoesOn, |job| job.standing);
        if !self.begun || before == now {
            return;
        }
        let list = match now {
            Standing::Done => &mut self.news.done,
            Standing::Failed => &mut self.news.failed,
            Standing::NeedsYou => &mut self.news.needs_you,
            Standing::GoesOn | Standing::AtRest => return,
        };
        if !list.contains(&heading) {
            list.push(heading);
        }
    }
}

/// Some objects may wait while the others go on; `obstacle` is the kind of the job's error.
fn standing(state: JobState, some_wait: bool, obstacle: Option<&str>) -> Standing {
    use JobState::{
        Cancelled, Cancelling, Completing, Copying, Done, DoneWithFailures, Failed, Interrupted,
        Paused, Queued, Verifying, Waiting,
    };
    match state {
        Done => Standing::Done,
        Failed | DoneWithFailures => Standing::Failed,
        Paused | Interrupted | Cancelling | Cancelled => Standing::AtRest,
        Queued | Copying | Completing | Verifying if !some_wait => Standing::GoesOn,
        Waiting | Queued | Copying | Completing | Verifying => match obstacle {
            Some(kind) if BY_ITSELF.contains(&kind) => Standing::GoesOn,
            _ => Standing::NeedsYou,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: u32, standing: Standing) -> Glance {
        Glance {
            heading: Heading {
                job: id,
                title: format!("object {id}"),
            },
            standing,
            bytes_per_second: 10.0,
        }
    }

    fn ids(headings: &[Heading]) -> Vec<u32> {
        headings.iter().map(|heading| heading.job).collect()
    }

    #[test]
    fn what_was_so_from_the_start_is_no_news() {
        let mut attention = Attention::default();
        attention.begin(vec![job(1, Standing::Done), job(2, Standing::Failed)]);
        assert!(attention.news().is_empty());
    }

    #[test]
    fn each_end_is_told_once_and_several_together() {
        let mut attention = Attention::default();
        attention.begin(vec![job(1, Standing::GoesOn), job(2, Standing::GoesOn)]);
        let ends = [
            job(1, Standing::Done),
            job(2, Standing::Failed),
            job(3, Standing::Done),
        ];
        for _ in 0..2 {
            for end in &ends {
                attention.note_job(end.clone());
            }
        }
        let news = attention.news();
        assert_eq!(ids(&news.done), [1, 3]);
        assert_eq!(ids(&news.failed), [2]);
        // A page that subscribes anew makes nothing new.
        attention.begin(ends.to_vec());
        assert!(attention.news().is_empty());
    }

    #[test]
    fn the_line_counts_what_goes_on_and_what_waits_for_somebody() {
        let mut attention = Attention::default();
        attention.begin(vec![job(1, Standing::GoesOn), job(2, Standing::NeedsYou)]);
        let figures = attention.figures();
        assert_eq!((figures.running, figures.needing_you), (1, 1));
        assert!((figures.bytes_per_second - 20.0).abs() < f64::EPSILON);
    }

    #[test]
    fn only_waits_that_do_not_end_by_themselves_need_somebody() {
        let waits = |kind| standing(JobState::Waiting, false, Some(kind));
        assert_eq!(waits("network"), Standing::GoesOn);
        assert_eq!(waits("destination_conflict"), Standing::NeedsYou);
        let some = standing(JobState::Copying, true, Some("needs_restore"));
        assert_eq!(some, Standing::NeedsYou);
        assert_eq!(standing(JobState::Copying, false, None), Standing::GoesOn);
        assert_eq!(standing(JobState::Paused, true, None), Standing::AtRest);
    }
}
