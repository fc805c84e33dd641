//! The prefixes of a selection: where each goes, and what is wrong with it before anything is
//! listed. Pure.

use partway_domain::{Failure, FailureKind, Prefix};
use partway_journal::table::scan::NewScan;

use super::mapping::Mapped;
use super::{CopyRequest, ObjectRef, PlanProblem, PrefixRef};
use crate::driver::route::Route;

/// Where the prefixes of a request go; one that lies within another goes with that one.
///
/// Refused is what would write where it reads: `a/` into `a/b/` would find its own copies as
/// long as it lists, and copy them too. What only single keys of a prefix would do is left to
/// the listing.
pub(crate) fn scans(request: &CopyRequest, route: &Route) -> Result<Vec<NewScan>, Failure> {
    let mut scans: Vec<NewScan> = Vec::new();
    for prefix in &request.selection.prefixes {
        let scan = scan(request, prefix)?;
        if scans.iter().any(|other| covers(other, &scan)) {
            continue;
        }
        scans.retain(|other| !covers(&scan, other));
        scans.push(scan);
    }
    for scan in &scans {
        let (from, to) = scan.places();
        let into = scans
            .iter()
            .find(|other| to.as_str().starts_with(other.source_prefix.as_str()));
        if let Some(into) = into
            && route.source.is_same_bucket(&route.destination)
        {
            return Err(refusal(
                route,
                format!(
                    "{:?} would be copied into {:?}, which is copied itself, without an end: choose a destination outside of it",
                    from.as_str(),
                    into.source_prefix.as_str()
                ),
            ));
        }
    }
    Ok(scans)
}

/// The named objects that no prefix brings along anyway.
pub(crate) fn objects_apart(request: &CopyRequest, scans: &[NewScan]) -> Vec<ObjectRef> {
    let comes_along = |object: &&ObjectRef| {
        object.version.is_none()
            && object.rename.is_none()
            && scans
                .iter()
                .any(|scan| object.key.as_str().starts_with(scan.source_prefix.as_str()))
    };
    let objects = &request.selection.objects;
    objects
        .iter()
        .filter(|object| !comes_along(object))
        .cloned()
        .collect()
}

/// Refuses a named object whose copy a listing of the same job would find.
pub(crate) fn refuse_inside(
    route: &Route,
    scans: &[NewScan],
    mapped: &Mapped,
) -> Result<(), PlanProblem> {
    let key = mapped.destination_key.as_str();
    let inside = scans
        .iter()
        .find(|scan| key.starts_with(scan.source_prefix.as_str()));
    match inside {
        Some(scan) if route.source.is_same_bucket(&route.destination) => Err(PlanProblem {
            key: mapped.object.key.to_string(),
            failure: refusal(
                route,
                format!(
                    "{key:?} would be written into {:?}, which is copied itself: choose a destination outside of it",
                    scan.source_prefix.as_str()
                ),
            ),
        }),
        _ => Ok(()),
    }
}

fn scan(request: &CopyRequest, selected: &PrefixRef) -> Result<NewScan, Failure> {
    let prefix = &selected.prefix;
    let name = match &selected.rename {
        Some(name) => name.as_str(),
        None => relative_name(&request.source.prefix, prefix),
    };
    let to = format!("{}{name}", request.destination.prefix.as_str());
    let destination_prefix = Prefix::parse(to).map_err(|error| {
        Failure::local(
            FailureKind::Invalid,
            format!(
                "{:?} cannot be copied to {:?}: {error}; choose a shorter destination",
                prefix.as_str(),
                request.destination.prefix.as_str()
            ),
        )
    })?;
    Ok(NewScan {
        source_prefix: prefix.clone(),
        destination_prefix,
    })
}

/// What follows the prefix it was shown under, or the name of the last folder.
fn relative_name<'a>(shown_under: &Prefix, prefix: &'a Prefix) -> &'a str {
    let text = prefix.as_str();
    if let Some(rest) = text.strip_prefix(shown_under.as_str()) {
        return rest;
    }
    let body = text.strip_suffix('/').unwrap_or(text);
    &text[body.rfind('/').map_or(0, |slash| slash + 1)..]
}

/// Everything of `inner` comes with `outer`, and to the same keys.
fn covers(outer: &NewScan, inner: &NewScan) -> bool {
    let rest = |outer: &Prefix, inner: &Prefix| {
        let rest = inner.as_str().strip_prefix(outer.as_str());
        rest.map(str::to_owned)
    };
    let read = rest(&outer.source_prefix, &inner.source_prefix);
    read.is_some() && read == rest(&outer.destination_prefix, &inner.destination_prefix)
}

fn refusal(route: &Route, why: String) -> Failure {
    Failure {
        bucket: Some(route.destination.bucket.to_string()),
        ..Failure::local(FailureKind::Invalid, why)
    }
}

#[cfg(test)]
mod tests;
