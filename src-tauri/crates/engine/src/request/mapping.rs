//! From a request to destination keys, and what is wrong with it before anything is sent.
//! Pure.

use std::collections::HashSet;

use partway_domain::planted::{self, Bug};
use partway_domain::{Failure, FailureKind, Key, Prefix};

use super::{CopyRequest, ObjectRef};
use crate::driver::route::{Route, Side, same_provider};

/// An object with the key it will have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapped {
    pub(crate) object: ObjectRef,
    pub(crate) destination_key: Key,
}

/// Why nothing of the request is possible, if so.
pub(crate) fn refuse_route(route: &Route) -> Result<(), Failure> {
    let (source, destination) = (&route.source, &route.destination);
    let refusal = |why: String| {
        Err(Failure {
            bucket: Some(destination.bucket.to_string()),
            ..Failure::local(FailureKind::NotSupported, why)
        })
    };
    if !same_provider(source.account.dialect, destination.account.dialect) {
        return refusal(format!(
            "a copy from {} to {} is not possible server-side: they belong to different providers; choose a destination of the same provider",
            place(source),
            place(destination)
        ));
    }
    if !same_service(source, destination) {
        return refusal(format!(
            "a copy from {} to {} is not possible server-side: they are different services of their own; choose a destination at {}",
            place(source),
            place(destination),
            source.endpoint.host
        ));
    }
    let obs = source.account.dialect.url_scheme() == "obs";
    if obs && source.endpoint.region != destination.endpoint.region {
        return refusal(format!(
            "Huawei OBS copies within one region only: {} is in {}, {} in {}; choose a destination in {}",
            source.bucket,
            source.endpoint.region,
            destination.bucket,
            destination.endpoint.region,
            source.endpoint.region
        ));
    }
    Ok(())
}

/// Where each object goes, or why it cannot.
pub(crate) fn map(
    request: &CopyRequest,
    objects: &[ObjectRef],
    route: &Route,
) -> Vec<Result<Mapped, (String, Failure)>> {
    let mut taken = HashSet::new();
    objects
        .iter()
        .map(|object| {
            map_one(request, route, object, &mut taken).map_err(|mut failure| {
                failure
                    .bucket
                    .get_or_insert_with(|| route.destination.bucket.to_string());
                failure.key.get_or_insert_with(|| object.key.to_string());
                (object.key.to_string(), failure)
            })
        })
        .collect()
}

fn map_one(
    request: &CopyRequest,
    route: &Route,
    object: &ObjectRef,
    taken: &mut HashSet<Key>,
) -> Result<Mapped, Failure> {
    let destination = &route.destination;
    let name = relative_name(&request.source.prefix, object);
    let tidy = planted::is(Bug::TidyKeys).then(|| name.replace("//", "/"));
    let name = tidy.as_deref().unwrap_or(name);
    let impossible = |why: String| Failure::local(FailureKind::Invalid, why);
    let key = request.destination.prefix.join(name).map_err(|error| {
        impossible(format!(
            "{:?} cannot be copied to {:?}: {error}; choose a shorter destination",
            object.key.as_str(),
            request.destination.prefix.as_str()
        ))
    })?;
    check_key(route, &object.key, &key)?;
    if !taken.insert(key.clone()) {
        return Err(impossible(format!(
            "two of the selected objects would become {:?} in {}: copy one of them under another name",
            key.as_str(),
            destination.bucket
        )));
    }
    Ok(Mapped {
        object: object.clone(),
        destination_key: key,
    })
}

/// Whether a source may become this key of the destination at all.
pub(crate) fn check_key(route: &Route, source: &Key, key: &Key) -> Result<(), Failure> {
    let destination = &route.destination;
    let impossible = |why: String| Failure::local(FailureKind::Invalid, why);
    let most = route.dialect.limits().max_key_bytes;
    if key.as_str().len() > most {
        return Err(impossible(format!(
            "the key {:?} has {} bytes; {} takes at most {most}: choose a shorter destination",
            key.as_str(),
            key.as_str().len(),
            route.dialect.provider()
        )));
    }
    destination
        .endpoint
        .object(route.dialect, &destination.bucket, key)
        .map_err(|error| impossible(error.to_string()))?;
    let changes = route.asks_for_a_change() && !route.moves();
    if route.is_in_place(source, key) && !changes {
        return Err(impossible(format!(
            "{:?} in {} would be copied onto itself: choose another destination or another name, or another class or encryption for it",
            key.as_str(),
            destination.bucket
        )));
    }
    Ok(())
}

/// What follows the destination prefix.
fn relative_name<'a>(shown_under: &Prefix, object: &'a ObjectRef) -> &'a str {
    if let Some(name) = &object.rename {
        return name;
    }
    match object.key.as_str().strip_prefix(shown_under.as_str()) {
        Some(rest) if !rest.is_empty() => rest,
        _ => object.key.base_name(),
    }
}

fn place(side: &Side) -> String {
    format!("{} ({})", side.bucket, side.account.name)
}

/// Endpoints of one service differ by nothing but their region.
fn same_service(source: &Side, destination: &Side) -> bool {
    if source.account.dialect.url_scheme() == "cos" {
        // The source is named by its own host in every request.
        return true;
    }
    let there = source.endpoint.in_region(&destination.endpoint.region);
    let entered = source.home.in_entered_region(&destination.home.region);
    source.home.host == destination.home.host
        || there.host == destination.endpoint.host
        || entered.host == destination.home.host
}

#[cfg(test)]
pub(crate) mod tests;
