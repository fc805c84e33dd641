//! An upload whose Create was intended but whose id never reached the journal: is it there,
//! and can it be proven ours?

use partway_domain::planted::{self, Bug};
use partway_domain::{Capability, FailureKind, Prefix, UploadId};
use partway_journal::JournalError;
use partway_protocol::op::{
    ListMultipartUploads, ListParts, ListedPart, ListedUpload, Operation as _, Trail,
};

use super::Obstacle;
use crate::call::CallError;
use crate::capability::is_lacking;
use crate::driver::run::Run;

/// How far the server's clock may be behind ours beyond what was known, in milliseconds.
const CLOCKS_APART_MS: i64 = 2 * 60 * 1000;

/// What was found on the server.
pub(crate) enum Found {
    /// Nothing that could be ours.
    Nothing,
    /// The one upload that can only be ours.
    Ours(UploadId),
    /// So many that ours cannot be told from others.
    Uncertain(Vec<UploadId>),
    /// None that could be ours, but some with parts that fit our plan.
    Fitting(Vec<UploadId>),
}

/// What an upload holds.
enum Contents {
    Empty,
    /// Parts that our plan has as well.
    Fitting,
    /// Parts of another plan, or what we may not see.
    Other,
}

impl Run {
    /// Looks for the upload a lost Create may have left: for our key, begun since we meant
    /// to, without parts, and not one that another transfer of ours holds. `intended_ms` is by the
    /// server's clock, as the times of uploads are.
    pub(crate) async fn find_candidate(&self, intended_ms: i64) -> Result<Found, Obstacle> {
        let uploads = self.list_uploads_of_key().await?;
        let since_ms = intended_ms - CLOCKS_APART_MS;
        let (mut ours, mut fitting) = (Vec::new(), Vec::new());
        for upload in uploads {
            if self.is_held_elsewhere(&upload.upload_id)? {
                continue;
            }
            if planted::is(Bug::AdoptAnyUpload) {
                return Ok(Found::Ours(upload.upload_id));
            }
            let young = begun_ms(&upload.initiated).is_none_or(|at| at >= since_ms);
            match self.contents(&upload).await? {
                Contents::Empty if young => ours.push(upload.upload_id),
                Contents::Fitting => fitting.push(upload.upload_id),
                Contents::Empty | Contents::Other => {}
            }
        }
        Ok(match (ours.len(), fitting.is_empty()) {
            (0, true) => Found::Nothing,
            (0, false) => Found::Fitting(fitting),
            (1, _) => Found::Ours(ours.remove(0)),
            _ => Found::Uncertain(ours),
        })
    }

    /// The open uploads of our key.
    pub(super) async fn list_uploads_of_key(&self) -> Result<Vec<ListedUpload>, Obstacle> {
        let side = &self.route.destination;
        let key = &self.row.destination_key;
        let Ok(prefix) = Prefix::parse(key.as_str()) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let mut cursor = None;
        let mut trail = Trail::default();
        loop {
            let operation = ListMultipartUploads {
                bucket: side.bucket.clone(),
                prefix: prefix.clone(),
                cursor,
                encoded: false,
            };
            let page = match self.ask(side, &operation).await {
                Err(CallError::Failed { failure, .. })
                    if is_lacking(&failure, ListMultipartUploads::NAME) =>
                {
                    self.shared
                        .learn_absence(side, Capability::ListUploads, &failure)
                        .await?;
                    self.shared.note(self.missing(
                        "the server cannot list uploads: one may be left open there until it expires",
                    ));
                    return Ok(found);
                }
                answer => answer?.output,
            };
            trail.follow(&page).map_err(CallError::endless)?;
            found.extend(page.uploads.into_iter().filter(|upload| upload.key == *key));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// What the first page of an upload's parts shows.
    async fn contents(&self, upload: &ListedUpload) -> Result<Contents, Obstacle> {
        let side = &self.route.destination;
        let operation = ListParts {
            bucket: side.bucket.clone(),
            key: self.row.destination_key.clone(),
            upload_id: upload.upload_id.clone(),
            after: None,
        };
        let parts = match self.ask(side, &operation).await {
            Ok(answer) => answer.output.parts,
            // Not provably ours; one that ended meanwhile is nobody's.
            Err(CallError::Failed { failure, .. })
                if is_lacking(&failure, ListParts::NAME)
                    || matches!(
                        failure.kind,
                        FailureKind::NoSuchUpload | FailureKind::AccessDenied
                    ) =>
            {
                return Ok(Contents::Other);
            }
            Err(other) => return Err(other.into()),
        };
        let plan = self.plan();
        let fits = |part: &ListedPart| {
            let range = plan.and_then(|plan| plan.range(part.number));
            range.is_some_and(|range| range.len() == part.size)
        };
        Ok(match parts.as_slice() {
            [] => Contents::Empty,
            parts if parts.iter().all(fits) => Contents::Fitting,
            _ => Contents::Other,
        })
    }

    /// Another unfinished transfer of ours writes the same key with that upload.
    fn is_held_elsewhere(&self, upload_id: &UploadId) -> Result<bool, JournalError> {
        let journal = self.shared.record.journal();
        for job in journal.unfinished_jobs()? {
            if job.destination_bucket != self.route.destination.bucket {
                continue;
            }
            let mut after = None;
            loop {
                let page = journal.transfers(job.id, after, 500)?;
                let held = page.iter().any(|row| {
                    row.id != self.row.id
                        && row
                            .upload
                            .as_ref()
                            .is_some_and(|upload| upload.upload_id.as_ref() == Some(upload_id))
                });
                if held {
                    return Ok(true);
                }
                match page.last() {
                    Some(last) if page.len() == 500 => after = Some(last.id),
                    _ => break,
                }
            }
        }
        Ok(false)
    }
}

/// When a server says an upload began. Servers leave out the zone and mean UTC; what cannot
/// be read rules nothing out.
fn begun_ms(initiated: &str) -> Option<i64> {
    partway_protocol::time::parse_ms(initiated)
}

#[cfg(test)]
mod tests {
    use super::begun_ms;

    #[test]
    fn times_with_and_without_zone_and_fraction_are_read() {
        let expected = Some(1_760_000_000_000);
        assert_eq!(begun_ms("2025-10-09T08:53:20.000Z"), expected);
        assert_eq!(begun_ms("2025-10-09T08:53:20"), expected);
        assert_eq!(begun_ms("yesterday"), None);
    }
}
