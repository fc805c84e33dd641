//! Listings: rows stream into Rust page by page and are asked for by window.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use partway_domain::{Account, Bucket, Capability, Prefix};
use partway_engine::ListingStart;
use partway_protocol::op;
use tokio::sync::watch;

use crate::api::{Api, blocking, lock};
use crate::contract::{
    FilterListing, FindRow, FoundRow, KeysOfRows, ListingRef, ListingStatus, Nothing, OpenListing,
    Place, RowSums, RowWindow, RowsRequest, SearchPlace, SelectedKeys, SortListing,
};
use crate::error::ApiError;

mod pages;
mod rows;

use rows::{Column, Filter, Rows};

/// Entries loaded without being asked for more.
const LOADED_AT_ONCE: u32 = 10_000;

/// No window is larger, whatever is asked for.
const LARGEST_WINDOW: u32 = 2_000;

/// All open listings.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    next: AtomicU32,
    open: Mutex<HashMap<u32, Arc<Listing>>>,
    /// Rises with every change of any listing.
    version: watch::Sender<u64>,
}

/// One level of a place, as far as it is loaded.
#[derive(Debug)]
struct Listing {
    id: u32,
    account: Account,
    region: Option<String>,
    bucket: Bucket,
    prefix: Prefix,
    /// What is left out of the names shown: the prefix, or less of it when names are searched.
    shown_under: Prefix,
    loaded: Mutex<Loaded>,
}

#[allow(
    clippy::struct_excessive_bools,
    reason = "the end, the work and the two wishes are independent"
)]
#[derive(Debug, Default)]
struct Loaded {
    rows: Rows,
    /// Where the rest begins.
    rest: ListingStart,
    last_prefix: Option<String>,
    complete: bool,
    loading: bool,
    load_all: bool,
    stopped: bool,
    /// The server has only the first version of the call.
    v1: bool,
    error: Option<ApiError>,
    /// When it last changed, by [`Listings::version`].
    version: u64,
}

impl Loaded {
    /// Adds the rows of a page. A prefix whose keys reach over its end may come on the next too.
    fn take_in(&mut self, page: &op::ObjectPage) {
        for prefix in page.prefixes.iter().map(Prefix::as_str) {
            if self.last_prefix.as_deref() != Some(prefix) {
                self.rows.push_prefix(prefix);
            }
        }
        for entry in &page.entries {
            self.rows.push_object(entry);
        }
        let prefix = page.prefixes.last().map(Prefix::as_str);
        let key = page.entries.last().map(|entry| entry.key.as_str());
        if let Some(last) = key.max(prefix) {
            self.rest.after = Some(last.to_owned());
        }
        if let Some(prefix) = prefix {
            self.last_prefix = Some(prefix.to_owned());
        }
        self.rest.cursor.clone_from(&page.next);
        self.error = None;
    }

    fn wants_more(&self) -> bool {
        !self.complete && !self.stopped && (self.load_all || self.rows.len() < LOADED_AT_ONCE)
    }
}

impl Listing {
    fn status(&self, loaded: &Loaded) -> ListingStatus {
        ListingStatus {
            listing: self.id,
            rows: loaded.rows.len(),
            shown: loaded.rows.shown(),
            classes: loaded.rows.classes(),
            complete: loaded.complete,
            loading: loaded.loading,
            error: loaded.error.clone(),
        }
    }
}

impl Listings {
    /// Hears of every change; the number says which listings changed since.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Listings that changed after `since`.
    pub(crate) fn changed(&self, since: u64) -> Vec<ListingStatus> {
        let open: Vec<_> = lock(&self.open).values().cloned().collect();
        open.iter()
            .filter_map(|listing| {
                let loaded = lock(&listing.loaded);
                (loaded.version > since).then(|| listing.status(&loaded))
            })
            .collect()
    }

    fn find(&self, id: u32) -> Result<Arc<Listing>, ApiError> {
        lock(&self.open).get(&id).cloned().ok_or_else(|| {
            ApiError::new(
                "not_found",
                format!("listing {id} is closed; open the place again"),
            )
        })
    }

    /// Changes a listing and tells the subscribers.
    fn change<T>(&self, listing: &Listing, change: impl FnOnce(&mut Loaded) -> T) -> T {
        let mut loaded = lock(&listing.loaded);
        let result = change(&mut loaded);
        self.version.send_modify(|version| {
            *version += 1;
            loaded.version = *version;
        });
        result
    }
}

impl Api {
    /// Opens a listing. Answers as soon as the first page is there; later pages follow by
    /// themselves.
    pub async fn open_listing(&self, open: OpenListing) -> Result<ListingStatus, ApiError> {
        let shown_under = open.place.prefix.clone();
        self.open_level(open.place, shown_under, open.load_all)
            .await
    }

    /// Opens a listing of what starts with a text; otherwise like [`Self::open_listing`].
    pub async fn search_place(&self, search: SearchPlace) -> Result<ListingStatus, ApiError> {
        let shown_under = search.place.prefix.clone();
        let prefix = format!("{shown_under}{}", search.starts_with);
        let place = Place {
            prefix,
            ..search.place
        };
        self.open_level(place, shown_under, false).await
    }

    async fn open_level(
        &self,
        place: Place,
        shown_under: String,
        load_all: bool,
    ) -> Result<ListingStatus, ApiError> {
        let place = crate::copy::place(place)?;
        let shown_under = Prefix::parse(shown_under)
            .map_err(|error| ApiError::input("prefix", error.to_string()))?;
        let account = self.account(&place.account.0).await?;
        let (id, bucket) = (account.id.clone(), place.bucket.clone());
        let known = self
            .journal(move |journal| journal.capabilities(&id, Some(&bucket)))
            .await?;
        let listing = Arc::new(Listing {
            id: self.listings().next.fetch_add(1, Ordering::Relaxed) + 1,
            account,
            region: place.region,
            bucket: place.bucket,
            prefix: place.prefix,
            shown_under,
            loaded: Mutex::new(Loaded {
                load_all,
                v1: known.lacks(Capability::ListObjectsV2),
                ..Loaded::default()
            }),
        });
        listing.fetch_first(self.engine()).await?;
        lock(&self.listings().open).insert(listing.id, Arc::clone(&listing));
        self.load_on(&listing);
        let loaded = lock(&listing.loaded);
        Ok(listing.status(&loaded))
    }

    /// Loads everything that is left, also after a stop or an error.
    pub async fn load_rest(&self, listing: ListingRef) -> Result<ListingStatus, ApiError> {
        self.with_listing(listing.listing, |api, listing| {
            {
                let mut loaded = lock(&listing.loaded);
                loaded.load_all = true;
                loaded.stopped = false;
                loaded.error = None;
            }
            api.load_on(listing);
            Ok(listing.status(&lock(&listing.loaded)))
        })
        .await
    }

    /// Fetches no further page; what is loaded stays.
    pub async fn stop_listing(&self, listing: ListingRef) -> Result<ListingStatus, ApiError> {
        self.with_listing(listing.listing, |api, listing| {
            Ok(api.listings().change(listing, |loaded| {
                loaded.stopped = true;
                listing.status(loaded)
            }))
        })
        .await
    }

    /// Orders what is loaded: prefixes first, then objects. Rows that come later follow at the
    /// end until it is sorted again, so that nothing on the screen moves by itself.
    pub async fn sort_listing(&self, sort: SortListing) -> Result<ListingStatus, ApiError> {
        let Some(by) = Column::of(&sort.by) else {
            return Err(ApiError::input(
                "by",
                format!(
                    "there is no column {:?}; use name, size, modified or class",
                    sort.by
                ),
            ));
        };
        self.with_listing(sort.listing, move |api, listing| {
            Ok(api.listings().change(listing, |loaded| {
                loaded.rows.sort(by, sort.descending);
                listing.status(loaded)
            }))
        })
        .await
    }

    /// Shows only rows that pass a filter. Rows that come later are held against it too.
    pub async fn filter_listing(&self, filter: FilterListing) -> Result<ListingStatus, ApiError> {
        self.with_listing(filter.listing, move |api, listing| {
            let filter = Filter::new(&filter, listing.shown_under.as_str());
            Ok(api.listings().change(listing, |loaded| {
                loaded.rows.filter(filter);
                listing.status(loaded)
            }))
        })
        .await
    }

    /// Rows by place, at most two thousand at once.
    pub async fn rows(&self, request: RowsRequest) -> Result<RowWindow, ApiError> {
        self.with_listing(request.listing, move |_, listing| {
            let loaded = lock(&listing.loaded);
            let count = request.count.min(LARGEST_WINDOW);
            Ok(RowWindow {
                status: listing.status(&loaded),
                start: request.start,
                rows: loaded
                    .rows
                    .window(request.start, count, listing.shown_under.as_str()),
            })
        })
        .await
    }

    /// Where a name begins like this.
    pub async fn find_row(&self, wanted: FindRow) -> Result<FoundRow, ApiError> {
        self.with_listing(wanted.listing, move |_, listing| {
            let loaded = lock(&listing.loaded);
            let row = loaded
                .rows
                .find(&wanted.text, listing.shown_under.as_str().len());
            Ok(FoundRow { row })
        })
        .await
    }

    /// How much a selection is.
    pub async fn sum_rows(&self, request: KeysOfRows) -> Result<RowSums, ApiError> {
        self.with_listing(request.listing, move |_, listing| {
            Ok(lock(&listing.loaded).rows.sum(&request.intervals))
        })
        .await
    }

    /// The keys of a selection.
    pub async fn keys_of_rows(&self, request: KeysOfRows) -> Result<SelectedKeys, ApiError> {
        self.with_listing(request.listing, move |_, listing| {
            let (keys, prefixes, bytes) = lock(&listing.loaded).rows.select(&request.intervals);
            Ok(SelectedKeys {
                keys,
                prefixes,
                bytes: bytes as f64,
            })
        })
        .await
    }

    /// Forgets a listing and its rows; one that is closed already is no error.
    pub async fn close_listing(&self, listing: ListingRef) -> Result<Nothing, ApiError> {
        let closed = lock(&self.listings().open).remove(&listing.listing);
        // Dropping a million rows takes a moment too.
        blocking(move || {
            if let Some(listing) = closed {
                lock(&listing.loaded).stopped = true;
            }
            Ok::<_, ApiError>(Nothing {})
        })
        .await
    }

    /// Works on an open listing where it may block: sorting a million rows holds them a while.
    async fn with_listing<T: Send + 'static>(
        &self,
        id: u32,
        work: impl FnOnce(&Self, &Arc<Listing>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let listing = self.listings().find(id)?;
        let api = self.clone();
        blocking(move || work(&api, &listing)).await
    }

    /// Streams pages in the background until there is enough, unless that happens already.
    fn load_on(&self, listing: &Arc<Listing>) {
        {
            let mut loaded = lock(&listing.loaded);
            if loaded.loading || !loaded.wants_more() {
                return;
            }
            loaded.loading = true;
        }
        let (api, listing) = (self.clone(), Arc::clone(listing));
        tokio::spawn(async move {
            loop {
                let everything = lock(&listing.loaded).load_all;
                let fetched = if everything {
                    listing.fetch_rest(&api).await
                } else {
                    listing.fetch(api.engine()).await
                };
                let goes_on = api.listings().change(&listing, |loaded| {
                    loaded.error = fetched.err();
                    loaded.loading = loaded.error.is_none() && loaded.wants_more();
                    loaded.loading
                });
                if !goes_on {
                    return;
                }
            }
        });
    }
}
