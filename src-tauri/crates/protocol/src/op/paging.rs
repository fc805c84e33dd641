//! The one guard against lists that never end.

use super::answer::Answer;
use crate::error::WireError;

/// Where the next page of a truncated list begins: what the server or its last name says,
/// provided that it is elsewhere than where this page began.
///
/// Some servers answer an encoded marker with the same page again and again; a list without
/// end is worse than one with an error.
pub(super) fn advance<T>(
    answer: &Answer<'_>,
    what: &str,
    next: Option<T>,
    is_further: impl FnOnce(&T) -> bool,
) -> Result<T, WireError> {
    match next {
        Some(next) if is_further(&next) => Ok(next),
        Some(_) => Err(answer.unreadable(format!(
            "the list of {what} does not advance, the server sends the same page again"
        ))),
        None => {
            Err(answer.unreadable(format!("the list of {what} goes on but does not say where")))
        }
    }
}

/// Whether a key and the id beside it stand after others: keys come in order, ids differ.
pub(super) fn is_further(next: &(String, String), after: Option<&(String, String)>) -> bool {
    after.is_none_or(|after| next != after && next.0 >= after.0)
}
