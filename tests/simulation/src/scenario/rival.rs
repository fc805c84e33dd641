//! Somebody who writes at the worst of all moments: between a request that came to nothing and its
//! repetition.

use super::Happening;

/// Writes whenever such a request was not carried out, or nobody knows whether it was.
#[derive(Debug, Clone)]
pub(crate) struct Rival {
    /// The API name of the request, in short.
    pub(crate) operation: &'static str,
    /// What happens then.
    pub(crate) what: Happening,
    /// How often at most.
    pub(crate) times: u32,
}
