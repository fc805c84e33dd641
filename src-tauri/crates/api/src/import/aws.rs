//! `~/.aws/credentials`, with region, endpoint and addressing from `~/.aws/config`.
//!
//! Names as in "Configuration and credential file settings" of the AWS CLI's user guide.

use partway_domain::{Addressing, DialectName};

use super::found::Found;
use super::sections::{self, Section};

/// Where a profile that names no region works.
const USUAL_REGION: &str = "us-east-1";

pub(super) fn read(credentials: &str, config: &str) -> Vec<Found> {
    let config = sections::parse(config);
    sections::parse(credentials)
        .iter()
        .filter(|section| !section.name.is_empty())
        .map(|section| account(section, profile(&config, &section.name)))
        .collect()
}

fn account(keys: &Section, profile: Option<&Section>) -> Found {
    let told = |name: &str| {
        let own = keys.value(name);
        match (own.is_empty(), profile) {
            (true, Some(profile)) => profile.value(name),
            _ => own,
        }
    };
    let region = match told("region") {
        "" => USUAL_REGION,
        region => region,
    };
    let mut found = Found::at(&keys.name, DialectName::S3, told("endpoint_url"), region);
    if told("addressing_style") == "path" {
        found.addressing = Addressing::Path;
    }
    found.with_key(
        keys.value("aws_access_key_id"),
        keys.value("aws_secret_access_key"),
        Some(keys.value("aws_session_token")),
    )
}

/// In the configuration every profile but the default one stands as `[profile NAME]`.
fn profile<'a>(config: &'a [Section], name: &str) -> Option<&'a Section> {
    config.iter().find(|section| {
        section.name == name
            || section
                .name
                .strip_prefix("profile ")
                .is_some_and(|rest| rest.trim() == name)
    })
}
