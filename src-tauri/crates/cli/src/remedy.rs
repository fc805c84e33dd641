//! What helps here: the engine's sentences are the window's too and name no option.

use partway_api::ApiError;

/// The commands and options that help with an error, if there are any.
pub(crate) fn of(error: &ApiError) -> Option<&'static str> {
    let sent = error.status.is_some();
    let operation = error.operation.as_deref().unwrap_or_default();
    let folder = error.key.as_deref().is_some_and(|key| key.ends_with('/'));
    match error.kind.as_str() {
        "destination_conflict" if !sent => {
            Some("`partway-cli cp --overwrite` replaces what exists.")
        }
        "no_such_source" if folder => Some(
            "Prefixes are not copied as a whole yet: name the objects under it one by one; \
             `partway-cli ls` shows them.",
        ),
        "access_denied" if operation == "ListBuckets" => Some(
            "`partway-cli ls` with a bucket in the address needs no list of buckets; \
             `partway-cli account add --bucket B` keeps its name.",
        ),
        "missing_credential" => Some(SECRET),
        _ => None,
    }
}

/// A secret is entered together with its account.
pub(crate) const SECRET: &str = "Here `partway-cli account remove NAME` and `partway-cli account \
    add NAME` enter a secret anew; unfinished copies of the account must be cancelled first.";

#[cfg(test)]
mod tests {
    use super::of;
    use partway_api::ApiError;

    #[test]
    fn what_a_server_refused_is_not_overwritten() {
        let ours = ApiError::new("destination_conflict", "exists");
        assert!(of(&ours).unwrap().contains("--overwrite"));
        let theirs = ApiError {
            status: Some(409),
            ..ours
        };
        assert_eq!(of(&theirs), None);
    }

    #[test]
    fn only_a_folder_that_is_missing_is_taken_for_a_prefix() {
        let missing = |key| of(&ApiError::new("no_such_source", "nothing").about_key(key));
        assert!(missing("albums/").unwrap().contains("one by one"));
        assert_eq!(missing("albums"), None);
    }
}
