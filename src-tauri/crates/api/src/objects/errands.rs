//! Errands: one thing done to many objects. They run by themselves; the window asks how far
//! they are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use partway_domain::Access;
use partway_engine::objects::errand::{Errand as Work, News};
use partway_protocol::op;

use super::{change, tags};
use crate::api::{Api, lock};
use crate::contract::{
    BeginErrand, Errand, ErrandFailure, ErrandRef, ErrandStatus, Nothing, RestoreTier,
};
use crate::error::ApiError;

/// Refusals that are named; more are only counted.
const NAMED_FAILURES: usize = 100;

/// All errands the window has not closed yet.
#[derive(Debug, Default)]
pub(crate) struct Errands {
    next: AtomicU32,
    open: Mutex<HashMap<u32, Arc<Running>>>,
}

#[derive(Debug)]
struct Running {
    id: u32,
    stopped: AtomicBool,
    figures: Mutex<Figures>,
}

#[derive(Debug, Default)]
struct Figures {
    found: u64,
    bytes: u64,
    done: u64,
    failed: u64,
    failures: Vec<ErrandFailure>,
    ended: bool,
    error: Option<ApiError>,
}

impl Errands {
    fn open(&self) -> Arc<Running> {
        let running = Arc::new(Running {
            id: self.next.fetch_add(1, Ordering::Relaxed) + 1,
            stopped: AtomicBool::new(false),
            figures: Mutex::default(),
        });
        lock(&self.open).insert(running.id, Arc::clone(&running));
        running
    }

    fn find(&self, id: u32) -> Result<Arc<Running>, ApiError> {
        lock(&self.open).get(&id).cloned().ok_or_else(|| {
            ApiError::new(
                "not_found",
                format!("there is no errand {id}; it was closed"),
            )
        })
    }
}

impl Running {
    fn hear(&self, news: News) -> bool {
        let mut figures = lock(&self.figures);
        match news {
            News::Found { objects, bytes } => {
                figures.found += objects;
                figures.bytes += bytes;
            }
            News::Done(objects) => figures.done += objects,
            News::Refused(key, failure) => {
                figures.done += 1;
                figures.failed += 1;
                if figures.failures.len() < NAMED_FAILURES {
                    figures.failures.push(ErrandFailure {
                        key: key.as_str().to_owned(),
                        error: (*failure).into(),
                    });
                }
            }
        }
        !self.stopped.load(Ordering::Relaxed)
    }

    fn status(&self) -> ErrandStatus {
        let figures = lock(&self.figures);
        ErrandStatus {
            errand: self.id,
            found: figures.found as f64,
            bytes: figures.bytes as f64,
            done: figures.done as f64,
            failed: figures.failed as f64,
            ended: figures.ended,
            stopped: self.stopped.load(Ordering::Relaxed),
            failures: figures.failures.clone(),
            error: figures.error.clone(),
        }
    }
}

impl Api {
    /// Begins an errand and answers at once.
    pub async fn begin_errand(&self, begin: BeginErrand) -> Result<ErrandStatus, ApiError> {
        self.account(&begin.objects.place.account).await?;
        let work = work(begin.errand)?;
        let set = change::set(begin.objects)?;
        let running = self.errands().open();
        let (api, task) = (self.clone(), Arc::clone(&running));
        tokio::spawn(async move {
            let outcome = api
                .engine()
                .run_errand(&set, &work, &|news| task.hear(news))
                .await;
            let mut figures = lock(&task.figures);
            figures.error = outcome.err().map(Into::into);
            figures.ended = true;
        });
        Ok(running.status())
    }

    /// How far an errand is.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn errand(&self, errand: ErrandRef) -> Result<ErrandStatus, ApiError> {
        Ok(self.errands().find(errand.errand)?.status())
    }

    /// Does nothing more; what is done stays done.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn stop_errand(&self, errand: ErrandRef) -> Result<ErrandStatus, ApiError> {
        let running = self.errands().find(errand.errand)?;
        running.stopped.store(true, Ordering::Relaxed);
        Ok(running.status())
    }

    /// Stops an errand and forgets it; one that is closed already is no error.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn close_errand(&self, errand: ErrandRef) -> Result<Nothing, ApiError> {
        if let Some(running) = lock(&self.errands().open).remove(&errand.errand) {
            running.stopped.store(true, Ordering::Relaxed);
        }
        Ok(Nothing {})
    }
}

fn work(errand: Errand) -> Result<Work, ApiError> {
    Ok(match errand {
        Errand::Count => Work::Count,
        Errand::Delete { versions: false } => Work::Delete,
        Errand::Delete { versions: true } => Work::DeleteVersions,
        Errand::Restore { tier, days } => Work::Restore {
            tier: match tier {
                RestoreTier::Expedited => op::RestoreTier::Expedited,
                RestoreTier::Standard => op::RestoreTier::Standard,
                RestoreTier::Bulk => op::RestoreTier::Bulk,
            },
            days,
        },
        Errand::Tag { tags } => {
            tags::check(&tags)?;
            Work::Tag(tags)
        }
        Errand::Access { canned } => Work::Access(Access::Canned(canned)),
    })
}
