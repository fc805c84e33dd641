//! How fast jobs were, second by second: what the chart of a job shows. Kept in memory only, and
//! no more of it than the chart shows.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use partway_domain::JobId;
use partway_engine::EngineEvent;
use partway_engine::clock::{Clock as _, SystemClock};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval};

use crate::api::{Api, lock};
use crate::contract::{JobRef, Throughput};
use crate::error::ApiError;

/// Between two samples.
const STEP: Duration = Duration::from_secs(1);

/// A quarter of an hour.
const SAMPLES: usize = 900;

/// The samples of so many jobs are kept, the last to be sampled.
const JOBS: usize = 200;

#[derive(Debug, Clone, Copy)]
struct Sample {
    at_ms: i64,
    bytes_per_second: f64,
    in_flight: u32,
}

/// The samples of all jobs that were driven here.
#[derive(Debug, Default)]
pub(crate) struct Samples(Mutex<HashMap<JobId, VecDeque<Sample>>>);

impl Samples {
    fn add(&self, job: JobId, sample: Sample) {
        let mut jobs = lock(&self.0);
        if !jobs.contains_key(&job) && jobs.len() >= JOBS {
            let at = |samples: &VecDeque<Sample>| samples.back().map(|last| last.at_ms);
            let longest_ago = jobs.iter().min_by_key(|(_, samples)| at(samples));
            let longest_ago = longest_ago.map(|(job, _)| *job);
            longest_ago.and_then(|job| jobs.remove(&job));
        }
        let samples = jobs.entry(job).or_default();
        if samples.len() >= SAMPLES {
            samples.pop_front();
        }
        samples.push_back(sample);
    }

    fn of(&self, job: JobId) -> Vec<Sample> {
        let jobs = lock(&self.0);
        jobs.get(&job)
            .map(|samples| samples.iter().copied().collect())
            .unwrap_or_default()
    }
}

impl Api {
    /// How fast a job was in the last quarter of an hour, as far as it was driven here.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn throughput(&self, job: JobRef) -> Result<Throughput, ApiError> {
        let samples = self.samples().of(JobId(job.job.into()));
        Ok(Throughput {
            step_ms: u32::try_from(STEP.as_millis()).unwrap_or(u32::MAX),
            at_ms: samples.iter().map(|one| one.at_ms as f64).collect(),
            bytes_per_second: samples.iter().map(|one| one.bytes_per_second).collect(),
            in_flight: samples.iter().map(|one| one.in_flight).collect(),
        })
    }

    /// Samples the jobs driven here for as long as the program runs.
    pub(crate) fn sample_in_background(&self) {
        let api = self.weakly();
        let mut events = self.engine().subscribe();
        tokio::spawn(async move {
            let mut driven: Vec<JobId> = Vec::new();
            let mut ticks = interval(STEP);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    event = events.recv() => match event {
                        Ok(EngineEvent::JobChanged(job) | EngineEvent::TransferChanged(job, _)) => {
                            if !driven.contains(&job) {
                                driven.push(job);
                            }
                        }
                        // A job that goes on is heard of again.
                        Ok(_) | Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return,
                    },
                    _ = ticks.tick() => {
                        let Some(api) = api() else { return };
                        driven.retain(|&job| api.engine().drives(job));
                        api.sample_jobs(&driven).await;
                    }
                }
            }
        });
    }

    async fn sample_jobs(&self, driven: &[JobId]) {
        let engine = self.engine().clone();
        let jobs = driven.to_vec();
        // Figures are read from the journal.
        let read = tokio::task::spawn_blocking(move || {
            let of = |job: JobId| Some((job, engine.progress(job)?));
            jobs.into_iter().filter_map(of).collect::<Vec<_>>()
        });
        let at_ms = SystemClock.now_ms();
        for (job, live) in read.await.unwrap_or_default() {
            let sample = Sample {
                at_ms,
                bytes_per_second: live.bytes_per_second,
                in_flight: live.in_flight,
            };
            self.samples().add(job, sample);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at_ms: i64) -> Sample {
        Sample {
            at_ms,
            bytes_per_second: 1.0,
            in_flight: 1,
        }
    }

    #[test]
    fn no_more_is_kept_than_is_shown() {
        let samples = Samples::default();
        for at_ms in 0..2_000 {
            samples.add(JobId(1), sample(at_ms));
        }
        let kept = samples.of(JobId(1));
        assert_eq!((kept.len(), kept[0].at_ms), (SAMPLES, 1_100));
        for job in 2..500 {
            samples.add(JobId(job), sample(2_000 + job));
        }
        assert_eq!(lock(&samples.0).len(), JOBS);
        assert!(samples.of(JobId(1)).is_empty());
        assert_eq!(samples.of(JobId(499)).len(), 1);
    }
}
