//! The plan of a request: every source is HEADed and every destination key looked up.

use futures::StreamExt as _;
use partway_domain::{Failure, FailureKind, Key, Method};
use partway_journal::table::transfer::Pin;
use partway_protocol::dialect::dialect;
use partway_protocol::op::{
    Attributes, CreateMultipartUpload, HeadBucket, HeadObject, Operation, Target,
};

use super::mapping::{self, Mapped};
use super::{CopyPlan, CopyRequest, Place, PlanProblem, PlannedObject};
use crate::call::{Answer, CallError, Listener, request_failure};
use crate::capability::Known;
use crate::driver::route::{Route, Side, account};
use crate::effect::pin::{self, Ask};
use crate::engine::Shared;
use crate::record::journal_failure;

/// Objects asked about at once.
const AT_ONCE: usize = 16;

/// A plan with everything a job needs to begin.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: CopyPlan,
    pub(crate) route: Route,
    /// In the order of `plan.objects`.
    pub(crate) pinned: Vec<(Mapped, Pin)>,
}

struct Planner<'a>(&'a Shared);

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
    let source = planner.side(&request.source).await?;
    let destination = planner.side(&request.destination).await?;
    let route = Route {
        dialect: dialect(destination.account.dialect),
        source,
        destination,
        options: request.options.clone(),
    };
    mapping::refuse_route(&route)?;
    refuse_terms(shared, &route)?;
    let known = shared.known(&route).map_err(journal_failure)?;

    let mut plan = CopyPlan {
        objects: Vec::new(),
        problems: Vec::new(),
        bytes: 0,
        parts: 0,
        write_requests: 0,
        read_requests: 0,
        fallbacks: Vec::new(),
    };
    let mut pinned = Vec::new();
    let mapped = mapping::map(request, &route);
    let mut asked = futures::stream::iter(mapped)
        .map(|mapped| async {
            match mapped {
                Ok(mapped) => planner.object(request, &route, &known, mapped).await,
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
                plan.read_requests += read_requests(&pin, &known);
                plan.objects.push(object);
                pinned.push((mapped, pin));
            }
            Err(problem) => plan.problems.push(problem),
        }
    }
    drop(asked);
    let pins: Vec<&Pin> = pinned.iter().map(|(_, pin)| pin).collect();
    plan.fallbacks = shared
        .known(&route)
        .map_err(journal_failure)?
        .fallbacks(&route, &pins);
    Ok(Planned {
        plan,
        route,
        pinned,
    })
}

/// HEADs of the source before and after, and of the result.
fn read_requests(pin: &Pin, known: &Known) -> u64 {
    match pin.plan.method {
        Method::Single if known.conditions_useless(Method::Single).is_some() => 3,
        Method::Single => 2,
        Method::Multipart => 3,
    }
}

impl Planner<'_> {
    /// A place as a side of a route; asks the bucket where it is.
    async fn side(&self, place: &Place) -> Result<Side, Failure> {
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
    ) -> Result<(PlannedObject, Mapped, Pin), PlanProblem> {
        let key = &mapped.object.key;
        let problem = |failure| PlanProblem {
            key: key.to_string(),
            failure,
        };
        let version = mapped.object.version.as_ref();
        let pin = pin::take(self, route, known, &request.options, key, version)
            .await
            .map_err(|error| problem(failure(error)))?
            .output;
        let exists = self.exists(route, &mapped).await.map_err(problem)?;
        if exists && !request.overwrite {
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
            size: pin.size,
            plan: pin.plan,
            exists,
            not_carried: pin.not_carried.clone(),
        };
        Ok((object, mapped, pin))
    }

    async fn exists(&self, route: &Route, mapped: &Mapped) -> Result<bool, Failure> {
        let operation = HeadObject {
            bucket: route.destination.bucket.clone(),
            key: mapped.destination_key.clone(),
            version: None,
            customer_key: self.0.keys.of_copies(&route.options.terms)?,
        };
        match self.ask(&route.destination, &operation).await {
            Ok(_) => Ok(true),
            Err(error) => match failure(error) {
                failure if failure.kind == FailureKind::NoSuchSource => Ok(false),
                // An object that is encrypted with a key we were not given, but there.
                failure if pin::wants_a_key(&failure) => Ok(true),
                failure => Err(failure),
            },
        }
    }
}

/// Refuses terms the provider does not have before anything starts, in the words with which
/// the first request would be refused. None is named: nothing was sent, and which it would
/// have been depends on the object's size.
fn refuse_terms(shared: &Shared, route: &Route) -> Result<(), Failure> {
    let side = &route.destination;
    let sample = CreateMultipartUpload {
        bucket: side.bucket.clone(),
        key: Key::parse("key")
            .map_err(|error| Failure::local(FailureKind::Invalid, error.to_string()))?,
        attributes: Attributes::default(),
        checksum: false,
        terms: shared.keys.terms(&route.options.terms)?,
    };
    let target = Target {
        dialect: route.dialect,
        endpoint: &side.endpoint,
    };
    shared.keys.of_source(&route.options.terms)?;
    let built = sample.request(target);
    built.map_or_else(|error| Err(request_failure("", &error)), |_| Ok(()))
}

pub(crate) fn failure(error: CallError) -> Failure {
    match error {
        CallError::Failed { failure, .. } => *failure,
        CallError::Held => Failure::local(FailureKind::Network, "the request was held back"),
    }
}
