//! `rclone.conf`: remotes of the type `s3`, whatever their provider.
//!
//! Names as on rclone's page "Amazon S3 Storage Providers". A file protected by a password begins
//! with a line that says so.

use partway_domain::{Addressing, DialectName};

use super::found::{Contents, Found};
use super::sections::{self, Section};

const ENCRYPTED: &str = "RCLONE_ENCRYPT_V0:";

pub(super) fn read(text: &str) -> Contents {
    if is_encrypted(text) {
        return Contents {
            found: Vec::new(),
            encrypted: true,
        };
    }
    let sections = sections::parse(text);
    let remotes = sections.iter().filter(|section| is_s3(section));
    Contents::open(remotes.map(account).collect())
}

fn is_encrypted(text: &str) -> bool {
    text.lines().any(|line| line.trim() == ENCRYPTED)
}

fn is_s3(section: &Section) -> bool {
    section.value("type") == "s3"
}

fn account(remote: &Section) -> Found {
    let endpoint = remote.value("endpoint");
    let named = remote.value("region");
    let host = endpoint.split("://").last().unwrap_or_default();
    let (dialect, region) = match remote.value("provider").to_lowercase().as_str() {
        "tencentcos" => (DialectName::Cos, second_word(host, "cos")),
        "huaweiobs" => (DialectName::Obs, second_word(host, "obs")),
        _ => (DialectName::S3, String::new()),
    };
    let region = match (named, dialect) {
        ("", DialectName::S3) => "us-east-1",
        ("" | "other-v2-signature", _) => region.as_str(),
        (named, _) => named,
    };
    let own_host = !endpoint.is_empty() && dialect == DialectName::S3;
    let mut found = Found::at(&remote.name, dialect, endpoint, region);
    // What rclone does unless it is told otherwise, except at Amazon.
    if own_host && remote.value("force_path_style") != "false" {
        found.addressing = Addressing::Path;
    }
    found.with_key(
        remote.value("access_key_id"),
        remote.value("secret_access_key"),
        Some(remote.value("session_token")),
    )
}

fn second_word(host: &str, first: &str) -> String {
    let mut words = host.split('.');
    match (words.next(), words.next()) {
        (Some(begins), Some(region)) if begins == first && region != "accelerate" => {
            region.to_owned()
        }
        _ => String::new(),
    }
}
