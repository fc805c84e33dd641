//! Planning and starting copies.

use partway_domain::limits::{GIB, Limits, MIB};
use partway_domain::{
    Account, AccountId, Bucket, Capability, DialectName, Key, Method, NameError, PartSizeBy,
    Prefix, VersionId,
};
use partway_engine as engine;
use partway_protocol::dialect::dialect;

use crate::api::Api;
use crate::contract::{
    ConflictPolicy, CopyOptions, CopyPlan, CopyRequest, Fallback, JobKind, JobStarted, PartsAtOnce,
    Place, PlanProblem, PlannedObject,
};
use crate::error::ApiError;

mod classes;
mod dry_run;
mod survey;
mod terms;

pub(crate) use dry_run::DryRuns;
pub(crate) use terms::properties;

/// As many objects of a plan are named one by one.
const NAMED_OBJECTS: usize = 200;

impl Api {
    /// What a copy would do: objects, parts, requests, and what stands in its way. Nothing is
    /// written anywhere.
    pub async fn plan_copy(&self, request: CopyRequest) -> Result<CopyPlan, ApiError> {
        self.account(&request.source.account).await?;
        let destination = self.account(&request.destination.account).await?;
        let (request, refused) = parse(request)?;
        if !request.selection.prefixes.is_empty() {
            return self.sample(&request, refused, &destination).await;
        }
        let plan = self.engine().plan(&request, &|_| {}).await?;
        let at_once = self.parts_at_once(&request, &destination)?;
        Ok(shown(
            plan,
            refused,
            &request.options,
            (destination.dialect, at_once),
        ))
    }

    fn parts_at_once(
        &self,
        request: &engine::CopyRequest,
        destination: &Account,
    ) -> Result<PartsAtOnce, ApiError> {
        let bucket = &request.destination.bucket;
        let search = self.engine().parts_at_once(destination, bucket)?;
        Ok(PartsAtOnce {
            begins: search.at_once(),
            most: search.most(),
            found: !search.searches(),
        })
    }

    /// Plans again, records the job and starts it.
    pub async fn start_copy(&self, request: CopyRequest) -> Result<JobStarted, ApiError> {
        self.account(&request.source.account).await?;
        self.account(&request.destination.account).await?;
        let (request, refused) = parse(request)?;
        if let Some(problem) = refused.into_iter().next() {
            return Err(problem.error);
        }
        let job = self.engine().start(&request).await?;
        Ok(JobStarted {
            job: crate::view::number(job.0),
        })
    }
}

/// The request in the engine's words, and the keys no server could hold.
fn parse(request: CopyRequest) -> Result<(engine::CopyRequest, Vec<PlanProblem>), ApiError> {
    let prefixes = request.prefixes.unwrap_or_default();
    let named = request.named.unwrap_or_default();
    let selected = request.keys.len() + prefixes.len() + named.len();
    if selected == 0 {
        return Err(ApiError::input("keys", "nothing is selected to be copied"));
    }
    if request.rename.is_some() && selected != 1 {
        return Err(ApiError::input(
            "rename",
            "a new name can only be given to a single object or folder; copy several under their own names",
        ));
    }
    let bucket = request.source.bucket.clone();
    let mut objects = Vec::with_capacity(request.keys.len());
    let mut refused = Vec::new();
    let (whole, single): (Vec<_>, Vec<_>) = named.into_iter().partition(|one| one.whole_prefix);
    let keys = request.keys.into_iter();
    let keys = keys.map(|key| (key, None, request.rename.clone()));
    let single = single.into_iter();
    let single = single.map(|one| (one.key, one.version, Some(one.name)));
    for (key, version, rename) in keys.chain(single) {
        match Key::parse(key.clone()) {
            Ok(key) => objects.push(engine::ObjectRef {
                key,
                version: version.map(version_id).transpose()?,
                rename,
            }),
            Err(error) => refused.push(PlanProblem {
                error: bad_name("keys", &error)
                    .about_bucket(&bucket)
                    .about_key(&key),
                key,
            }),
        }
    }
    let rename = request.rename.as_deref().map(folder_named);
    let prefixes = prefixes.into_iter().map(|prefix| (prefix, rename.clone()));
    let whole = whole.into_iter().map(|one| (one.key, Some(one.name)));
    let prefixes = prefixes
        .chain(whole)
        .map(|(prefix, rename)| {
            Ok(engine::PrefixRef {
                prefix: Prefix::parse(prefix).map_err(|error| bad_name("prefixes", &error))?,
                rename,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    let mut options = options(request.options)?;
    options.on_conflict = match (request.on_conflict, request.overwrite) {
        (Some(policy), _) => policy.into(),
        (None, true) => partway_domain::ConflictPolicy::Overwrite,
        (None, false) => partway_domain::ConflictPolicy::Ask,
    };
    let request = engine::CopyRequest {
        kind: request.kind.unwrap_or(JobKind::Copy).into(),
        source: place(request.source)?,
        selection: engine::CopySelection { objects, prefixes },
        destination: place(request.destination)?,
        options,
        refuse_existing: request.on_conflict.is_none() && !request.overwrite,
    };
    Ok((request, refused))
}

/// The name of a folder: with the delimiter that ends it.
fn folder_named(name: &str) -> String {
    format!("{}/", name.strip_suffix('/').unwrap_or(name))
}

impl From<ConflictPolicy> for partway_domain::ConflictPolicy {
    fn from(policy: ConflictPolicy) -> Self {
        match policy {
            ConflictPolicy::Ask => Self::Ask,
            ConflictPolicy::Skip => Self::Skip,
            ConflictPolicy::Overwrite => Self::Overwrite,
            ConflictPolicy::IfNewer => Self::IfNewer,
            ConflictPolicy::IfDifferent => Self::IfDifferent,
            ConflictPolicy::KeepBoth => Self::KeepBoth,
        }
    }
}

impl From<JobKind> for partway_domain::JobKind {
    fn from(kind: JobKind) -> Self {
        match kind {
            JobKind::Copy => Self::Copy,
            JobKind::Move => Self::Move,
        }
    }
}

/// A place in the engine's words.
pub(crate) fn place(place: Place) -> Result<engine::Place, ApiError> {
    Ok(engine::Place {
        account: AccountId(place.account),
        bucket: Bucket::parse(place.bucket).map_err(|error| bad_name("bucket", &error))?,
        region: place.region.filter(|region| !region.is_empty()),
        prefix: Prefix::parse(place.prefix).map_err(|error| bad_name("prefix", &error))?,
    })
}

/// A version in the engine's words.
pub(crate) fn version_id(version: String) -> Result<VersionId, ApiError> {
    VersionId::parse(version).map_err(|error| bad_name("version", &error))
}

pub(crate) fn bad_name(field: &str, error: &NameError) -> ApiError {
    ApiError::input(field, error.to_string())
}

fn options(options: CopyOptions) -> Result<partway_domain::CopyOptions, ApiError> {
    let part_size = match options.part_size {
        None => None,
        Some(bytes) => Some(whole_bytes(bytes).ok_or_else(|| {
            ApiError::input(
                "part_size",
                format!("{bytes} is not a part size; use a whole number of bytes above 0"),
            )
        })?),
    };
    let (priority, schedule) = crate::queue::timing(options.timing)?;
    Ok(partway_domain::CopyOptions {
        part_size,
        transfers_at_once: options.transfers_at_once.max(1),
        parts_at_once: options.parts_at_once,
        storage_class: options.storage_class.filter(|class| !class.is_empty()),
        terms: terms::parse(options.terms)?,
        priority,
        schedule,
        ..partway_domain::CopyOptions::default()
    })
}

/// JSON knows only one kind of number; sizes are whole and exact up to 2^53.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a whole number within range"
)]
fn whole_bytes(bytes: f64) -> Option<u64> {
    let exact = (1.0..=9_007_199_254_740_992.0).contains(&bytes) && bytes.fract() == 0.0;
    exact.then_some(bytes as u64)
}

fn shown(
    plan: engine::CopyPlan,
    refused: Vec<PlanProblem>,
    options: &partway_domain::CopyOptions,
    (name, parts_at_once): (DialectName, PartsAtOnce),
) -> CopyPlan {
    let limits = dialect(name).limits();
    let mut classes = classes::Classes::default();
    for object in &plan.objects {
        let class = object.storage_class.as_deref();
        classes.count(class, options.storage_class.as_deref(), object.size);
    }
    let given = options.terms.replaced.to_string();
    let lacks_parts = plan
        .fallbacks
        .iter()
        .any(|fallback| fallback.capability == Capability::PartCopy);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let largest = plan.objects.iter().map(|object| object.size).max();
    let multipart =
        |object: &&engine::request::PlannedObject| object.plan.method == Method::Multipart;
    let problems = plan.problems.into_iter().map(|problem| PlanProblem {
        key: problem.key,
        error: problem.failure.into(),
    });
    CopyPlan {
        objects: count(plan.objects.len()),
        bytes: plan.bytes as f64,
        parts: u32::try_from(plan.parts).unwrap_or(u32::MAX),
        multipart_objects: count(plan.objects.iter().filter(multipart).count()),
        write_requests: u32::try_from(plan.write_requests).unwrap_or(u32::MAX),
        read_requests: u32::try_from(plan.read_requests).unwrap_or(u32::MAX),
        more: false,
        existing: count(plan.objects.iter().filter(|object| object.exists).count()),
        part_sizes: if lacks_parts {
            Vec::new()
        } else {
            part_sizes(largest.unwrap_or(0), &limits)
        },
        part_size_by: part_size_by(largest.unwrap_or(0), options.part_size, &limits),
        parts_at_once,
        fallbacks: plan.fallbacks.into_iter().map(fallback).collect(),
        given: given.lines().map(str::to_owned).collect(),
        classes: classes.costly(name),
        crosses_regions: plan.crosses_regions,
        items: plan
            .objects
            .into_iter()
            .take(NAMED_OBJECTS)
            .map(planned)
            .collect(),
        problems: refused.into_iter().chain(problems).collect(),
    }
}

fn fallback(fallback: engine::Fallback) -> Fallback {
    Fallback {
        capability: fallback.capability.as_str().to_owned(),
        bucket: fallback.bucket.as_str().to_owned(),
        message: engine::Fallback::instead(fallback.capability).to_owned(),
        evidence: fallback.learned.evidence,
    }
}

fn planned(object: engine::request::PlannedObject) -> PlannedObject {
    let (fate, why) = object.fate();
    PlannedObject {
        fate: dry_run::word(fate).to_owned(),
        why,
        source_key: object.source_key.as_str().to_owned(),
        destination_key: object.becomes().as_str().to_owned(),
        size: object.size as f64,
        parts: object.plan.parts,
        part_size: object.plan.part_size as f64,
        multipart: object.plan.method == Method::Multipart,
        exists: object.exists,
        not_carried: object.not_carried,
        is_archived: object.is_archived,
    }
}

/// A stable word for why the largest object's parts have their size.
fn part_size_by(largest: u64, wished: Option<u64>, limits: &Limits) -> String {
    match partway_domain::part_size_by(largest, wished, limits) {
        PartSizeBy::Wish => "wish",
        PartSizeBy::Least => "least",
        PartSizeBy::FewParts => "few_parts",
        PartSizeBy::PartLimit => "part_limit",
    }
    .to_owned()
}

/// Part sizes the slider stops at: powers of two, and the largest the provider takes.
fn part_sizes(largest: u64, limits: &Limits) -> Vec<f64> {
    let powers = (0..)
        .map(|step| (8 * MIB) << step)
        .take_while(|&size| size <= 4 * GIB);
    powers
        .chain([limits.max_part])
        .filter(|&size| partway_domain::plan(largest, Some(size), limits).is_ok())
        .map(|size| size as f64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_numbers_of_bytes() {
        assert_eq!(whole_bytes(1_048_576.0), Some(1 << 20));
        for wrong in [0.0, -1.0, 0.5, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(whole_bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_slider_stops_only_where_a_plan_is_possible() {
        let limits = dialect(partway_domain::DialectName::S3).limits();
        let sizes = part_sizes(1 << 40, &limits);
        assert_eq!(
            sizes.first(),
            Some(&((128 * MIB) as f64)),
            "64 MiB needs 16,384 parts"
        );
        assert_eq!(sizes.last(), Some(&((5 * GIB) as f64)));
    }
}
