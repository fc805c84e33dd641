//! What a file holds, before it is known whether it can be used.

use partway_domain::{Addressing, DialectName};
use partway_protocol::credential::Credential;
use partway_protocol::region;

use super::endpoint_of;
use crate::contract::ImportObstacle;

/// An account as another program keeps it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) dialect: DialectName,
    /// Empty where nothing names one.
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) addressing: Addressing,
    pub(super) named_buckets: Vec<String>,
    pub(super) credential: Option<Credential>,
    pub(super) obstacle: Option<ImportObstacle>,
}

/// All of a file.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) found: Vec<Found>,
    /// Nothing can be read.
    pub(super) encrypted: bool,
}

impl Contents {
    pub(super) fn open(found: Vec<Found>) -> Self {
        Self {
            found,
            encrypted: false,
        }
    }
}

impl Found {
    /// An account at a place: the endpoint as it is written, or the region's own.
    pub(super) fn at(name: &str, dialect: DialectName, endpoint: &str, region: &str) -> Self {
        let region = region::canonical(dialect, region.trim()).to_owned();
        let endpoint = match endpoint_of(endpoint) {
            none if none.is_empty() => region::host_of(dialect, &region)
                .filter(|_| !region.is_empty())
                .map_or_else(String::new, |host| format!("https://{host}")),
            given => given,
        };
        Self {
            name: name.to_owned(),
            dialect,
            endpoint,
            region,
            addressing: Addressing::VirtualHost,
            named_buckets: Vec::new(),
            credential: None,
            obstacle: None,
        }
    }

    /// Both halves, or none: one alone is no key.
    pub(super) fn with_key(mut self, id: &str, secret: &str, token: Option<&str>) -> Self {
        if !id.is_empty() && !secret.is_empty() {
            self.credential = Some(Credential {
                access_key: id.to_owned(),
                secret_key: secret.to_owned(),
                token: token.filter(|text| !text.is_empty()).map(str::to_owned),
            });
        }
        self
    }
}
