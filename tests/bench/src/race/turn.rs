//! One run of one racer.

use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use super::case::{Case, Job, Racer};
use super::field::Field;
use super::run::Run;
use super::{browse, partway, search, window};
use crate::engine::Told;
use crate::stub::PART;

impl Case {
    /// What the run took, or why there is none.
    pub(super) fn run(&self, racer: Racer, field: &mut Field) -> Result<Run, String> {
        field.begin(&self.terms)?;
        field.expect(self.ideal());
        match (racer, self.job) {
            (Racer::Window { .. } | Racer::EmptyWindow, _) => window::run(racer, field),
            (Racer::Partway, Job::Browse) => browse::run(self.terms.keys, field),
            (Racer::Partway, Job::Search) => search::run(field),
            (Racer::Engine { memory }, Job::Large { at_once }) => engine(memory, at_once, field),
            (Racer::Floor, Job::Large { at_once }) => {
                let mut command = field.floor("parts", self.terms.parts, at_once)?;
                Run::of(field, &mut command, || false)
            }
            (Racer::Partway, job) => {
                let computer = partway::computer(field)?;
                let mut command = partway::program(field, &computer);
                command.args(words(job));
                let mut again = partway::program(field, &computer);
                again.args(["resume", "--all"]);
                self.once_or_twice(field, &mut command, &mut again)
            }
            (Racer::Peer(peer), job) => {
                let folder = field.fresh()?;
                let mut command = peer.command(job, field, &folder)?;
                let mut again = peer.command(job, field, &folder)?;
                self.once_or_twice(field, &mut command, &mut again)
            }
            _ => Err("has no part in this".to_owned()),
        }
    }

    fn once_or_twice(
        &self,
        field: &Field,
        first: &mut Command,
        again: &mut Command,
    ) -> Result<Run, String> {
        if !self.halves {
            return Run::of(field, first, || false);
        }
        let half = self.terms.parts / 2;
        let reached = || field.counts().is_ok_and(|counts| counts.parts >= half);
        field.run(first, reached)?;
        // What was under way still arrives.
        sleep(Duration::from_millis(5 * self.terms.latency_ms));
        let before = field.counts()?.parts;
        field.count_anew()?;
        let run = Run::of(field, again, || false)?;
        let redone = (before + run.counts.parts).saturating_sub(run.counts.completed);
        Ok(run.with("redone", redone as f64))
    }
}

/// Partway's words for the job.
fn words(job: Job) -> Vec<String> {
    let (source, target) = ("s3://bench@source", "s3://bench@target");
    let words = match job {
        Job::Large { at_once } => format!(
            "cp {source}/big {target}/big --part-size {}MiB --parts-at-once {at_once}",
            PART >> 20
        ),
        // Of small objects there are three times as many. The others replace what exists without
        // looking; left to itself Partway would look, with a request more for each.
        Job::Small { at_once } => {
            let parts = at_once / 3;
            format!("cp -r {source} {target} --overwrite --parts-at-once {parts}")
        }
        Job::Level => format!("ls {source}"),
        _ => format!("cp -r --dry-run {source} {target}/copies/"),
    };
    words.split(' ').map(str::to_owned).collect()
}

fn engine(memory: bool, at_once: u64, field: &mut Field) -> Result<Run, String> {
    let in_memory = memory.then(|| tempfile::tempdir_in("/dev/shm")).transpose();
    let in_memory = in_memory.map_err(|error| format!("no disk in memory: {error}"))?;
    let folder = match &in_memory {
        Some(folder) => folder.path().to_owned(),
        None => field.fresh()?,
    };
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command
        .args(["engine", &field.url()])
        .arg(&folder)
        .arg(at_once.to_string());
    let mut run = Run::of(field, &mut command, || false)?;
    let told = Told::read(&folder)?;
    run.cost.wall = told.wall;
    Ok(run.with("commits", told.commits as f64))
}
