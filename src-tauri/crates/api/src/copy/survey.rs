//! What prefixes hold, as far as a plan looks: all of it for a dry run, the beginning for a
//! window that asks again with every change.

use partway_domain::Account;
use partway_domain::limits::Limits;
use partway_engine as engine;
use partway_engine::request::survey::{Fate, Line, Survey};

use super::classes::Classes;
use super::{NAMED_OBJECTS, part_size_by, part_sizes};
use crate::api::Api;
use crate::contract::{CopyPlan, CopyRequest, PlanProblem, PlannedObject};
use crate::error::ApiError;

/// As many objects are looked at for a window.
const SAMPLE: u64 = 10_000;

impl Api {
    /// A dry run: tells `hear` of every object and sums up. Nothing is written anywhere.
    /// `hear` ends it early by answering `false`.
    pub async fn survey_copy(
        &self,
        request: CopyRequest,
        hear: &mut engine::request::survey::Hear<'_>,
    ) -> Result<Survey, ApiError> {
        self.account(&request.source.account).await?;
        self.account(&request.destination.account).await?;
        let (request, refused) = super::parse(request)?;
        for problem in refused {
            let line = Line {
                source_key: problem.key,
                destination_key: String::new(),
                size: 0,
                parts: 0,
                fate: Fate::Refuse,
                why: problem.error.to_string(),
                is_archived: false,
                storage_class: None,
            };
            if !hear(line) {
                return Ok(Survey::default());
            }
        }
        Ok(self.engine().survey(&request, hear).await?)
    }

    /// The plan of a request with prefixes, by their first objects.
    pub(super) async fn sample(
        &self,
        request: &engine::CopyRequest,
        refused: Vec<PlanProblem>,
        destination: &Account,
    ) -> Result<CopyPlan, ApiError> {
        let dialect = destination.dialect;
        let limits = partway_protocol::dialect::dialect(dialect).limits();
        let mut sample = Sample {
            limits,
            part_size: request.options.part_size,
            class: request.options.storage_class.clone(),
            problems: refused,
            items: Vec::new(),
            largest: 0,
            heard: 0,
            classes: Classes::default(),
        };
        let survey = self
            .engine()
            .survey(request, &mut |line| sample.hear(line))
            .await?;
        let requests = survey.requests;
        let writes = [
            requests.copy,
            requests.create,
            requests.part_copy,
            requests.complete,
            requests.delete,
        ];
        Ok(CopyPlan {
            objects: count(survey.copies),
            bytes: survey.bytes as f64,
            parts: count(survey.parts),
            multipart_objects: count(survey.multipart),
            write_requests: count(writes.iter().sum()),
            read_requests: count(requests.list + requests.head + requests.get_tags),
            existing: count(survey.replaced + survey.kept_both + survey.skipped + survey.asked),
            more: !survey.complete,
            items: sample.items,
            problems: sample.problems,
            part_sizes: part_sizes(sample.largest, &limits),
            part_size_by: part_size_by(sample.largest, request.options.part_size, &limits),
            parts_at_once: self.parts_at_once(request, destination)?,
            fallbacks: Vec::new(),
            given: survey.given,
            classes: sample.classes.costly(dialect),
            crosses_regions: survey.crosses_regions,
        })
    }
}

struct Sample {
    limits: Limits,
    /// The wished part size, in bytes.
    part_size: Option<u64>,
    items: Vec<PlannedObject>,
    problems: Vec<PlanProblem>,
    largest: u64,
    heard: u64,
    /// The class the copies are to have.
    class: Option<String>,
    classes: Classes,
}

impl Sample {
    fn hear(&mut self, line: Line) -> bool {
        self.heard += 1;
        self.largest = self.largest.max(line.size);
        if matches!(line.fate, Fate::Copy | Fate::Replace | Fate::KeepBoth) {
            let (source, asked) = (line.storage_class.as_deref(), self.class.as_deref());
            self.classes.count(source, asked, line.size);
        }
        if line.fate == Fate::Refuse {
            if self.problems.len() < NAMED_OBJECTS {
                self.problems.push(PlanProblem {
                    error: ApiError::new("invalid", line.why).about_key(&line.source_key),
                    key: line.source_key,
                });
            }
        } else if self.items.len() < NAMED_OBJECTS {
            self.items.push(PlannedObject {
                multipart: line.parts > 1,
                part_size: self.part_size_of(&line) as f64,
                size: line.size as f64,
                parts: line.parts,
                exists: line.fate != Fate::Copy,
                fate: super::dry_run::word(line.fate).to_owned(),
                why: line.why,
                source_key: line.source_key,
                destination_key: line.destination_key,
                not_carried: Vec::new(),
                is_archived: line.is_archived,
            });
        }
        self.heard < SAMPLE
    }

    /// A dry run tells parts and not how large they are: the planner says that, and where its
    /// plan is another one (the server copies no parts), the object itself.
    fn part_size_of(&self, line: &Line) -> u64 {
        partway_domain::plan(line.size, self.part_size, &self.limits)
            .ok()
            .filter(|plan| plan.parts == line.parts)
            .map_or(line.size, |plan| plan.part_size)
    }
}

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
