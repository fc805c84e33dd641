//! `ls`: buckets, or one level of a place.

use std::time::Duration;

use clap::Args;
use partway_api::contract::{
    AccountRef, AccountView, BucketView, ListingStatus, Nothing, OpenListing, Row, RowsRequest,
};
use partway_api::{Api, ApiError};
use serde::Serialize;

use crate::address::{Address, scheme_of, url};
use crate::exit::Exit;
use crate::quantity;
use crate::terminal::{Terminal, readable};

/// Rows asked for at once.
const WINDOW: u32 = 1_000;

/// While the next page is under way.
const PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Bucket or prefix; without it the buckets of all accounts.
    address: Option<Address>,
}

pub(crate) async fn run(args: LsArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    match args.address {
        None => all_buckets(&api, terminal).await,
        Some(address) if address.bucket.is_none() => {
            let account = address.account(&api).await?;
            buckets(&api, &account, terminal).await?;
            Ok(Exit::Done)
        }
        Some(address) => level(&api, &address, terminal).await,
    }
}

async fn all_buckets(api: &Api, terminal: &Terminal) -> Result<Exit, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    if accounts.is_empty() {
        terminal.note("There are no accounts; add one with `partway-cli account add`.");
    }
    // One account that cannot be listed does not hide the others.
    let mut worst = Exit::Done;
    for account in accounts {
        if let Err(error) = buckets(api, &account, terminal).await {
            terminal.note(&format!("{}:", account.name));
            terminal.complain(&error);
            worst = worst.max(Exit::of(&error));
        }
    }
    Ok(worst)
}

#[derive(Serialize)]
struct BucketLine<'a> {
    account: &'a str,
    bucket: &'a str,
    region: Option<&'a str>,
    created: Option<&'a str>,
    url: String,
}

async fn buckets(api: &Api, account: &AccountView, terminal: &Terminal) -> Result<(), ApiError> {
    let reference = AccountRef {
        account: account.id.clone(),
    };
    for BucketView {
        name,
        region,
        created,
    } in api.buckets(reference).await?
    {
        let url = format!("{}://{}@{name}", scheme_of(account.dialect), account.name);
        if terminal.json {
            terminal.value(&BucketLine {
                account: &account.name,
                bucket: &name,
                region: region.as_deref(),
                created: created.as_deref(),
                url,
            });
        } else {
            terminal.say(&format!("{url}  {}", region.unwrap_or_default()));
        }
    }
    Ok(())
}

async fn level(api: &Api, address: &Address, terminal: &Terminal) -> Result<Exit, ApiError> {
    let account = address.account(api).await?;
    let place = address.place(api).await?;
    let bucket = place.bucket.clone();
    let open = OpenListing {
        place,
        load_all: true,
    };
    let ListingStatus { listing, .. } = api.open_listing(open).await?;
    let mut start = 0;
    loop {
        let request = RowsRequest {
            listing,
            start,
            count: WINDOW,
        };
        let window = api.rows(request).await?;
        start += u32::try_from(window.rows.len()).unwrap_or(WINDOW);
        for row in &window.rows {
            show(row, &account, &bucket, terminal);
        }
        if terminal.is_closed() {
            return Ok(Exit::Done);
        }
        if start < window.status.rows {
            continue;
        }
        if window.status.loading {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        // What was listed stays listed; that it is not everything is said.
        if let Some(error) = window.status.error {
            return Err(error);
        }
        if start == 0 && !terminal.json {
            let place = readable(&format!("{bucket}/{}", address.key));
            terminal.note(&format!("There is nothing under {place}"));
        }
        return Ok(Exit::Done);
    }
}

#[derive(Serialize)]
struct RowLine<'a> {
    key: &'a str,
    prefix: bool,
    size: Option<u64>,
    modified: Option<&'a str>,
    etag: Option<&'a str>,
    storage_class: Option<&'a str>,
    url: String,
}

fn show(row: &Row, account: &AccountView, bucket: &str, terminal: &Terminal) {
    if terminal.json {
        terminal.value(&RowLine {
            key: &row.key,
            prefix: row.is_prefix,
            size: row.size.map(quantity::whole),
            modified: row.modified.as_deref(),
            etag: row.etag.as_deref(),
            storage_class: row.storage_class.as_deref(),
            url: url(account.dialect, &account.name, bucket, &row.key),
        });
        return;
    }
    let size = row.size.map(quantity::bytes).unwrap_or_default();
    let modified = row.modified.as_deref().unwrap_or_default();
    terminal.say(&format!(
        "{size:>12}  {modified:24}  {}",
        readable(&row.key)
    ));
}
