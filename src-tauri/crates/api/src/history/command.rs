//! A job as a command for the terminal. What is secret never stands in it.

use partway_domain::{ConflictPolicy, JobId, JobKind, Priority};

use super::again::{self, Asked, Source};
use crate::api::Api;
use crate::contract::{
    AccountView, CommandLine, CopyOptions, CopyTerms, EncryptionKind, JobRef, Nothing,
    ObjectProperties,
};
use crate::error::ApiError;

/// More sources than anybody pastes into a terminal.
const MOST_SOURCES: usize = 200;

/// How a side of the copy is addressed.
#[derive(Debug, Clone, Copy)]
struct Side<'a> {
    scheme: &'a str,
    account: &'a str,
    bucket: &'a str,
}

impl Api {
    /// The command that asks for the same as a job did.
    pub async fn job_command(&self, job: JobRef) -> Result<CommandLine, ApiError> {
        let asked = self
            .journal(move |journal| again::asked(journal, JobId(job.job.into()), false))
            .await?;
        let accounts = self.accounts(Nothing {}).await?;
        let from = address(&accounts, &asked.row.source_account.0)?;
        let to = address(&accounts, &asked.row.destination_account.0)?;
        let from = Side {
            bucket: asked.row.source_bucket.as_str(),
            ..from
        };
        let to = Side {
            bucket: asked.row.destination_bucket.as_str(),
            ..to
        };
        Ok(command(&asked, from, to))
    }
}

fn address<'a>(accounts: &'a [AccountView], id: &str) -> Result<Side<'a>, ApiError> {
    let account = accounts.iter().find(|account| account.id == id);
    let account = account.ok_or_else(|| {
        ApiError::new(
            "not_found",
            format!("the account {id:?} of this job was removed; add it again first"),
        )
    })?;
    Ok(Side {
        scheme: match account.dialect {
            crate::contract::Dialect::Cos => "cos",
            crate::contract::Dialect::Obs | crate::contract::Dialect::ObsV2 => "obs",
            crate::contract::Dialect::S3 => "s3",
        },
        account: &account.name,
        bucket: "",
    })
}

/// Pure: what was asked, as one line for a POSIX shell.
fn command(asked: &Asked, from: Side, to: Side) -> CommandLine {
    let row = &asked.row;
    let mut lacks = Vec::new();
    let mut words = vec!["partway-cli".to_owned()];
    words.push(match row.kind {
        JobKind::Copy => "cp".to_owned(),
        JobKind::Move => "mv".to_owned(),
    });
    if asked.sources.iter().any(|source| source.whole_prefix) {
        words.push("-r".to_owned());
    }
    option(&mut words, "--on-conflict", policy(row.options.on_conflict));
    let pace = (row.options.priority, row.options.schedule.window);
    options(&mut words, &again::options(row.options.clone()), &mut lacks);
    if pace.0 != Priority::Normal {
        option(&mut words, "--priority", priority(pace.0));
    }
    if let Some(window) = pace.1 {
        option(&mut words, "--window", &window.to_string());
    }
    // A name that begins with a dash is no option.
    words.push("--".to_owned());
    if asked.more || asked.sources.len() > MOST_SOURCES {
        lacks.push("more".to_owned());
    }
    let sources = &asked.sources[..asked.sources.len().min(MOST_SOURCES)];
    let into = row.destination_prefix.as_str();
    words.extend(sources.iter().map(|source| written(from, &source.from)));
    match (sources, into) {
        ([only], _) if !only.whole_prefix && only.to != kept_name(only, into) => {
            words.push(written(to, &only.to));
        }
        _ => {
            if sources
                .iter()
                .any(|source| source.to != kept_name(source, into))
            {
                lacks.push("names".to_owned());
            }
            words.push(written(to, into));
        }
    }
    CommandLine {
        text: words
            .iter()
            .map(|word| quoted(word))
            .collect::<Vec<_>>()
            .join(" "),
        lacks,
    }
}

/// What `cp` makes of a source copied into a folder: its last name, and of a prefix that ends
/// in a delimiter only what is in it.
fn kept_name(source: &Source, into: &str) -> String {
    if source.whole_prefix {
        return into.to_owned();
    }
    let name = source
        .from
        .rsplit_once('/')
        .map_or(&*source.from, |(_, name)| name);
    format!("{into}{name}")
}

fn options(words: &mut Vec<String>, options: &CopyOptions, lacks: &mut Vec<String>) {
    if let Some(bytes) = options.part_size {
        option(words, "--part-size", &format!("{bytes}"));
    }
    option(words, "--parts-at-once", &options.parts_at_once.to_string());
    if let Some(class) = &options.storage_class {
        option(words, "--storage-class", class);
    }
    let Some(terms) = &options.terms else { return };
    if let Some(acl) = &terms.acl {
        option(words, "--acl", acl);
    }
    for grant in &terms.grants {
        option(words, "--grant", grant);
    }
    replaced(words, terms);
    let word = terms.encryption.map(|kind| match kind {
        EncryptionKind::Aes256 => "aes256",
        EncryptionKind::Kms => "kms",
        EncryptionKind::KmsDualLayer => "kms-dual-layer",
        EncryptionKind::Customer => "customer",
    });
    match (word, &terms.kms_key) {
        (Some(word), Some(key)) => option(words, "--encryption", &format!("{word}:{key}")),
        (Some(word), None) => option(words, "--encryption", word),
        (None, _) => {}
    }
    for (name, value) in &terms.kms_context {
        option(words, "--kms-context", &format!("{name}={value}"));
    }
    if terms.key_md5.is_some() {
        option(words, "--key-file", "KEY-FILE");
        lacks.push("key_file".to_owned());
    }
    if terms.source_key_md5.is_some() {
        option(words, "--source-key-file", "SOURCE-KEY-FILE");
        lacks.push("source_key_file".to_owned());
    }
}

/// What the copies were given instead of their sources' headers, metadata and tags.
fn replaced(words: &mut Vec<String>, terms: &CopyTerms) {
    let mut pairs = |name: &str, none: Option<&str>, pairs: &[(String, String)]| {
        for (key, value) in pairs {
            option(words, name, &format!("{key}={value}"));
        }
        if pairs.is_empty() {
            words.extend(none.map(str::to_owned));
        }
    };
    if let Some(ObjectProperties { headers, metadata }) = &terms.properties {
        let nothing = headers.is_empty() && metadata.is_empty();
        pairs("--header", nothing.then_some("--no-metadata"), headers);
        pairs("--meta", None, metadata);
    }
    if let Some(tags) = &terms.tags {
        pairs("--tag", Some("--no-tags"), tags);
    }
}

fn option(words: &mut Vec<String>, name: &str, value: &str) {
    words.push(name.to_owned());
    words.push(value.to_owned());
}

fn policy(policy: ConflictPolicy) -> &'static str {
    match policy {
        ConflictPolicy::Ask => "ask",
        ConflictPolicy::Skip => "skip",
        ConflictPolicy::Overwrite => "overwrite",
        ConflictPolicy::IfNewer => "newer",
        ConflictPolicy::IfDifferent => "different",
        ConflictPolicy::KeepBoth => "keep-both",
    }
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "high",
        Priority::Normal => "normal",
        Priority::Low => "low",
    }
}

fn written(side: Side, key: &str) -> String {
    format!("{}://{}@{}/{key}", side.scheme, side.account, side.bucket)
}

/// A word a POSIX shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+,%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
