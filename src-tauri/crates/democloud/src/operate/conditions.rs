//! `If-Match` and its relatives, on the addressed object and on a copy source.

use super::{Scene, unquoted};
use crate::call::Call;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::store::object::Version;
use crate::text::parse_http_date;

/// The four conditions of one request.
struct Conditions {
    matches: Option<String>,
    none_match: Option<String>,
    /// Milliseconds since 1970.
    modified_since: Option<i64>,
    unmodified_since: Option<i64>,
}

impl Conditions {
    fn read(header: impl Fn(&str) -> Option<String>) -> Self {
        let date = |name| header(name).and_then(|text| parse_http_date(&text));
        Conditions {
            matches: header("if-match"),
            none_match: header("if-none-match"),
            modified_since: date("if-modified-since"),
            unmodified_since: date("if-unmodified-since"),
        }
    }

    fn match_holds(&self, etag: &str) -> Option<bool> {
        self.matches.as_deref().map(|list| names(list, etag))
    }

    fn none_match_holds(&self, etag: &str) -> Option<bool> {
        self.none_match.as_deref().map(|list| !names(list, etag))
    }
}

fn names(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(unquoted)
        .any(|one| one == "*" || one.eq_ignore_ascii_case(etag))
}

/// A header has whole seconds, so the object's time loses its fraction too.
fn seconds(version: &Version) -> i64 {
    version.modified / 1000 * 1000
}

/// Conditions of HEAD and GET: 412, or 304 where the client has it already.
pub(super) fn on_read(call: &Call, version: &Version) -> Result<(), Refusal> {
    let conditions = Conditions::read(|name| call.header(name));
    let modified = seconds(version);
    let changed_since = |time: i64| modified > time;
    match conditions.match_holds(&version.etag) {
        Some(true) => {}
        Some(false) => return Err(Refusal::precondition_failed()),
        None => {
            if conditions.unmodified_since.is_some_and(changed_since) {
                return Err(Refusal::precondition_failed());
            }
        }
    }
    let fresh = match conditions.none_match_holds(&version.etag) {
        Some(holds) => !holds,
        None => conditions
            .modified_since
            .is_some_and(|time| !changed_since(time)),
    };
    if fresh {
        return Err(Refusal::new(304, "NotModified", "Not Modified")
            .with_header("etag", super::quoted(&version.etag)));
    }
    Ok(())
}

/// Conditions on a copy source, all failing with 412.
///
/// | pair | COS, OBS | S3 |
/// |---|---|---|
/// | match + unmodified-since | both must hold | a match that holds is enough |
/// | none-match + modified-since | both must hold | a none-match that fails is enough to refuse |
/// | any other pair | 400 | each on its own |
pub(super) fn on_source(scene: &Scene<'_>, version: &Version) -> Result<(), Refusal> {
    let (call, now) = (scene.call, scene.now);
    let mut conditions = Conditions::read(|name| call.vendor(&format!("copy-source-{name}")));
    if call.provider != Provider::S3 && mixed(&conditions) {
        return Err(Refusal::invalid_argument(
            "These copy source conditions conflict: if-match goes with if-unmodified-since, if-none-match with if-modified-since.",
        ));
    }
    if call.provider == Provider::Obs {
        conditions.modified_since = conditions.modified_since.filter(|time| *time <= now);
        conditions.unmodified_since = conditions.unmodified_since.filter(|time| *time <= now);
    }
    let modified = seconds(version);
    let meetable = !(scene.switches.part_tags_never_match && version.etag.contains('-'));
    let matched = conditions
        .match_holds(&version.etag)
        .map(|holds| holds && meetable);
    let unmodified = conditions
        .unmodified_since
        .is_none_or(|time| modified <= time);
    let enough = call.provider == Provider::S3 && matched == Some(true);
    let holds = matched != Some(false)
        && (unmodified || enough)
        && conditions.none_match_holds(&version.etag) != Some(false)
        && conditions.modified_since.is_none_or(|time| modified > time);
    if holds {
        Ok(())
    } else {
        Err(Refusal::precondition_failed())
    }
}

fn mixed(conditions: &Conditions) -> bool {
    let kept = conditions.matches.is_some() || conditions.unmodified_since.is_some();
    let changed = conditions.none_match.is_some() || conditions.modified_since.is_some();
    kept && changed
}
