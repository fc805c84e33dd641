//! What one judge found on one wire.

use std::fmt;

/// Which side of the conversation others wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Their client drives our demo cloud.
    Client,
    /// Our client drives their server.
    Server,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// One judge, in one version, on one wire.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) role: Role,
    /// As `--only` takes it: `boto3`, `rgw`.
    pub(crate) name: String,
    /// As the program itself tells it.
    pub(crate) version: String,
    /// Dialect, signature and addressing in a few words: `s3 path`, `obs-v2 virtual host`.
    pub(crate) wire: String,
    pub(crate) checks: Vec<Check>,
}

/// One thing tried.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// What was expected and what came.
    Failed(String),
    /// It failed as declared; why, in words users understand.
    Gap(String),
}

impl Report {
    pub(crate) fn passed(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::Passed)
    }

    pub(crate) fn gaps(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Gap(_)))
    }

    pub(crate) fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// A judge that could not begin, or not go on.
    pub(crate) fn broken(role: Role, name: &str, reason: String) -> Self {
        Self {
            role,
            name: name.to_owned(),
            version: "-".to_owned(),
            wire: "-".to_owned(),
            checks: vec![Check {
                name: "starts".to_owned(),
                outcome: Outcome::Failed(reason),
            }],
        }
    }

    /// Where it stands in the table.
    pub(crate) fn order(&self) -> (Role, String, String) {
        (self.role, self.name.clone(), self.wire.clone())
    }

    fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.checks
            .iter()
            .filter(|check| wanted(&check.outcome))
            .count()
    }
}
