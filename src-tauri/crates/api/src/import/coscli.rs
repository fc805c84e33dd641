//! `~/.cos.yaml` of coscli: one key for all, and buckets with their endpoints.
//!
//! ```yaml
//! cos:
//!   base:
//!     secretid: AKID…
//!     secretkey: …
//!     sessiontoken: ""
//!     disableencryption: "true"
//!   buckets:
//!   - name: logs-1250000000
//!     alias: logs
//!     region: ap-guangzhou
//!     endpoint: cos.ap-guangzhou.myqcloud.com
//! ```
//! An account belongs to one region, so each region of the buckets becomes one. Names as on
//! Tencent Cloud's page "COSCLI 下载与安装配置". Only this shape of YAML is read: plain scalars,
//! one per line.

use partway_domain::DialectName;

use super::found::Found;
use crate::contract::ImportObstacle;

/// Every `SecretId` begins with it; one that does not is encrypted.
const KEY_ID_BEGINS: &str = "AKID";

#[derive(Default)]
struct Entry {
    name: String,
    region: String,
    endpoint: String,
}

pub(super) fn read(text: &str) -> Vec<Found> {
    let base = |name: &str| scalar_in(text, "base:", name);
    let (id, secret, token) = (base("secretid"), base("secretkey"), base("sessiontoken"));
    let plain = id.starts_with(KEY_ID_BEGINS);
    let mut all: Vec<Found> = Vec::new();
    for bucket in buckets(text) {
        let region = if bucket.region.is_empty() {
            region_in(&bucket.endpoint)
        } else {
            bucket.region
        };
        let here = Found::at("", DialectName::Cos, &bucket.endpoint, &region);
        match all.iter_mut().find(|known| known.endpoint == here.endpoint) {
            Some(known) => known.named_buckets.push(bucket.name),
            None => all.push(Found {
                name: format!("coscli {region}").trim_end().to_owned(),
                named_buckets: vec![bucket.name],
                ..here
            }),
        }
    }
    if all.is_empty() && !id.is_empty() {
        all.push(Found::at("coscli", DialectName::Cos, "", ""));
    }
    all.into_iter()
        .map(|found| {
            if plain {
                return found.with_key(&id, &secret, Some(&token));
            }
            Found {
                obstacle: (!id.is_empty()).then_some(ImportObstacle::Encrypted),
                ..found
            }
        })
        .collect()
}

fn buckets(text: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let list = text.lines().skip_while(|line| line.trim() != "buckets:");
    for line in list.skip(1).map(str::trim) {
        let inner = match line.strip_prefix("- ") {
            Some(first) => {
                found.push(Entry::default());
                first.trim()
            }
            None => line,
        };
        let (Some((name, value)), Some(entry)) = (inner.split_once(':'), found.last_mut()) else {
            continue;
        };
        let value = unquoted(value);
        match name.trim() {
            "name" => entry.name = value,
            "region" => entry.region = value,
            "endpoint" => entry.endpoint = value,
            _ => {}
        }
    }
    found.retain(|entry| !entry.name.is_empty());
    found
}

/// The value of a name below a heading, as far as the indentation goes.
fn scalar_in(text: &str, heading: &str, name: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip_while(|line| line.trim() != heading);
    let Some(head) = lines.next() else {
        return String::new();
    };
    lines
        .take_while(|line| line.trim().is_empty() || indent(line) > indent(head))
        .filter_map(|line| line.trim().split_once(':'))
        .find(|(known, _)| known.trim() == name)
        .map_or_else(String::new, |(_, value)| unquoted(value))
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"')
        .or_else(|| inner('\''))
        .unwrap_or(value)
        .to_owned()
}

/// `cos.ap-guangzhou.myqcloud.com` names its region.
fn region_in(endpoint: &str) -> String {
    let host = endpoint.split("://").last().unwrap_or_default();
    let mut words = host.split('.');
    match (words.next(), words.next()) {
        (Some("cos"), Some(region)) if region != "accelerate" => region.to_owned(),
        _ => String::new(),
    }
}
