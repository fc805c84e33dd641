//! Objects copied onto themselves with other headers and metadata.
//!
//! An object cannot be changed, only written again: the copy brings everything along that the
//! source has, apart from what is to be another. It is a job like any copy, so what is too large
//! for one request goes part by part and is resumed after a restart.

use partway_domain::{Failure, FailureKind, JobId};
use partway_protocol::op::Attributes;

use crate::effect::pin::is_archive;
use crate::engine::Engine;
use crate::request::CopyRequest;
use crate::request::planning;

/// What an object has besides its bytes, all of it: what is not named is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewProperties {
    /// Standard headers in lower case.
    pub headers: Vec<(String, String)>,
    /// User metadata, without the vendor's prefix.
    pub metadata: Vec<(String, String)>,
}

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
        request: &CopyRequest,
        properties: &NewProperties,
    ) -> Result<JobId, Failure> {
        if !request.selection.prefixes.is_empty() {
            return Err(Failure::local(
                FailureKind::Invalid,
                "metadata is given to single objects; open the folder and choose them",
            ));
        }
        let mut planned = planning::plan(&self.shared, request, &|_| {}).await?;
        for (mapped, pin) in &mut planned.pinned {
            let pin = pin.as_mut().ok_or_else(|| {
                let key = mapped.object.key.as_str();
                Failure {
                    key: Some(key.to_owned()),
                    ..Failure::local(
                        FailureKind::NeedsRestore,
                        format!("{key:?} is archived; restore it before it is changed"),
                    )
                }
            })?;
            let mut attributes: Attributes = serde_json::from_value(pin.attributes.clone())
                .map_err(|error| Failure::local(FailureKind::Invalid, error.to_string()))?;
            attributes.headers.clone_from(&properties.headers);
            attributes.metadata.clone_from(&properties.metadata);
            pin.attributes = serde_json::to_value(&attributes)
                .map_err(|error| Failure::local(FailureKind::Invalid, error.to_string()))?;
        }
        self.start_planned(request, planned).await
    }
}
