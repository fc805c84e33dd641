//! The findings of a test while they are gathered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use partway_domain::{
    AccountId, Capabilities, Capability, DialectName, Failure, FailureKind, Learned, Support,
};
use partway_engine::Fallback;
use partway_engine::capability::evidence;
use partway_journal::{Change, Durability};

use super::permission;
use crate::api::{Api, lock};
use crate::contract::{self, AccountCheck, AccountTest, BucketView, CapabilityView, CheckOutcome};
use crate::error::ApiError;

/// The checks of one test; others may look on while it runs.
pub(crate) type Checks = Mutex<Vec<AccountCheck>>;

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Test {
    checks: Arc<Checks>,
    pub(super) buckets: Vec<BucketView>,
    pub(super) bucket: Option<String>,
    pub(super) learned: Capabilities,
    pub(super) left_behind: Vec<String>,
    /// Why this test could not tell about a capability, in whole sentences.
    unsettled: BTreeMap<Capability, String>,
}

impl Test {
    /// A test whose checks are told by [`Api::checks_so_far`] until it answers or is dropped.
    pub(super) fn begin(api: &Api) -> Self {
        let test = Self::default();
        *api.running_test() = Arc::downgrade(&test.checks);
        test
    }

    fn checks(&self) -> MutexGuard<'_, Vec<AccountCheck>> {
        lock(&self.checks)
    }

    pub(super) fn passed(&mut self, name: &str, detail: impl Into<String>) {
        self.add(name, CheckOutcome::Passed, detail.into(), None);
    }

    pub(super) fn failed(&mut self, name: &str, error: ApiError) {
        self.add(
            name,
            CheckOutcome::Failed,
            error.message.clone(),
            Some(error),
        );
    }

    /// It works for now, but something is to be set right.
    pub(super) fn warned(&mut self, name: &str, error: ApiError) {
        let detail = error.message.clone();
        self.add(name, CheckOutcome::Warning, detail, Some(error));
    }

    /// What was only warned of turns out to stop everything.
    pub(super) fn worsened(&mut self, name: &str, error: ApiError) {
        let mut checks = self.checks();
        let Some(check) = checks.iter_mut().find(|check| check.name == name) else {
            drop(checks);
            return self.failed(name, error);
        };
        check.outcome = CheckOutcome::Failed;
        check.detail.clone_from(&error.message);
        check.error = Some(error);
    }

    /// It could not be tried.
    pub(super) fn unknown(&mut self, name: &str, why: impl Into<String>) {
        self.add(name, CheckOutcome::Unknown, why.into(), None);
    }

    /// An operation that was refused: a permission that is missing, or something the server
    /// does not have, which is no fault of the key's.
    pub(super) fn refused(
        &mut self,
        dialect: DialectName,
        name: &str,
        capability: Option<Capability>,
        failure: Failure,
    ) {
        if says_no(&failure) && capability.is_some() {
            self.learn(capability, Support::Absent, &evidence(&failure));
            self.unknown(name, "The server does not have it.");
            return;
        }
        self.undecided(capability, &failure);
        let denied = failure.kind == FailureKind::AccessDenied;
        self.failed(name, failure.into());
        if denied {
            self.needs(dialect);
        }
    }

    /// The last check failed for want of a permission: names it.
    pub(super) fn needs(&mut self, dialect: DialectName) {
        if let Some(check) = self.checks().last_mut() {
            check.permission = permission::of(dialect, &check.name).map(str::to_owned);
        }
    }

    /// Says the last check's error in other words.
    pub(super) fn explain_last(&mut self, error: ApiError) {
        if let Some(check) = self.checks().last_mut() {
            check.detail.clone_from(&error.message);
            check.error = Some(error);
        }
    }

    pub(super) fn learn(
        &mut self,
        capability: Option<Capability>,
        support: impl FnOnce(Learned) -> Support,
        evidence: &str,
    ) {
        let Some(capability) = capability else {
            return;
        };
        let learned = Learned {
            evidence: evidence.to_owned(),
            at_ms: jiff::Timestamp::now().as_millisecond(),
        };
        self.learned.learn(capability, support(learned));
    }

    /// A capability was tried, but what came back neither shows nor denies it.
    pub(super) fn undecided(&mut self, capability: Option<Capability>, failure: &Failure) {
        let came = match &failure.code {
            Some(_) => evidence(failure),
            None => format!("{}: {}", failure.operation, failure.message),
        };
        let came = came.trim_end_matches('.');
        let why = format!("Tried, but the answer decides nothing: {came}.");
        self.unsettled(capability, &why);
    }

    /// Why a capability stays unknown, unless something else in this test shows it.
    pub(super) fn unsettled(
        &mut self,
        capability: impl IntoIterator<Item = Capability>,
        why: &str,
    ) {
        for capability in capability {
            let first = self.unsettled.entry(capability);
            first.or_insert_with(|| why.to_owned());
        }
    }

    fn add(&mut self, name: &str, outcome: CheckOutcome, detail: String, error: Option<ApiError>) {
        let bucket = self.bucket.clone();
        self.checks().push(AccountCheck {
            name: name.to_owned(),
            outcome,
            bucket,
            detail,
            error,
            permission: None,
        });
    }

    /// The answer; `known` is everything learned so far, this test included.
    pub(super) fn answer(
        self,
        ok: bool,
        dialect: DialectName,
        known: &Capabilities,
    ) -> AccountTest {
        let capabilities = self.views(dialect, known);
        let checks = std::mem::take(&mut *self.checks());
        AccountTest {
            ok,
            checks,
            buckets: self.buckets,
            bucket: self.bucket,
            capabilities,
            left_behind: self.left_behind,
        }
    }

    /// Every capability that means something with this dialect.
    fn views(&self, dialect: DialectName, known: &Capabilities) -> Vec<CapabilityView> {
        Capability::ALL
            .into_iter()
            .filter(|capability| has_meaning(dialect, *capability))
            .map(|capability| {
                let support = known.support(capability);
                let detail = self.how_known(capability, support.learned());
                view(capability, support, detail)
            })
            .collect()
    }

    /// What this test saw; else why it saw nothing, and what an earlier one did.
    fn how_known(&self, capability: Capability, known: Option<&Learned>) -> String {
        if let Some(now) = self.learned.support(capability).learned() {
            return now.evidence.clone();
        }
        let unsettled = self.unsettled.get(&capability).map(String::as_str);
        match known {
            None => unsettled.unwrap_or(how_to_learn(capability)).to_owned(),
            Some(before) => format!(
                "{} Learned on {}: {}",
                unsettled.unwrap_or("Not tried this time."),
                minute(before.at_ms),
                before.evidence
            ),
        }
    }
}

impl Api {
    /// Keeps what a test of a saved account learned, and answers all that is known now. What
    /// single buckets refused during work is forgotten: it will show again if it is still so.
    pub(super) async fn remember(
        &self,
        account: &AccountId,
        learned: Capabilities,
    ) -> Result<Capabilities, ApiError> {
        let account = account.clone();
        self.journal(move |journal| {
            let known = journal.capabilities(&account, None)?.refined_by(learned);
            let changes = vec![
                Change::CapabilitiesForgotten {
                    account: account.clone(),
                },
                Change::CapabilitiesLearned {
                    account,
                    bucket: None,
                    learned: known.clone(),
                },
            ];
            journal.write(changes, Durability::Durable)?;
            Ok(known)
        })
        .await
    }
}

/// The server does not have the operation: nothing a key could change.
pub(super) fn says_no(failure: &Failure) -> bool {
    failure.kind == FailureKind::NotSupported
}

/// `2026-03-14 09:26 UTC`
fn minute(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map_or_else(
        |_| "an unknown day".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

fn has_meaning(dialect: DialectName, capability: Capability) -> bool {
    match capability {
        Capability::ListObjectsV2 | Capability::ConditionalComplete => dialect == DialectName::S3,
        Capability::HeadChecksum => matches!(dialect, DialectName::S3 | DialectName::Cos),
        _ => true,
    }
}

fn view(capability: Capability, support: &Support, detail: String) -> CapabilityView {
    CapabilityView {
        name: capability.as_str().to_owned(),
        support: match support {
            Support::Present(_) => contract::Support::Present,
            Support::Absent(_) => contract::Support::Absent,
            Support::Unknown => contract::Support::Unknown,
        },
        detail,
        at_ms: support.learned().map(|learned| learned.at_ms as f64),
        instead: Fallback::instead(capability).to_owned(),
    }
}

fn how_to_learn(capability: Capability) -> &'static str {
    match capability {
        Capability::PartCopy
        | Capability::CopyConditions
        | Capability::PartCopyConditions
        | Capability::ConditionalComplete
        | Capability::ListParts => "Not tried: only a probe object shows it.",
        Capability::VersionPin => "Not tried: no object with a version was found.",
        Capability::HeadChecksum => "Not known: no object with a checksum was found.",
        Capability::RangeGet | Capability::Tagging | Capability::Acl => {
            "Not tried: no object that can be read was found."
        }
        Capability::Restore => "Not tried: it shows when an archived object is restored.",
        Capability::ListBuckets => "Not tried: the test ended before.",
        Capability::ListObjectsV2
        | Capability::ListVersions
        | Capability::VersioningState
        | Capability::ListUploads => "Not tried: no bucket could be looked at.",
    }
}
