//! What the account test learns about servers, and what copies do when something is lacking.

mod lacking;
mod learned;

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Behaviour, Memory, copy_of, open, open_behaving, settled};
use partway_api::contract::*;
use partway_api::{Api, ApiError};
use partway_democloud::{Provider, example_bucket};
use partway_domain::{AccountId, Bucket, Prefix};
use partway_protocol::op;

const ACCOUNTS: [(&str, Provider); 3] = [
    ("demo-cos", Provider::Cos),
    ("demo-obs", Provider::Obs),
    ("demo-s3", Provider::S3),
];

async fn behaving(folder: &std::path::Path, faults: &[&str], quirks: &[&str]) -> Api {
    let behaviour = Behaviour::of(faults, quirks);
    let api = open_behaving(folder, Arc::new(Memory::default()), behaviour).await;
    api.start_demo(Nothing {}).await.unwrap();
    api
}

async fn check(
    api: &Api,
    account: &str,
    bucket: Option<String>,
    probe: Option<&str>,
) -> AccountTest {
    let checkup = AccountCheckup {
        account: account.to_owned(),
        bucket,
        probe: probe.map(str::to_owned),
    };
    api.check_account(checkup).await.unwrap()
}

fn support(test: &AccountTest, name: &str) -> Support {
    let found = test.capabilities.iter().find(|one| one.name == name);
    found
        .unwrap_or_else(|| panic!("no {name}: {test:?}"))
        .support
}

fn outcome(test: &AccountTest, name: &str) -> CheckOutcome {
    let found = test.checks.iter().find(|one| one.name == name);
    found
        .unwrap_or_else(|| panic!("no {name}: {test:?}"))
        .outcome
}

fn failed(test: &AccountTest) -> Vec<&str> {
    let failed = test
        .checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Failed);
    failed.map(|check| check.name.as_str()).collect()
}

/// Objects, versions and uploads with a probe's name that are in a bucket.
async fn left(api: &Api, account: &str, bucket: &str) -> Vec<String> {
    let accounts = api.engine().journal().accounts().unwrap();
    let id = AccountId(account.to_owned());
    let account = accounts.iter().find(|have| have.id == id).unwrap();
    let bucket = Bucket::parse(bucket).unwrap();
    let uploads = op::ListMultipartUploads {
        bucket: bucket.clone(),
        prefix: Prefix::root(),
        cursor: None,
        encoded: false,
    };
    let objects = op::ListObjects {
        bucket: bucket.clone(),
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        start_after: None,
        max_keys: 1000,
        v1: true,
        encoded: false,
    };
    let versions = op::ListObjectVersions {
        bucket,
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        max_keys: 1000,
        encoded: false,
    };
    let engine = api.engine();
    let uploads = engine.call(account, None, &uploads).await.unwrap().output;
    let objects = engine.call(account, None, &objects).await.unwrap().output;
    let mut names: Vec<String> = Vec::new();
    names.extend(uploads.uploads.iter().map(|one| one.key.to_string()));
    names.extend(objects.entries.iter().map(|one| one.key.to_string()));
    // Servers without versions refuse this, and then the objects are all there is.
    if let Ok(page) = engine.call(account, None, &versions).await {
        names.extend(page.output.versions.iter().map(|one| one.key.to_string()));
    }
    names.retain(|name| name.contains("partway-probe"));
    names
}

fn request(account: &str, provider: Provider, prefix: &str, key: &str) -> CopyRequest {
    let place = |word: &str, prefix: &str| Place {
        account: account.to_owned(),
        bucket: example_bucket(provider, word),
        region: None,
        prefix: prefix.to_owned(),
    };
    CopyRequest {
        overwrite: true,
        ..copy_of(place("datasets", prefix), &[key], place("backup", "in/"))
    }
}

async fn only_transfer(api: &Api, job: u32) -> TransferView {
    let request = TransfersRequest {
        job,
        after: None,
        limit: 10,
    };
    api.transfers(request).await.unwrap().remove(0)
}

fn fallbacks(plan: &CopyPlan) -> Vec<&str> {
    let names = plan.fallbacks.iter().map(|one| one.capability.as_str());
    names.collect()
}
