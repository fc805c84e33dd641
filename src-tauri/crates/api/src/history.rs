//! History as commands: what ended, by what it was about and how it went.

use partway_domain::{AccountId, JobId};
use partway_journal::table::history::{Ending, Wanted};
use partway_journal::table::search::Place;

use crate::api::Api;
use crate::contract::{
    HistoryFilter, HistoryFound, HistoryMatch, HistoryPage, HistoryResult, MatchedIn, SearchHistory,
};
use crate::error::ApiError;
use crate::view;

pub(crate) mod again;
mod command;
mod export;
pub(crate) mod retention;

/// No page is larger, whatever is asked for.
const LARGEST_PAGE: u32 = 500;

impl Api {
    /// Ended jobs, newest first.
    pub async fn search_history(&self, request: SearchHistory) -> Result<HistoryPage, ApiError> {
        let wanted = wanted(request.filter);
        let before = request.before.map(|job| JobId(job.into()));
        let limit = request.limit.clamp(1, LARGEST_PAGE);
        let page = self
            .journal(move |journal| journal.ended_jobs(&wanted, before, limit))
            .await?;
        let (rows, hits): (Vec<_>, Vec<_>) = page.jobs.into_iter().unzip();
        let jobs = view::jobs(self, rows).await?;
        let found = jobs.into_iter().zip(hits).map(|(job, hit)| HistoryFound {
            job,
            matched: hit.map(|hit| HistoryMatch {
                what: match hit.place {
                    Place::Place => MatchedIn::Place,
                    Place::Key => MatchedIn::Key,
                    Place::RequestId => MatchedIn::RequestId,
                },
                text: hit.text,
            }),
        });
        Ok(HistoryPage {
            found: found.collect(),
            next: page.next.map(|job| view::number(job.0)),
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "times within some thousand years, and sizes that are not negative"
)]
fn wanted(filter: HistoryFilter) -> Wanted {
    Wanted {
        text: filter.text.trim().to_owned(),
        since_ms: filter.since_ms.map(|at| at as i64),
        until_ms: filter.until_ms.map(|at| at as i64),
        account: filter.account.map(AccountId),
        ending: filter.result.map(|result| match result {
            HistoryResult::Done => Ending::Done,
            HistoryResult::Failures => Ending::Failures,
            HistoryResult::Cancelled => Ending::Cancelled,
        }),
        min_bytes: filter.min_bytes.map_or(0, |bytes| bytes.max(0.0) as u64),
    }
}
