//! Asking once more for what an earlier job did, or for what it did not do.

use partway_domain::{self as domain, JobId, JobKind, State, TransferId};
use partway_journal::table::job::JobRow;
use partway_journal::table::scan::ScanRow;
use partway_journal::table::transfer::{ToDo, TransferRow};
use partway_journal::{Journal, JournalError};

use crate::api::Api;
use crate::contract::{
    self, ConflictPolicy, CopiedAgain, CopyAgain, CopyOptions, CopyRequest, EncryptionKind,
    NamedSource, ObjectProperties, Place,
};
use crate::error::ApiError;

/// As many objects are named one by one.
pub(super) const MOST_NAMED: usize = 10_000;

/// Transfers read at once.
const PAGE: u32 = 1_000;

/// An object or a whole prefix, and what takes its place at the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) version: Option<String>,
    pub(super) whole_prefix: bool,
}

/// What a job was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) row: JobRow,
    pub(super) sources: Vec<Source>,
    /// Bytes of the objects that were named one by one.
    pub(super) bytes: u64,
    /// There are more than can be named.
    pub(super) more: bool,
}

impl Api {
    /// The request that asks for the same as a job did, or for what failed in it.
    pub async fn copy_again(&self, again: CopyAgain) -> Result<CopiedAgain, ApiError> {
        let asked = self
            .journal(move |journal| asked(journal, JobId(again.job.into()), again.only_failed))
            .await?;
        if asked.sources.is_empty() {
            return Err(ApiError::new(
                "not_found",
                "nothing in this job failed; run it again as a whole",
            ));
        }
        Ok(CopiedAgain {
            bytes: asked.bytes as f64,
            more: asked.more,
            request: request(asked),
        })
    }
}

/// Reads what a job was asked for; with `only_failed`, the objects of it that failed.
pub(super) fn asked(
    journal: &Journal,
    job: JobId,
    only_failed: bool,
) -> Result<Asked, JournalError> {
    let row = journal.job(job)?;
    let scans = journal.scans(job)?;
    let mut asked = Asked {
        sources: Vec::new(),
        bytes: 0,
        more: false,
        row,
    };
    if !only_failed {
        asked.sources.extend(scans.iter().map(prefix));
    }
    // What a listing found comes back with its prefix.
    let until = match scans.first() {
        Some(scan) if !only_failed => scan.named_until,
        _ => TransferId(i64::MAX),
    };
    let mut after = None;
    loop {
        let page = if only_failed {
            journal.transfers_to_do(job, after, PAGE, ToDo::AndGivenUp)?
        } else {
            journal.transfers(job, after, PAGE)?
        };
        after = page.last().map(|transfer| transfer.id);
        for transfer in page.iter().filter(|transfer| transfer.id <= until) {
            if only_failed && !matches!(transfer.state, State::Failed { .. }) {
                continue;
            }
            if asked.sources.len() >= MOST_NAMED {
                asked.more = true;
                return Ok(asked);
            }
            asked.bytes += transfer.size;
            asked.sources.push(object(transfer));
        }
        if page.len() < PAGE as usize || after > Some(until) {
            return Ok(asked);
        }
    }
}

fn prefix(scan: &ScanRow) -> Source {
    Source {
        from: scan.source_prefix.as_str().to_owned(),
        to: scan.destination_prefix.as_str().to_owned(),
        version: None,
        whole_prefix: true,
    }
}

fn object(transfer: &TransferRow) -> Source {
    Source {
        from: transfer.source_key.as_str().to_owned(),
        to: transfer.destination_key.as_str().to_owned(),
        version: transfer
            .source_version
            .as_ref()
            .map(|version| version.as_str().to_owned()),
        whole_prefix: false,
    }
}

/// As the dialog would ask: keys and prefixes below one place where names stayed the same, else
/// each with its own name.
fn request(asked: Asked) -> CopyRequest {
    let Asked { row, sources, .. } = asked;
    let into = row.destination_prefix.as_str();
    let shown_under = common_prefix(&sources, into);
    let (mut keys, mut prefixes, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for source in sources {
        match (&shown_under, source.whole_prefix) {
            (Some(_), true) => prefixes.push(source.from),
            (Some(_), false) => keys.push(source.from),
            (None, whole_prefix) => named.push(NamedSource {
                name: source
                    .to
                    .strip_prefix(into)
                    .unwrap_or(&source.to)
                    .to_owned(),
                key: source.from,
                whole_prefix,
                version: source.version,
            }),
        }
    }
    CopyRequest {
        source: Place {
            account: row.source_account.0.clone(),
            bucket: row.source_bucket.as_str().to_owned(),
            region: Some(row.source_region.clone()).filter(|region| !region.is_empty()),
            prefix: shown_under.unwrap_or_default(),
        },
        keys,
        prefixes: (!prefixes.is_empty()).then_some(prefixes),
        named: (!named.is_empty()).then_some(named),
        destination: Place {
            account: row.destination_account.0.clone(),
            bucket: row.destination_bucket.as_str().to_owned(),
            region: Some(row.destination_region.clone()).filter(|region| !region.is_empty()),
            prefix: into.to_owned(),
        },
        rename: None,
        overwrite: row.options.on_conflict == domain::ConflictPolicy::Overwrite,
        on_conflict: Some(policy(row.options.on_conflict)),
        kind: Some(match row.kind {
            JobKind::Copy => contract::JobKind::Copy,
            JobKind::Move => contract::JobKind::Move,
        }),
        options: options(row.options),
    }
}

/// The prefix that all names continue in the same way on both sides; `None` where one was given
/// another name or is a certain version.
fn common_prefix(sources: &[Source], into: &str) -> Option<String> {
    let first = sources.first()?;
    let name = first.to.strip_prefix(into)?;
    let under = first.from.strip_suffix(name)?;
    let alike = |one: &Source| {
        one.version.is_none()
            && one.from.strip_prefix(under) == one.to.strip_prefix(into)
            && one.from.starts_with(under)
    };
    let folder = under.is_empty() || under.ends_with('/');
    (folder && sources.iter().all(alike)).then(|| under.to_owned())
}

pub(crate) fn options(options: domain::CopyOptions) -> CopyOptions {
    let usual = domain::CopyOptions::default();
    let timed = options.priority != usual.priority || options.schedule.window.is_some();
    // A time that has passed is not to be kept again.
    let schedule = domain::Schedule {
        start_at_ms: None,
        ..options.schedule
    };
    CopyOptions {
        part_size: options.part_size.map(|bytes| bytes as f64),
        transfers_at_once: options.transfers_at_once,
        parts_at_once: options.parts_at_once,
        storage_class: options.storage_class,
        terms: (!options.terms.is_default()).then(|| terms(&options.terms)),
        timing: timed.then(|| crate::queue::shown(options.priority, schedule)),
    }
}

fn terms(terms: &domain::CopyTerms) -> contract::CopyTerms {
    let (acl, grants) = match &terms.access {
        domain::Access::Inherited => (None, Vec::new()),
        domain::Access::Canned(word) => (Some(word.clone()), Vec::new()),
        domain::Access::Grants(grants) => (None, grants.iter().map(grant).collect()),
    };
    let mut told = contract::CopyTerms {
        acl,
        grants,
        encryption: None,
        kms_key: None,
        kms_context: Vec::new(),
        key_md5: None,
        source_key_md5: terms.source_key_md5.clone(),
        properties: terms.replaced.properties.clone().map(properties),
        tags: terms.replaced.tags.clone(),
    };
    match &terms.encryption {
        domain::AtRest::BucketDefault => {}
        domain::AtRest::Provider => told.encryption = Some(EncryptionKind::Aes256),
        domain::AtRest::KeyService(service) => {
            told.encryption = Some(if service.dual_layer {
                EncryptionKind::KmsDualLayer
            } else {
                EncryptionKind::Kms
            });
            told.kms_key.clone_from(&service.key_id);
            told.kms_context = service.context.clone().into_iter().collect();
        }
        domain::AtRest::Customer { key_md5 } => {
            told.encryption = Some(EncryptionKind::Customer);
            told.key_md5 = Some(key_md5.clone());
        }
    }
    told
}

fn properties(properties: domain::Properties) -> ObjectProperties {
    ObjectProperties {
        headers: properties.headers,
        metadata: properties.metadata,
    }
}

/// `read=100000000001`, as the copy takes it.
fn grant(grant: &domain::Grant) -> String {
    let grantee = match &grant.grantee {
        domain::Grantee::Id(id) => id.clone(),
        domain::Grantee::Everyone => "everyone".to_owned(),
        domain::Grantee::SignedIn => "signed-in".to_owned(),
        domain::Grantee::Uri(uri) => format!("uri:{uri}"),
    };
    format!("{}={grantee}", grant.permission.as_str())
}

pub(crate) fn policy(policy: domain::ConflictPolicy) -> ConflictPolicy {
    use domain::ConflictPolicy as P;
    match policy {
        P::Ask => ConflictPolicy::Ask,
        P::Skip => ConflictPolicy::Skip,
        P::Overwrite => ConflictPolicy::Overwrite,
        P::IfNewer => ConflictPolicy::IfNewer,
        P::IfDifferent => ConflictPolicy::IfDifferent,
        P::KeepBoth => ConflictPolicy::KeepBoth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(from: &str, to: &str) -> Source {
        Source {
            from: from.to_owned(),
            to: to.to_owned(),
            version: None,
            whole_prefix: from.ends_with('/'),
        }
    }

    #[test]
    fn names_that_stayed_share_the_prefix_they_were_shown_under() {
        let same = [source("a/b/c", "in/b/c"), source("a/d/", "in/d/")];
        assert_eq!(common_prefix(&same, "in/").as_deref(), Some("a/"));
        let whole = [source("", "in/")];
        assert_eq!(common_prefix(&whole, "in/").as_deref(), Some(""));
        let renamed = [source("a/b", "in/b"), source("a/c", "in/other")];
        assert_eq!(common_prefix(&renamed, "in/"), None);
        // "xb" became "b": no folder lies in between.
        assert_eq!(common_prefix(&[source("xb", "in/b")], "in/"), None);
    }
}
