//! What the program is made of that others wrote, as the build wrote it down.

use crate::api::Api;
use crate::contract::{Licence, Nothing};
use crate::error::ApiError;

/// Name, version and licence of each linked crate.
const LIST: &str = include_str!(concat!(env!("OUT_DIR"), "/licences.json"));

impl Api {
    /// Every crate that is linked into the program, with its licence.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn licences(&self, _: Nothing) -> Result<Vec<Licence>, ApiError> {
        let list: Vec<[String; 3]> = serde_json::from_str(LIST)
            .map_err(|error| ApiError::new("internal", error.to_string()))?;
        let told = |[name, version, licence]: [String; 3]| Licence {
            name,
            version,
            licence,
        };
        Ok(list.into_iter().map(told).collect())
    }
}
