//! Links that work without an account, for a while.

use std::time::Duration;

use crate::api::Api;
use crate::contract::{PresignObject, PresignedLink};
use crate::error::ApiError;

/// The longest any of the providers lets a link live: seven days.
const LONGEST_SECONDS: u32 = 7 * 24 * 3600;

impl Api {
    /// Makes a link to read an object. Nothing is sent, and nobody but the caller learns it.
    pub async fn presign_object(&self, wanted: PresignObject) -> Result<PresignedLink, ApiError> {
        if !(1..=LONGEST_SECONDS).contains(&wanted.seconds) {
            return Err(ApiError::input(
                "seconds",
                "a link works for one second to seven days",
            ));
        }
        let subject = self.subject(wanted.object).await?;
        if subject.customer_key.is_some() {
            return Err(ApiError::input(
                "key_md5",
                "an object that is encrypted with a key of your own cannot be read by a link: the key would have to be sent with it",
            ));
        }
        let mut operation = subject.get();
        if wanted.as_download {
            let header = ("content-disposition".to_owned(), "attachment".to_owned());
            operation.overrides.push(header);
        }
        let lifetime = Duration::from_secs(wanted.seconds.into());
        let (url, until_ms) = self
            .engine()
            .link(&subject.account, subject.region(), &operation, lifetime)
            .await?;
        Ok(PresignedLink {
            url,
            until_ms: until_ms as f64,
        })
    }
}
