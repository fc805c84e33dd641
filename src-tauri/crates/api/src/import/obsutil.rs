//! `~/.obsutilconfig`: `name=value` lines, one account.
//!
//! Names as in Huawei Cloud's "Object Storage Service Tools Guide (obsutil)". Newer versions keep
//! the keys encrypted.

use partway_domain::DialectName;

use super::found::Found;
use super::sections;
use crate::contract::ImportObstacle;

/// Letters and digits of an AK and of an SK; encrypted ones are longer.
const KEY_ID: usize = 20;
const SECRET: usize = 40;

pub(super) fn read(text: &str) -> Vec<Found> {
    let sections = sections::parse(text);
    let Some(values) = sections.first() else {
        return Vec::new();
    };
    let endpoint = values.value("endpoint");
    let region = region_in(endpoint);
    let found = Found::at("obsutil", DialectName::Obs, endpoint, &region);
    let (id, secret) = (values.value("ak"), values.value("sk"));
    if id.len() > KEY_ID + KEY_ID / 2 || secret.len() > SECRET + SECRET / 2 {
        return vec![Found {
            obstacle: Some(ImportObstacle::Encrypted),
            ..found
        }];
    }
    vec![found.with_key(id, secret, Some(values.value("token")))]
}

/// `https://obs.eu-de.otc.t-systems.com` names its region.
fn region_in(endpoint: &str) -> String {
    let host = endpoint.split("://").last().unwrap_or_default();
    let mut words = host.split('.');
    match (words.next(), words.next()) {
        (Some("obs"), Some(region)) => region.to_owned(),
        _ => String::new(),
    }
}
