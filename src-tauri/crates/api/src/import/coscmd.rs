//! `~/.cos.conf` of coscmd: one account, and the bucket it works with.
//!
//! Names as on Tencent Cloud's page "COSCMD 工具".

use partway_domain::DialectName;

use super::found::Found;
use super::sections;

pub(super) fn read(text: &str) -> Vec<Found> {
    let sections = sections::parse(text);
    let Some(common) = sections.iter().find(|section| section.name == "common") else {
        return Vec::new();
    };
    let endpoint = common.value("endpoint");
    let mut found = Found::at("coscmd", DialectName::Cos, endpoint, common.value("region"));
    let bucket = common.value("bucket");
    if !bucket.is_empty() {
        found.named_buckets = vec![bucket.to_owned()];
    }
    vec![found.with_key(
        common.value("secret_id"),
        common.value("secret_key"),
        Some(common.value("token")),
    )]
}
