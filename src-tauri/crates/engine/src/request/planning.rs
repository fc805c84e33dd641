//! The plan of a request: every source is HEADed and every destination key looked up.

use futures::StreamExt as _;
use partway_domain::{Facts, Failure, FailureKind, Key, Method, Resolution, conflict, resolve};
use partway_journal::table::scan::NewScan;
use partway_journal::table::transfer::Pin;
use partway_protocol::dialect::dialect;
use partway_protocol::op::{HeadBucket, HeadObject, Operation};

use super::mapping::{self, Mapped};
use super::prefixes;
use super::terms::refuse_terms;
use super::{CopyPlan, CopyRequest, Place, PlanProblem, PlannedObject};
use crate::call::{Answer, CallError, Listener};
use crate::capability::Known;
use crate::driver::route::{Route, Side, account};
use crate::effect::pin::{self, Ask, Wanted};
use crate::effect::{facts_of, hidden, resolve_unseen};
use crate::engine::Shared;
use crate::record::journal_failure;
use partway_protocol::time;

/// Objects asked about at once.
const AT_ONCE: usize = 16;

/// As many names beside a taken one are looked at for a plan.
const MOST_NAMES: u32 = 100;

/// A plan with everything a job needs to begin.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: CopyPlan,
    pub(crate) route: Route,
    /// In the order of `plan.objects`. Without a pin is what can only be read after a restore: it
    /// is pinned then.
    pub(crate) pinned: Vec<(Mapped, Option<Pin>)>,
    /// What is listed only when the job runs.
    pub(crate) scans: Vec<NewScan>,
}

pub(crate) struct Planner<'a>(pub(crate) &'a Shared);

impl Ask for Planner<'_> {
    async fn ask<O: Operation<Output: Send>>(
        &self,
        side: &Side,
        operation: &O,
    ) -> Result<Answer<O::Output>, CallError> {
        let region = side.region.as_deref();
        self.0
            .caller
            .call(&side.account, region, operation, &Listener::default())
            .await
    }

    fn shared(&self) -> &Shared {
        self.0
    }
}

pub(crate) async fn plan(
    shared: &Shared,
    request: &CopyRequest,
    counted: &(dyn Fn(u64) + Send + Sync),
) -> Result<Planned, Failure> {
    let planner = Planner(shared);
    let route = planner.route(request).await?;
    let scans = prefixes::scans(request, &route)?;
    let objects = prefixes::objects_apart(request, &scans);
    let known = shared.known(&route).map_err(journal_failure)?;

    let mut plan = CopyPlan {
        objects: Vec::new(),
        problems: Vec::new(),
        bytes: 0,
        parts: 0,
        write_requests: 0,
        read_requests: 0,
        fallbacks: Vec::new(),
        crosses_regions: route.source.endpoint.region != route.destination.endpoint.region,
    };
    let mut pinned = Vec::new();
    let mapped = mapping::map(request, &objects, &route);
    let mut asked = futures::stream::iter(mapped)
        .map(|mapped| async {
            match mapped {
                Ok(mapped) => match prefixes::refuse_inside(&route, &scans, &mapped) {
                    Ok(()) => planner.object(request, &route, &known, mapped).await,
                    Err(problem) => Err(problem),
                },
                Err((key, failure)) => Err(PlanProblem { key, failure }),
            }
        })
        .buffered(AT_ONCE);
    let mut count = 0;
    while let Some(object) = asked.next().await {
        count += 1;
        counted(count);
        match object {
            Ok((object, mapped, pin)) => {
                plan.bytes += object.size;
                plan.parts += u64::from(object.plan.parts);
                plan.write_requests += object.plan.write_requests();
                plan.read_requests += read_requests(&object, &known);
                // The tags of the copy are compared with those it was to have.
                plan.read_requests += u64::from(request.options.terms.replaced.tags.is_some());
                plan.objects.push(object);
                pinned.push((mapped, pin));
            }
            Err(problem) => plan.problems.push(problem),
        }
    }
    drop(asked);
    let pins: Vec<&Pin> = pinned.iter().filter_map(|(_, pin)| pin.as_ref()).collect();
    plan.fallbacks = shared
        .known(&route)
        .map_err(journal_failure)?
        .fallbacks(&route, &pins);
    Ok(Planned {
        plan,
        route,
        pinned,
        scans,
    })
}

/// HEADs of the source before and after, and of the result.
fn read_requests(object: &PlannedObject, known: &Known) -> u64 {
    match object.plan.method {
        Method::Single if known.conditions_useless(Method::Single).is_some() => 3,
        Method::Single => 2,
        Method::Multipart => 3,
    }
}

impl Planner<'_> {
    /// Both sides of a request, found to be possible at all.
    pub(crate) async fn route(&self, request: &CopyRequest) -> Result<Route, Failure> {
        let (source, destination) =
            futures::join!(self.side(&request.source), self.side(&request.destination));
        let (source, destination) = (source?, destination?);
        let route = Route {
            dialect: dialect(destination.account.dialect),
            source,
            destination,
            kind: request.kind,
            in_bulk: !request.selection.prefixes.is_empty(),
            options: request.options.clone(),
        };
        mapping::refuse_route(&route)?;
        refuse_terms(self.0, &route)?;
        Ok(route)
    }

    /// A place as a side of a route; asks the bucket where it is.
    pub(crate) async fn side(&self, place: &Place) -> Result<Side, Failure> {
        let account = account(self.0.record.journal(), &place.account)?;
        let side = Side::new(account, place.bucket.clone(), place.region.clone())?;
        let operation = HeadBucket {
            bucket: place.bucket.clone(),
        };
        match self.ask(&side, &operation).await {
            Ok(answer) => match answer.output.region {
                Some(region) if region != side.endpoint.region => {
                    Side::new(side.account, side.bucket, Some(region))
                }
                _ => Ok(side),
            },
            // Keys that may only touch objects may not HEAD their bucket: the objects tell.
            Err(error) => match failure(error) {
                failure
                    if matches!(
                        failure.kind,
                        FailureKind::AccessDenied | FailureKind::NotSupported
                    ) =>
                {
                    match self.0.caller.found_region(&side.home, &side.bucket) {
                        Some(region) => Side::new(side.account, side.bucket, Some(region)),
                        None => Ok(side),
                    }
                }
                failure => Err(failure),
            },
        }
    }

    async fn object(
        &self,
        request: &CopyRequest,
        route: &Route,
        known: &Known,
        mapped: Mapped,
    ) -> Result<(PlannedObject, Mapped, Option<Pin>), PlanProblem> {
        let key = &mapped.object.key;
        let problem = |failure| PlanProblem {
            key: key.to_string(),
            failure,
        };
        let in_place = route.is_in_place(key, &mapped.destination_key);
        let wanted = Wanted {
            key,
            version: mapped.object.version.as_ref(),
            in_place,
        };
        // Beside each other: far away each of them is a fifth of a second.
        let (source, stands) = futures::join!(
            pin::look(self, route, known, &request.options, wanted),
            self.stands(route, &mapped.destination_key)
        );
        let (answer, archived, storage_class) = source.map_err(|error| problem(failure(error)))?;
        let pin = answer.output;
        let stands = stands.map_err(problem)?;
        let exists = stands.is_some();
        // An older version put onto its own key replaces another.
        let changes_itself = in_place && mapped.object.version.is_none();
        if exists && request.refuse_existing && !changes_itself {
            let destination = mapped.destination_key.as_str();
            return Err(problem(Failure {
                bucket: Some(route.destination.bucket.to_string()),
                key: Some(destination.to_owned()),
                ..Failure::local(
                    FailureKind::DestinationConflict,
                    format!(
                        "{destination:?} exists in {}: allow replacing it, or choose another destination or name",
                        route.destination.bucket
                    ),
                )
            }));
        }
        let object = PlannedObject {
            source_key: key.clone(),
            destination_key: mapped.destination_key.clone(),
            kept_as: None,
            size: pin.size,
            storage_class,
            plan: pin.plan,
            exists,
            resolution: match stands {
                Some(None) => resolve_unseen(request.options.on_conflict),
                Some(Some(facts)) => {
                    let policy = request.options.on_conflict;
                    resolve(policy, &facts_of(&pin), Some(&facts))
                }
                None => Resolution::Copy,
            },
            not_carried: pin.not_carried.clone(),
            is_archived: archived.is_some(),
        };
        Ok((object, mapped, archived.is_none().then_some(pin)))
    }

    /// Looks for the names beside what stands there, for a plan that is shown. The job looks for
    /// itself when it comes to them.
    pub(crate) async fn name_beside(&self, planned: &mut Planned) -> Result<(), Failure> {
        for object in &mut planned.plan.objects {
            if object.resolution == Resolution::KeepBoth {
                object.kept_as = self
                    .free_beside(&planned.route, &object.destination_key)
                    .await?;
            }
        }
        Ok(())
    }

    /// `None` where none of the first names is free: the copy itself says so.
    async fn free_beside(&self, route: &Route, taken: &Key) -> Result<Option<Key>, Failure> {
        for n in 2..MOST_NAMES {
            let Ok(name) = conflict::beside(taken, n) else {
                return Ok(None);
            };
            if self.stands(route, &name).await?.is_none() {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// What stands at the destination: nothing, or an object of which nothing or all is shown.
    async fn stands(&self, route: &Route, key: &Key) -> Result<Option<Option<Facts>>, Failure> {
        let operation = HeadObject {
            bucket: route.destination.bucket.clone(),
            key: key.clone(),
            version: None,
            customer_key: self.0.keys.of_copies(&route.options.terms)?,
        };
        let with_key = operation.customer_key.is_some();
        match self.ask(&route.destination, &operation).await {
            Ok(answer) => Ok(Some(Some(Facts {
                size: answer.output.size,
                etag: Some(answer.output.etag),
                modified_ms: time::parse_ms(&answer.output.last_modified),
            }))),
            Err(error) => match failure(error) {
                failure if failure.kind == FailureKind::NoSuchSource => Ok(None),
                failure if hidden::may_hide(&failure, with_key) => {
                    let side = &route.destination;
                    let stands = hidden::stands(self, side, key, failure).await;
                    stands.map_err(self::failure)?;
                    Ok(Some(None))
                }
                failure => Err(failure),
            },
        }
    }
}

pub(crate) fn failure(error: CallError) -> Failure {
    match error {
        CallError::Failed { failure, .. } => *failure,
        CallError::Held | CallError::LookAgain { .. } => {
            Failure::local(FailureKind::Network, "the request was held back")
        }
    }
}
