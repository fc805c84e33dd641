//! What a server is known to lack, as declared in `gaps.toml`.

use std::fs;

use serde::Deserialize;

use super::suite;
use crate::place;
use crate::report::{Check, Outcome};

/// The declared gaps of all servers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gaps {
    gap: Vec<Gap>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gap {
    server: String,
    /// The case of the suite, without its dialect: `conditions::a_copy_is_refused`.
    case: String,
    /// The wires it is about, in the table's words; all of the server's when left out.
    #[serde(default)]
    wires: Vec<String>,
    reason: String,
}

impl Gaps {
    pub(super) fn read() -> Result<Self, String> {
        let path = place::package().join("gaps.toml");
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The results of one wire in the light of what is declared: a declared failure is a gap, and
    /// a gap that closed, or that is about no case, fails until its line is gone.
    pub(super) fn judge(
        &self,
        server: &str,
        wire: &str,
        results: Vec<suite::Outcome>,
    ) -> Vec<Check> {
        let mut declared: Vec<&Gap> = self
            .gap
            .iter()
            .filter(|gap| gap.server == server)
            .filter(|gap| gap.wires.is_empty() || gap.wires.iter().any(|name| name == wire))
            .collect();
        let mut checks = Vec::new();
        for (name, result) in results {
            let index = declared.iter().position(|gap| gap.case == name);
            let gap = index.map(|index| declared.swap_remove(index));
            let outcome = match (result, gap) {
                (Ok(()), None) => Outcome::Passed,
                (Ok(()), Some(_)) => Outcome::Failed(
                    "it passes, but gaps.toml declares it as a gap: remove its lines".to_owned(),
                ),
                (Err(_), Some(gap)) => Outcome::Gap(gap.reason.clone()),
                (Err(detail), None) => Outcome::Failed(detail),
            };
            checks.push(Check { name, outcome });
        }
        checks.extend(declared.into_iter().map(|gap| Check {
            name: gap.case.clone(),
            outcome: Outcome::Failed(
                "gaps.toml declares it as a gap, but the suite has no such case".to_owned(),
            ),
        }));
        checks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [[gap]]
        server = "rgw"
        case = "conditions::refused"
        reason = "it ignores them"

        [[gap]]
        server = "rgw"
        case = "tags::kept"
        wires = ["obs-v2 path"]
        reason = "not on this wire"
    "#;

    fn outcomes(server: &str, wire: &str, results: &[(&str, bool)]) -> Vec<Outcome> {
        let gaps: Gaps = toml::from_str(TEXT).unwrap();
        let results = results.iter().map(|(name, passed)| {
            let result = if *passed {
                Ok(())
            } else {
                Err("came b".to_owned())
            };
            ((*name).to_owned(), result)
        });
        let checks = gaps.judge(server, wire, results.collect());
        checks.into_iter().map(|check| check.outcome).collect()
    }

    #[test]
    fn only_a_declared_failure_is_a_gap() {
        let found = outcomes(
            "rgw",
            "s3 path",
            &[("conditions::refused", false), ("tags::kept", false)],
        );
        assert_eq!(
            found,
            [
                Outcome::Gap("it ignores them".to_owned()),
                Outcome::Failed("came b".to_owned())
            ]
        );
    }

    #[test]
    fn a_gap_that_closed_fails_until_its_line_is_gone() {
        let found = outcomes(
            "rgw",
            "obs-v2 path",
            &[("conditions::refused", true), ("tags::kept", false)],
        );
        assert!(matches!(&found[0], Outcome::Failed(why) if why.contains("remove")));
        assert_eq!(found[1], Outcome::Gap("not on this wire".to_owned()));
    }

    #[test]
    fn a_gap_of_no_case_fails_and_other_servers_have_none() {
        let found = outcomes("rgw", "s3 path", &[("lists", true)]);
        assert!(matches!(&found[1], Outcome::Failed(why) if why.contains("no such case")));
        assert_eq!(
            outcomes("swift", "s3 path", &[("lists", true)]),
            [Outcome::Passed]
        );
    }

    #[test]
    fn the_file_can_be_read() {
        Gaps::read().unwrap();
    }
}
