//! Who may know whom, checked over `cargo tree`: crates keep the direction only as long as nobody
//! adds a line to a manifest.

use std::collections::BTreeMap;

use crate::process;
use crate::tools;

/// Each crate of the house and the ones it may depend on.
const HOUSE: &[(&str, &[&str])] = &[
    ("partway-domain", &[]),
    ("partway-protocol", &["partway-domain"]),
    ("partway-journal", &["partway-domain"]),
    (
        "partway-engine",
        &["partway-domain", "partway-protocol", "partway-journal"],
    ),
    // The port it implements is the engine's, and speaks in these words.
    (
        "partway-keychain",
        &["partway-engine", "partway-domain", "partway-protocol"],
    ),
    // Never protocol or engine: a fake that shares code with what it judges proves nothing.
    ("partway-democloud", &[]),
    (
        "partway-api",
        &[
            "partway-engine",
            "partway-journal",
            "partway-protocol",
            "partway-domain",
            "partway-democloud",
        ],
    ),
    (
        "partway-cli",
        &[
            "partway-api",
            "partway-keychain",
            "partway-engine",
            "partway-protocol",
            "partway-domain",
            "partway-democloud",
        ],
    ),
    ("partway", &["partway-api", "partway-keychain"]),
    ("xtask", &[]),
    ("partway-window-tests", &[]),
    ("partway-empty-window", &[]),
    ("partway-judges", &["partway-democloud"]),
    ("partway-fuzz", &["partway-protocol", "partway-domain"]),
    // The engine without a window, and a cloud to run it against.
    (
        "partway-simulation",
        &[
            "partway-engine",
            "partway-journal",
            "partway-protocol",
            "partway-domain",
            "partway-democloud",
        ],
    ),
    // Its hot path, counted.
    (
        "partway-gate",
        &[
            "partway-engine",
            "partway-journal",
            "partway-protocol",
            "partway-domain",
            "partway-democloud",
        ],
    ),
    // It races against others on a server that is neither theirs nor ours to know.
    (
        "partway-bench",
        &[
            "partway-engine",
            "partway-journal",
            "partway-protocol",
            "partway-domain",
        ],
    ),
];

/// Libraries, by the start of their names, and the only crates that may name them.
const KEPT: &[(&str, &[&str])] = &[
    // The other is a window with nothing in it, to compare ours with.
    ("tauri", &["partway", "partway-empty-window"]),
    ("keyring", &["partway-keychain"]),
    (
        "zbus",
        &["partway-keychain", "partway", "partway-window-tests"],
    ),
    ("reqwest", &["partway-engine"]),
    ("rusqlite", &["partway-journal"]),
    ("clap", &["partway-cli"]),
    ("fantoccini", &["partway-window-tests"]),
];

/// Crates that do no I/O, and what they must not reach even through others.
const SANS_IO: &[&str] = &["partway-domain", "partway-protocol"];
const IO: &[&str] = &["tokio", "hyper", "reqwest", "rusqlite", "mio", "rustls"];

/// The feature that plants known bugs, and the programs that people use, which never have it.
const PLANTED: &str = "planted";
const PROGRAMS: &[&str] = &["partway-cli", "partway"];

/// The whole list of what the innermost crate may use.
const DOMAIN_USES: &[&str] = &["serde", "thiserror"];

/// Every line of every manifest that breaks the direction.
pub(super) fn broken() -> Result<Vec<String>, String> {
    let direct = tree(&["--workspace", "--depth", "1"])?;
    let mut broken = broken_by(&dependencies(&direct));
    for name in SANS_IO {
        let whole = tree(&["--package", name])?;
        let reached = IO
            .iter()
            .filter(|io| whole.lines().any(|line| package(line).1 == **io));
        broken.extend(reached.map(|io| format!("{name} reaches {io}, and does no I/O")));
    }
    broken.extend(planted()?);
    Ok(broken)
}

/// Where bugs are planted that nobody asked for: in a build of everything as it stands, or in a
/// program however it is built.
fn planted() -> Result<Vec<String>, String> {
    let mut broken = Vec::new();
    if is_planted(&tree(&["--workspace"])?) {
        broken.push("planted bugs are in the workspace without being asked for".to_owned());
    }
    for program in PROGRAMS {
        if is_planted(&tree(&["--package", program, "--all-features"])?) {
            broken.push(format!("{program} can be built with planted bugs"));
        }
    }
    Ok(broken)
}

/// Whether any package of the tree is built with the feature; features follow the version.
fn is_planted(tree: &str) -> bool {
    let mut words = tree
        .lines()
        .flat_map(|line| line.split_whitespace().skip(2));
    words.any(|word| word.split(',').any(|feature| feature == PLANTED))
}

fn tree(words: &[&str]) -> Result<String, String> {
    let printed = process::capture(
        tools::cargo()
            .args([
                "tree",
                "--locked",
                "--quiet",
                "--edges",
                "normal,build",
                "--prefix",
                "depth",
                "--format",
                " {p} {f}",
            ])
            .args(words),
    )?;
    if printed.success {
        Ok(printed.text)
    } else {
        Err(format!("cargo tree failed:\n{}", printed.text))
    }
}

/// Direct dependencies of each member, from lines like `0 partway-api v0.1.0 (…)`, `1 serde v1…`.
fn dependencies(tree: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut member = "";
    for (depth, name) in tree.lines().map(package) {
        if depth == "0" {
            member = name;
            found.entry(member).or_default();
        } else if depth == "1" {
            found.entry(member).or_default().push(name);
        }
    }
    found
}

/// Depth and name of a package in a line of the tree.
fn package(line: &str) -> (&str, &str) {
    let mut words = line.split_whitespace();
    (words.next().unwrap_or(""), words.next().unwrap_or(""))
}

fn broken_by(direct: &BTreeMap<&str, Vec<&str>>) -> Vec<String> {
    let mut broken = Vec::new();
    for (member, uses) in direct {
        let neighbours = HOUSE.iter().find(|(name, _)| name == member);
        for used in uses {
            let inside = direct.contains_key(used);
            if inside && neighbours.is_some_and(|(_, may)| !may.contains(used)) {
                broken.push(format!("{member} must not know {used}"));
            }
            let kept = KEPT.iter().find(|(library, _)| used.starts_with(library));
            if let Some((library, may)) = kept
                && !may.contains(member)
            {
                broken.push(format!(
                    "{member} must not use {used}: {library} stays in {}",
                    may.join(", ")
                ));
            }
            if *member == "partway-domain" && !DOMAIN_USES.contains(used) {
                broken.push(format!(
                    "{member} must not use {used}: only {}",
                    DOMAIN_USES.join(" and ")
                ));
            }
        }
    }
    // A crate nobody has decided about would pass every rule.
    let known =
        |name: &&str| HOUSE.iter().any(|(known, _)| known == name) || *name == "partway-tests";
    let unknown = direct.keys().filter(|name| !known(name));
    broken.extend(unknown.map(|name| format!("{name} has no line in the layering table")));
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(tree: &str) -> Vec<String> {
        broken_by(&dependencies(tree))
    }

    #[test]
    fn the_direction_is_kept() {
        assert!(judge("0 partway-domain v0.1.0 (/x)\n1 serde v1.0.0\n\n0 partway-protocol v0.1.0 (/x)\n1 partway-domain v0.1.0 (/x)\n").is_empty());
    }

    #[test]
    fn planted_bugs_are_seen_among_other_features() {
        assert!(is_planted(
            "0 partway-domain v0.1.0 (/x) default,planted (*)\n1 serde v1.0.0 std\n"
        ));
        assert!(!is_planted(
            "0 partway-domain v0.1.0 (/planted)\n1 implanted v1.0.0 std\n"
        ));
    }

    #[test]
    fn every_kind_of_breach_is_named() {
        let breaches = [
            (
                "0 partway-democloud v0 (/x)\n1 partway-protocol v0 (/x)\n0 partway-protocol v0 (/x)\n",
                "must not know",
            ),
            (
                "0 partway-api v0 (/x)\n1 rusqlite v0.41\n",
                "stays in partway-journal",
            ),
            (
                "0 partway-cli v0 (/x)\n1 tauri-utils v2\n",
                "stays in partway",
            ),
            (
                "0 partway-domain v0 (/x)\n1 jiff v0.2\n",
                "only serde and thiserror",
            ),
            (
                "0 partway-newcomer v0 (/x)\n",
                "no line in the layering table",
            ),
        ];
        for (tree, told) in breaches {
            let broken = judge(tree);
            assert_eq!(broken.len(), 1, "{broken:?}");
            assert!(broken[0].contains(told), "{broken:?}");
        }
    }
}
