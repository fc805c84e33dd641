//! How the pages of a listing come.

use std::time::Duration;

use partway_domain::{Capability, Failure, FailureKind};
use partway_engine::capability::evidence;
use partway_engine::{self as engine, Engine};
use partway_protocol::dialect::dialect;
use partway_protocol::op::{self, Operation};

use super::Listing;
use crate::api::{Api, lock};
use crate::error::ApiError;

/// The most any provider answers in one page.
const PAGE: u32 = 1_000;

/// Somebody looks at an empty pane until the first page is there: after so long without it they
/// are told, while the engine would still send it again. One sending gets 30 s.
const FIRST_PAGE_WITHIN: Duration = Duration::from_secs(35);

impl Listing {
    /// Fetches the page at the cursor. On failure everything loaded stays.
    pub(super) async fn fetch(&self, engine: &Engine) -> Result<(), ApiError> {
        let page = self.page(engine).await?;
        let mut loaded = lock(&self.loaded);
        loaded.rest.trail.follow(&page).map_err(|endless| Failure {
            bucket: Some(self.bucket.to_string()),
            ..Failure::local(FailureKind::BadResponse, endless.to_string())
        })?;
        loaded.take_in(&page);
        loaded.complete = page.next.is_none();
        Ok(())
    }

    /// Fetches all that is left, many pages at once, until somebody stops it.
    pub(super) async fn fetch_rest(&self, api: &Api) -> Result<(), ApiError> {
        let place = engine::Place {
            account: self.account.id.clone(),
            region: self.region.clone(),
            bucket: self.bucket.clone(),
            prefix: self.prefix.clone(),
        };
        let start = lock(&self.loaded).rest.clone();
        let take = |page: &op::ObjectPage| {
            api.listings().change(self, |loaded| {
                // What came after the stop is not wanted any more.
                if !loaded.stopped {
                    loaded.take_in(page);
                }
                !loaded.stopped
            })
        };
        let whole = api.engine().read_level(&place, start, take).await?;
        lock(&self.loaded).complete = whole;
        Ok(())
    }

    /// Fetches the first page, or fails with [`FailureKind::Network`] when it takes too long.
    pub(super) async fn fetch_first(&self, engine: &Engine) -> Result<(), ApiError> {
        let answered = tokio::time::timeout(FIRST_PAGE_WITHIN, self.fetch(engine)).await;
        answered.unwrap_or_else(|_| {
            let silent = FIRST_PAGE_WITHIN.as_secs();
            Err(Failure {
                operation: op::ListObjects::NAME.to_owned(),
                bucket: Some(self.bucket.to_string()),
                ..Failure::local(
                    FailureKind::Network,
                    format!("the server did not answer within {silent} seconds; what is there is not known"),
                )
            }
            .into())
        })
    }

    /// The page at the cursor, by the first version of the call where the server has only that.
    async fn page(&self, engine: &Engine) -> Result<op::ObjectPage, Failure> {
        let (cursor, v1) = {
            let loaded = lock(&self.loaded);
            (loaded.rest.cursor.clone(), loaded.v1)
        };
        let mut operation = op::ListObjects {
            bucket: self.bucket.clone(),
            prefix: self.prefix.clone(),
            delimiter: Some('/'),
            cursor,
            start_after: None,
            max_keys: PAGE,
            v1,
            encoded: false,
        };
        let region = self.region.as_deref();
        let refused = match engine.call(&self.account, region, &operation).await {
            Ok(answer) => return Ok(answer.output),
            Err(failure) => failure,
        };
        let first = operation.cursor.is_none() && !v1;
        if !(first && dialect(self.account.dialect).lists_v2() && may_lack_v2(&refused)) {
            return Err(refused);
        }
        operation.v1 = true;
        let Ok(answer) = engine.call(&self.account, region, &operation).await else {
            return Err(refused);
        };
        lock(&self.loaded).v1 = true;
        let evidence = evidence(&refused);
        engine
            .learn_absence(
                &self.account,
                &self.bucket,
                Capability::ListObjectsV2,
                evidence,
            )
            .await?;
        Ok(answer.output)
    }
}

/// A server without the second version says so, or answers by the first: without a token to go
/// on with that is no whole answer.
fn may_lack_v2(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::NotSupported | FailureKind::BadResponse | FailureKind::Invalid
    )
}
