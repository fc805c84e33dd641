//! A dry run: everything a request would do, object by object, with nothing written anywhere.
//! Prefixes are listed as they would be by the job itself, and nothing is kept of them.

use std::collections::BTreeSet;

use partway_domain::{
    ConflictPolicy, Facts, Failure, JobKind, Key, Method, PlanError, Replaced, Resolution, resolve,
};
use partway_journal::table::job::Beginning;
use partway_journal::table::scan::NewScan;
use partway_protocol::op::ObjectEntry;
use serde::Serialize;

use super::planning::{self, Planned, Planner, failure};
use super::{CopyRequest, PlannedObject};
use crate::capability::Known;
use crate::driver::route::Route;
use crate::effect::pin::is_archive;
use crate::engine::Shared;
use crate::listing::{self, Pages};
use crate::record::journal_failure;
use crate::scan::{Beside, Finder, Rivals, facts};

/// What would become of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Copied to a key that is free.
    Copy,
    /// Copied over what is there.
    Replace,
    /// Copied to another name, beside what is there.
    KeepBoth,
    /// Left out.
    Skip,
    /// The job would wait for an answer.
    Ask,
    /// It cannot be copied as asked.
    Refuse,
}

/// One object of a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Source key.
    pub source_key: String,
    /// Destination key. Where both are kept, of a named object the free name beside it, and of one
    /// found under a prefix the one that is taken: its free name is looked for when it is copied.
    pub destination_key: String,
    /// Bytes.
    pub size: u64,
    /// Parts; 1 for a copy by one request.
    pub parts: u32,
    /// What would become of it.
    pub fate: Fate,
    /// Why, where it is not simply copied.
    pub why: String,
    /// It is archived: its copy would wait until it is restored.
    pub is_archived: bool,
    /// Storage class of the source, where it is known and not the standard one.
    pub storage_class: Option<String>,
}

/// Requests by kind, nothing retried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// `ListObjects` of both sides.
    pub list: u64,
    /// `HeadObject`.
    pub head: u64,
    /// `CopyObject`.
    pub copy: u64,
    /// `CreateMultipartUpload`.
    pub create: u64,
    /// `UploadPartCopy`.
    pub part_copy: u64,
    /// `CompleteMultipartUpload`.
    pub complete: u64,
    /// `GetObjectTagging` of the copies, where tags are replaced.
    pub get_tags: u64,
    /// `DeleteObject`, of a move.
    pub delete: u64,
}

/// The sums of a dry run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Survey {
    /// Objects seen.
    pub objects: u64,
    /// Objects that would be copied.
    pub copies: u64,
    /// Bytes that would be copied.
    pub bytes: u64,
    /// Their parts.
    pub parts: u64,
    /// Objects that would be copied part by part.
    pub multipart: u64,
    /// Copied objects that would take the place of others.
    pub replaced: u64,
    /// Copied objects that would get another name.
    pub kept_both: u64,
    /// Objects that would be left out.
    pub skipped: u64,
    /// Objects about which the job would ask.
    pub asked: u64,
    /// Objects that cannot be copied as asked.
    pub refused: u64,
    /// Requests it would take.
    pub requests: Requests,
    /// The listing was seen to its end.
    pub complete: bool,
    /// What is done in another way because a server lacks something, in plain words.
    pub fallbacks: Vec<String>,
    /// The two buckets are in different regions.
    pub crosses_regions: bool,
    /// What the copies have instead of what their sources have, in plain words.
    pub given: Vec<String>,
}

/// Hears of every object; `false` ends the dry run there.
pub type Hear<'a> = dyn FnMut(Line) -> bool + Send + 'a;

/// Sees through a request.
pub(crate) async fn survey(
    shared: &Shared,
    request: &CopyRequest,
    hear: &mut Hear<'_>,
) -> Result<Survey, Failure> {
    let mut planned = planning::plan(shared, request, &|_| {}).await?;
    Planner(shared).name_beside(&mut planned).await?;
    let known = shared.known(&planned.route).map_err(journal_failure)?;
    let mut sums = Sums {
        kind: request.kind,
        replaced: request.options.terms.replaced.clone(),
        survey: Survey::default(),
        hear,
    };
    let named = sums.named(&planned);
    let going_on = named.is_some();
    let surveyor = Surveyor {
        planner: Planner(shared),
        route: &planned.route,
        known: &known,
        scans: &planned.scans,
        named: named.unwrap_or_default(),
    };
    let mut complete = going_on;
    for index in 0..planned.scans.len() {
        complete = complete && surveyor.prefix(index, &mut sums).await?;
    }
    let mut survey = sums.survey;
    survey.complete = complete;
    let told = |one: &crate::Fallback| {
        let instead = crate::Fallback::instead(one.capability);
        format!("{instead} ({})", one.learned.evidence)
    };
    survey.crosses_regions = planned.plan.crosses_regions;
    let replaced = &request.options.terms.replaced;
    survey.given = replaced.to_string().lines().map(str::to_owned).collect();
    survey.fallbacks = planned.plan.fallbacks.iter().map(told).collect();
    Ok(survey)
}

struct Surveyor<'a> {
    planner: Planner<'a>,
    route: &'a Route,
    known: &'a Known,
    scans: &'a [NewScan],
    named: BTreeSet<Key>,
}

impl Surveyor<'_> {
    /// `false` if nobody wants to hear more.
    async fn prefix(&self, index: usize, sums: &mut Sums<'_, '_>) -> Result<bool, Failure> {
        let (side, prefix) = (&self.route.source, &self.scans[index].source_prefix);
        listing::read(&self.planner, side, prefix, None, |pages| {
            self.pages(index, pages, sums)
        })
        .await
    }

    async fn pages(
        &self,
        index: usize,
        mut pages: Pages,
        sums: &mut Sums<'_, '_>,
    ) -> Result<bool, Failure> {
        let scan = &self.scans[index];
        let places = (&scan.source_prefix, &scan.destination_prefix);
        let sources = self.scans.iter().map(|scan| &scan.source_prefix);
        let finder = Finder::new(self.route, self.known, places, sources, self.named.clone());
        let mut beside = Beside::new(&self.route.destination, &scan.destination_prefix, None);
        let earlier = self.scans[..index].iter().map(NewScan::places);
        let mut rivals = Rivals::new(&self.route.source, places.1, earlier, None);
        while let Some(page) = pages.next().await.map_err(failure)? {
            for entry in &page.entries {
                let (mut stands, mut is_taken) = (None, false);
                if let Ok(key) = finder.destination_of(&entry.key) {
                    stands = beside.at(&self.planner, &key).await.map_err(failure)?;
                    is_taken = rivals.have(&self.planner, &key).await.map_err(failure)?;
                }
                if !sums.found(&finder, entry, stands.as_ref(), is_taken) {
                    return Ok(false);
                }
            }
        }
        sums.survey.requests.list += pages.asked() + beside.pages();
        Ok(true)
    }
}

/// What has been counted so far.
struct Sums<'a, 'b> {
    kind: JobKind,
    replaced: Replaced,
    survey: Survey,
    hear: &'a mut Hear<'b>,
}

impl Sums<'_, '_> {
    /// Counts the named objects and returns their destination keys; `None` if nobody wants to
    /// hear more.
    fn named(&mut self, planned: &Planned) -> Option<BTreeSet<Key>> {
        let mut keys = BTreeSet::new();
        for object in &planned.plan.objects {
            keys.insert(object.destination_key.clone());
            let line = Line {
                source_key: object.source_key.to_string(),
                destination_key: object.becomes().to_string(),
                size: object.size,
                parts: object.plan.parts,
                fate: fate(object.resolution, object.exists),
                why: why(object.resolution),
                is_archived: object.is_archived,
                storage_class: object.storage_class.clone(),
            };
            // The source before and after, and the copy.
            let heads = if object.plan.method == Method::Single {
                2
            } else {
                4
            };
            if !self.line(line, object.plan.method, heads) {
                return None;
            }
        }
        for problem in &planned.plan.problems {
            let line = Line {
                source_key: problem.key.clone(),
                destination_key: String::new(),
                size: 0,
                parts: 0,
                fate: Fate::Refuse,
                why: problem.failure.to_string(),
                is_archived: false,
                storage_class: None,
            };
            if !self.line(line, Method::Single, 0) {
                return None;
            }
        }
        Some(keys)
    }

    fn found(
        &mut self,
        finder: &Finder<'_>,
        entry: &ObjectEntry,
        stands: Option<&Facts>,
        is_taken: bool,
    ) -> bool {
        let transfer = finder.transfer(entry, stands, is_taken);
        let planned: Result<_, PlanError> = finder.plan(entry.size);
        let policy = finder.policy();
        let resolution = resolve(policy, &facts(entry), stands);
        let (fate, why) = match (&transfer.beginning, &planned) {
            (Beginning::Failed(failure), _) => (Fate::Refuse, failure.message.clone()),
            (_, Err(error)) => (Fate::Refuse, error.to_string()),
            (Beginning::Skipped(reason), _) => (Fate::Skip, reason.to_string()),
            (Beginning::Queued, _) => (fate(resolution, stands.is_some()), why(resolution)),
        };
        let (parts, method) = planned.map_or((0, Method::Single), |plan| (plan.parts, plan.method));
        let line = Line {
            source_key: entry.key.to_string(),
            destination_key: transfer.destination_key.to_string(),
            size: entry.size,
            parts,
            fate,
            why,
            is_archived: entry.storage_class.as_deref().is_some_and(is_archive),
            storage_class: entry.storage_class.clone(),
        };
        let looks = u64::from(policy != ConflictPolicy::Overwrite);
        let heads = match (method, transfer.pin) {
            // What it was given is looked at once more.
            (Method::Single, Some(_)) => looks + u64::from(!self.replaced.is_default()),
            (Method::Single, None) => 2 + looks,
            (Method::Multipart, _) => 4 + looks,
        };
        self.line(line, method, heads)
    }

    fn line(&mut self, line: Line, method: Method, heads: u64) -> bool {
        let survey = &mut self.survey;
        survey.objects += 1;
        match line.fate {
            Fate::Copy => {}
            Fate::Replace => survey.replaced += 1,
            Fate::KeepBoth => survey.kept_both += 1,
            Fate::Skip => survey.skipped += 1,
            Fate::Ask => survey.asked += 1,
            Fate::Refuse => survey.refused += 1,
        }
        if matches!(line.fate, Fate::Copy | Fate::Replace | Fate::KeepBoth) {
            survey.copies += 1;
            survey.bytes += line.size;
            survey.parts += u64::from(line.parts);
            let requests = &mut survey.requests;
            requests.head += heads;
            requests.get_tags += u64::from(self.replaced.tags.is_some());
            match method {
                Method::Single => requests.copy += 1,
                Method::Multipart => {
                    survey.multipart += 1;
                    requests.create += 1;
                    requests.part_copy += u64::from(line.parts);
                    requests.complete += 1;
                }
            }
            if self.kind == JobKind::Move {
                // Another look at the source comes before its end.
                requests.head += 1;
                requests.delete += 1;
            }
        }
        (self.hear)(line)
    }
}

impl PlannedObject {
    /// What would become of it, and why, where it is not simply copied.
    pub fn fate(&self) -> (Fate, String) {
        (fate(self.resolution, self.exists), why(self.resolution))
    }

    /// The key its copy would have.
    pub fn becomes(&self) -> &Key {
        self.kept_as.as_ref().unwrap_or(&self.destination_key)
    }
}

fn fate(resolution: Resolution, exists: bool) -> Fate {
    match resolution {
        Resolution::Copy if exists => Fate::Replace,
        Resolution::Copy => Fate::Copy,
        Resolution::Skip { .. } => Fate::Skip,
        Resolution::Ask { .. } => Fate::Ask,
        Resolution::KeepBoth => Fate::KeepBoth,
    }
}

fn why(resolution: Resolution) -> String {
    match resolution {
        Resolution::Skip { why } | Resolution::Ask { why } => why.to_string(),
        Resolution::Copy | Resolution::KeepBoth => String::new(),
    }
}
