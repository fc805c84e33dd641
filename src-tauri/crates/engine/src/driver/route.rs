//! From where to where a job copies: both sides resolved to accounts and endpoints.

use partway_domain::{
    Account, AccountId, Bucket, CopyOptions, DialectName, Failure, FailureKind, JobKind, Key,
};
use partway_journal::Journal;
use partway_journal::table::job::JobRow;
use partway_protocol::dialect::{Dialect, dialect};
use partway_protocol::endpoint::Endpoint;
use partway_protocol::region;

use crate::call::request_failure;
use crate::record::journal_failure;

/// One side of a copy.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) account: Account,
    pub(crate) bucket: Bucket,
    /// The bucket's region where it differs from the account's.
    pub(crate) region: Option<String>,
    /// The account's endpoint as configured.
    pub(crate) home: Endpoint,
    /// The account's endpoint in the bucket's region.
    pub(crate) endpoint: Endpoint,
}

/// Both sides of a job.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) source: Side,
    pub(crate) destination: Side,
    /// The wire both sides speak.
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) kind: JobKind,
    /// Objects are so many that each may cost one request and leave one row: they were listed,
    /// not named.
    pub(crate) in_bulk: bool,
    pub(crate) options: CopyOptions,
}

impl Side {
    pub(crate) fn new(
        account: Account,
        bucket: Bucket,
        region: Option<String>,
    ) -> Result<Self, Failure> {
        let home = Endpoint::of(&account).map_err(|error| request_failure("", &error))?;
        let region = region.filter(|region| !region.is_empty());
        let endpoint = match &region {
            Some(region) => in_region(account.dialect, &home, region),
            None => home.clone(),
        };
        Ok(Self {
            account,
            bucket,
            region,
            home,
            endpoint,
        })
    }

    /// Whether this side of a route is the same bucket as the other one. A provider has several
    /// hosts for a bucket (public, internal, acceleration), so hosts that differ prove nothing;
    /// where the source is named by its host, regions that differ do.
    pub(crate) fn is_same_bucket(&self, other: &Self) -> bool {
        let (here, there) = (&self.endpoint, &other.endpoint);
        let regions_differ = !here.region.is_empty()
            && !there.region.is_empty()
            && here.region != there.region
            && here.host != there.host;
        let apart = self.account.dialect == DialectName::Cos && regions_differ;
        self.bucket == other.bucket && !apart
    }
}

impl Route {
    /// The route of a recorded job.
    pub(crate) fn of(journal: &Journal, job: &JobRow) -> Result<Self, Failure> {
        let source = Side::new(
            account(journal, &job.source_account)?,
            job.source_bucket.clone(),
            Some(job.source_region.clone()),
        )?;
        let destination = Side::new(
            account(journal, &job.destination_account)?,
            job.destination_bucket.clone(),
            Some(job.destination_region.clone()),
        )?;
        Ok(Self {
            dialect: dialect(destination.account.dialect),
            source,
            destination,
            kind: job.kind,
            in_bulk: job.prefixes > 0,
            options: job.options.clone(),
        })
    }

    /// Whether a copy of this source to this key is a change of the very object: another class,
    /// encryption or access for it.
    pub(crate) fn is_in_place(&self, source: &Key, destination: &Key) -> bool {
        self.source.is_same_bucket(&self.destination) && source == destination
    }

    /// Whether the copies are to differ from their sources in something but their name.
    pub(crate) fn asks_for_a_change(&self) -> bool {
        self.options.storage_class.is_some() || !self.options.terms.is_default()
    }

    /// Whether the sources are deleted once they are copied.
    pub(crate) fn moves(&self) -> bool {
        self.kind == JobKind::Move
    }
}

/// The endpoint of a bucket in another region, under any name a provider has for it. On S3 the
/// region is part of the signature, so it matters also where every region answers at the same
/// host.
pub(crate) fn in_region(dialect: DialectName, home: &Endpoint, region: &str) -> Endpoint {
    let region = region::canonical(dialect, region.trim());
    let moved = home.in_region(region);
    if dialect == DialectName::S3 {
        return Endpoint {
            region: region.to_owned(),
            ..moved
        };
    }
    moved
}

/// An account by its id.
pub(crate) fn account(journal: &Journal, id: &AccountId) -> Result<Account, Failure> {
    journal
        .accounts()
        .map_err(journal_failure)?
        .into_iter()
        .find(|account| account.id == *id)
        .ok_or_else(|| {
            Failure::local(
                FailureKind::MissingCredential,
                format!("the account {id} is no longer there; add it again or copy anew"),
            )
        })
}

/// Whether dialects are spoken by the same provider.
pub(crate) fn same_provider(one: DialectName, other: DialectName) -> bool {
    one.url_scheme() == other.url_scheme()
}
