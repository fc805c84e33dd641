//! Looking for open uploads, bucket by bucket. What cannot be looked at is told and does not end
//! the search.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use futures::StreamExt as _;
use futures::stream;
use partway_domain::{Account, Bucket};

use crate::api::{Api, lock};
use crate::contract::{
    AccountRef, BucketView, Nothing, SearchUploads, UploadProblem, UploadSearchStatus, UploadView,
};
use crate::error::ApiError;

/// Buckets looked through at once.
const BUCKETS_AT_ONCE: usize = 8;

/// All searches that are open.
#[derive(Debug, Default)]
pub(crate) struct Searches {
    next: AtomicU32,
    open: Mutex<HashMap<u32, Arc<Search>>>,
}

/// One search.
#[derive(Debug)]
pub(super) struct Search {
    id: u32,
    closed: AtomicBool,
    pub(super) found: Mutex<Found>,
}

/// What a search has found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) uploads: Vec<UploadView>,
    problems: Vec<UploadProblem>,
    buckets: u32,
    buckets_done: u32,
    complete: bool,
}

/// A bucket to look through.
struct Place {
    account: Account,
    bucket: String,
    region: Option<String>,
}

impl Searches {
    fn open(&self) -> Arc<Search> {
        let search = Arc::new(Search {
            id: self.next.fetch_add(1, Ordering::Relaxed) + 1,
            closed: AtomicBool::new(false),
            found: Mutex::default(),
        });
        lock(&self.open).insert(search.id, Arc::clone(&search));
        search
    }

    pub(super) fn find(&self, id: u32) -> Result<Arc<Search>, ApiError> {
        lock(&self.open).get(&id).cloned().ok_or_else(|| {
            ApiError::new(
                "not_found",
                format!("there is no search {id}; it was closed, begin another"),
            )
        })
    }

    pub(super) fn close(&self, id: u32) {
        if let Some(search) = lock(&self.open).remove(&id) {
            search.closed.store(true, Ordering::Relaxed);
        }
    }
}

impl Search {
    pub(super) fn status(&self, found: &Found) -> UploadSearchStatus {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        UploadSearchStatus {
            search: self.id,
            found: count(found.uploads.len()),
            buckets_done: found.buckets_done,
            buckets: found.buckets,
            complete: found.complete,
            problems: found.problems.clone(),
        }
    }

    fn goes_on(&self) -> bool {
        !self.closed.load(Ordering::Relaxed)
    }

    fn trouble(&self, account: &str, bucket: Option<&str>, error: ApiError) {
        lock(&self.found).problems.push(UploadProblem {
            account: account.to_owned(),
            bucket: bucket.map(str::to_owned),
            error,
        });
    }
}

/// Begins a search and answers at once.
pub(super) async fn begin(
    api: &Api,
    wanted: SearchUploads,
) -> Result<UploadSearchStatus, ApiError> {
    if wanted.bucket.is_some() && wanted.account.is_none() {
        return Err(ApiError::input(
            "account",
            "a bucket is seen through an account; name the account, too",
        ));
    }
    if let Some(account) = &wanted.account {
        api.account(account).await?;
    }
    let search = api.searches().open();
    let status = search.status(&lock(&search.found));
    let api = api.clone();
    tokio::spawn(async move {
        look(&api, &search, wanted).await;
        lock(&search.found).complete = true;
    });
    Ok(status)
}

async fn look(api: &Api, search: &Arc<Search>, wanted: SearchUploads) {
    let accounts = match wanted.account {
        Some(account) => vec![account],
        None => match api.accounts(Nothing {}).await {
            Ok(accounts) => accounts.into_iter().map(|account| account.id).collect(),
            Err(error) => return search.trouble("", None, error),
        },
    };
    let only = wanted.bucket.map(|name| BucketView {
        name,
        region: wanted.region,
        created: None,
    });
    let mut places = Vec::new();
    for id in accounts {
        match buckets(api, &id, only.clone()).await {
            Ok(found) => places.extend(found),
            Err(error) => search.trouble(&id, None, error),
        }
        lock(&search.found).buckets = u32::try_from(places.len()).unwrap_or(u32::MAX);
    }
    stream::iter(places)
        .for_each_concurrent(BUCKETS_AT_ONCE, |place| look_through(api, search, place))
        .await;
}

async fn buckets(
    api: &Api,
    account: &str,
    only: Option<BucketView>,
) -> Result<Vec<Place>, ApiError> {
    let row = api.account(account).await?;
    let buckets = if let Some(bucket) = only {
        vec![bucket]
    } else {
        let account = account.to_owned();
        api.buckets(AccountRef { account }).await?
    };
    Ok(buckets
        .into_iter()
        .map(|bucket| Place {
            account: row.clone(),
            bucket: bucket.name,
            region: bucket.region,
        })
        .collect())
}

async fn look_through(api: &Api, search: &Arc<Search>, place: Place) {
    if !search.goes_on() {
        return;
    }
    let outcome = async {
        let bucket = Bucket::parse(place.bucket.clone())
            .map_err(|error| ApiError::input("bucket", error.to_string()))?;
        let heard = |page: Vec<partway_engine::uploads::OpenUpload>| {
            let region = place.region.as_deref();
            let shown = page
                .into_iter()
                .map(|upload| super::shown(&place.account.id, &bucket, region, upload));
            lock(&search.found).uploads.extend(shown);
            search.goes_on()
        };
        api.engine()
            .open_uploads(&place.account, place.region.as_deref(), &bucket, &heard)
            .await?;
        Ok::<_, ApiError>(())
    };
    if let Err(error) = outcome.await {
        search.trouble(&place.account.id.0, Some(&place.bucket), error);
    }
    lock(&search.found).buckets_done += 1;
}
