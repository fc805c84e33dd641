//! Objects copied onto themselves with other headers and metadata.
//!
//! An object cannot be changed, only written again: the copy brings everything along that the
//! source has, apart from what is to be another. It is a job like any copy, so what is too large
//! for one request goes part by part and is resumed after a restart.

use partway_domain::{Failure, FailureKind, JobId, Properties};

use crate::effect::pin::is_archive;
use crate::engine::Engine;
use crate::request::CopyRequest;
use crate::request::planning;

/// Whether objects of a storage class must be restored before they can be read.
pub fn needs_restore(storage_class: &str) -> bool {
    is_archive(storage_class)
}

impl Engine {
    /// Starts a job that copies the named objects as `request` says, with these properties instead
    /// of theirs. Whole prefixes are refused: what they hold is only known later. So are archived
    /// objects.
    pub async fn start_with_properties(
        &self,
        mut request: CopyRequest,
        properties: Properties,
    ) -> Result<JobId, Failure> {
        if !request.selection.prefixes.is_empty() {
            return Err(Failure::local(
                FailureKind::Invalid,
                "metadata is given to single objects; open the folder and choose them",
            ));
        }
        request.options.terms.replaced.properties = Some(properties);
        let planned = planning::plan(&self.shared, &request, &|_| {}).await?;
        let archived = planned.pinned.iter().find(|(_, pin)| pin.is_none());
        if let Some((mapped, _)) = archived {
            let key = mapped.object.key.as_str();
            return Err(Failure {
                key: Some(key.to_owned()),
                ..Failure::local(
                    FailureKind::NeedsRestore,
                    format!("{key:?} is archived; restore it before it is changed"),
                )
            });
        }
        self.start_planned(&request, planned).await
    }
}
