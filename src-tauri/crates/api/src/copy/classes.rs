//! What storage classes cost beyond requests, as the vendors' price pages have it: a minimum time
//! each copy is billed for, and a price on every byte that is read out of a cooler class.

use std::collections::BTreeMap;

use partway_domain::DialectName;

use crate::contract::PlanClass;

/// The class of objects for which none is named.
const STANDARD: &str = "STANDARD";

/// Counts a plan's objects by the class they have and the one their copies get.
#[derive(Debug, Default)]
pub(super) struct Classes(BTreeMap<(String, String), (u32, u64)>);

impl Classes {
    /// Counts one object of `bytes`; `asked` is the class all copies are to have, if one was
    /// chosen.
    pub(super) fn count(&mut self, source: Option<&str>, asked: Option<&str>, bytes: u64) {
        let source = source.unwrap_or(STANDARD);
        let copies = asked.unwrap_or(source);
        let entry = self
            .0
            .entry((source.to_owned(), copies.to_owned()))
            .or_default();
        entry.0 = entry.0.saturating_add(1);
        entry.1 = entry.1.saturating_add(bytes);
    }

    /// Only those that cost something beyond requests.
    pub(super) fn costly(self, dialect: DialectName) -> Vec<PlanClass> {
        let told = self
            .0
            .into_iter()
            .map(|((source, copies), (objects, bytes))| PlanClass {
                minimum_days: minimum_days(dialect, &copies),
                billed_reads: minimum_days(dialect, &source) > 0,
                source,
                copies,
                objects,
                bytes: bytes as f64,
            });
        told.filter(|class| class.minimum_days > 0 || class.billed_reads)
            .collect()
    }
}

/// Days for which an object of a class is billed at least, also when it is deleted or replaced
/// before; 0 where there is no such time, and for classes nobody told us about. The classes that
/// have it are those whose bytes cost something to read.
///
/// COS "Storage class overview", OBS "Storage classes", S3 "Understanding storage classes".
fn minimum_days(dialect: DialectName, class: &str) -> u32 {
    match (dialect, class) {
        (DialectName::Obs, "WARM")
        | (DialectName::Cos, "STANDARD_IA" | "MAZ_STANDARD_IA")
        | (DialectName::S3, "STANDARD_IA" | "ONEZONE_IA")
        | (DialectName::ObsV2, "STANDARD_IA" | "WARM") => 30,
        (DialectName::Obs, "COLD")
        | (DialectName::Cos, "COLD" | "ARCHIVE")
        | (DialectName::S3, "GLACIER_IR" | "GLACIER")
        | (DialectName::ObsV2, "GLACIER" | "COLD") => 90,
        (_, "DEEP_ARCHIVE") => 180,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_costs_more_than_requests_is_told() {
        let mut classes = Classes::default();
        classes.count(None, None, 5);
        classes.count(Some("STANDARD_IA"), None, 7);
        classes.count(Some("STANDARD_IA"), None, 1);
        let told = classes.costly(DialectName::Cos);
        let [only] = &told[..] else {
            panic!("{told:?}");
        };
        assert_eq!((only.objects, only.minimum_days), (2, 30));
        assert!(only.billed_reads);
    }

    #[test]
    fn a_warmer_copy_is_billed_for_the_reading_alone() {
        let mut classes = Classes::default();
        classes.count(Some("WARM"), Some("STANDARD"), 7);
        let told = classes.costly(DialectName::Obs);
        assert_eq!((told[0].minimum_days, told[0].billed_reads), (0, true));
    }
}
