//! What copies are to be given, looked at before anything starts.

use partway_domain::{Capability, DialectName, Failure, FailureKind, Key};
use partway_protocol::op::{Attributes, CreateMultipartUpload, Operation as _, Target};

use crate::call::request_failure;
use crate::driver::route::Route;
use crate::effect::replaced::replace;
use crate::engine::Shared;
use crate::record::journal_failure;

/// Refuses terms the provider does not have before anything starts, in the words with which
/// the first request would be refused. None is named: nothing was sent, and which it would
/// have been depends on the object's size.
pub(super) fn refuse_terms(shared: &Shared, route: &Route) -> Result<(), Failure> {
    let side = &route.destination;
    let terms = &route.options.terms;
    let invalid = |why: String| Failure::local(FailureKind::Invalid, why);
    let checked = terms.replaced.check();
    checked.map_err(|unfit| invalid(unfit.to_string()))?;
    refuse_tags(shared, route)?;
    let mut attributes = Attributes::default();
    replace(&mut attributes, &terms.replaced);
    let sample = CreateMultipartUpload {
        bucket: side.bucket.clone(),
        key: Key::parse("key").map_err(|error| invalid(error.to_string()))?,
        attributes,
        checksum: false,
        terms: shared.keys.terms(terms)?,
    };
    let target = Target {
        dialect: route.dialect,
        endpoint: &side.endpoint,
    };
    shared.keys.of_source(terms)?;
    let built = sample.request(target);
    built.map_or_else(|error| Err(request_failure("", &error)), |_| Ok(()))
}

/// Tags that were asked for by name are not left out in silence, as the source's are where a
/// server has none.
fn refuse_tags(shared: &Shared, route: &Route) -> Result<(), Failure> {
    let asked = route.options.terms.replaced.tags.as_deref();
    let Some(tags) = asked.filter(|tags| !tags.is_empty()) else {
        return Ok(());
    };
    if matches!(route.dialect.name(), DialectName::Obs | DialectName::ObsV2) {
        obs_takes(tags)?;
    }
    let known = shared.known(route).map_err(journal_failure)?;
    let Some(lack) = known.destination.absence(Capability::Tagging) else {
        return Ok(());
    };
    Err(Failure {
        bucket: Some(route.destination.bucket.to_string()),
        ..Failure::local(
            FailureKind::NotSupported,
            format!(
                "the copies cannot be given tags: the server has none ({}); copy without them",
                lack.evidence
            ),
        )
    })
}

/// OBS is stricter with tags than the others ("Configuring Object Tags"): shorter, and without some
/// characters.
fn obs_takes(tags: &[(String, String)]) -> Result<(), Failure> {
    const FORBIDDEN: [char; 8] = [',', '/', '|', '<', '>', '=', '*', '\\'];
    const LONGEST: (usize, usize) = (36, 43);
    let refuse = |name: &str, why: String| {
        Err(Failure::local(
            FailureKind::Invalid,
            format!("Huawei OBS does not take the tag {name:?}: {why}"),
        ))
    };
    for (name, value) in tags {
        if name.chars().count() > LONGEST.0 || value.chars().count() > LONGEST.1 {
            let (of_name, of_value) = LONGEST;
            let why = format!(
                "its name has at most {of_name} characters there, its value {of_value}; shorten it"
            );
            return refuse(name, why);
        }
        if name
            .chars()
            .chain(value.chars())
            .any(|c| FORBIDDEN.contains(&c))
        {
            return refuse(name, "it has none of , / | < > = * \\ there".to_owned());
        }
    }
    Ok(())
}
