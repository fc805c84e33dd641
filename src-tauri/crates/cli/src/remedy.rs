//! What helps here: the engine's sentences are the window's too and name no option.

use partway_api::ApiError;

/// The commands and options that help with an error, if there are any.
pub(crate) fn of(error: &ApiError) -> Option<&'static str> {
    let sent = error.status.is_some();
    let operation = error.operation.as_deref().unwrap_or_default();
    let key = error.key.as_deref().unwrap_or_default();
    match error.kind.as_str() {
        "destination_conflict" if !sent => {
            Some("`--overwrite` replaces what exists; `--on-conflict` knows more ways.")
        }
        "no_such_source" if key.ends_with('/') => Some(
            "No object has that very name. Add `-r` to copy everything under it; \
             `partway-cli ls` shows what that is.",
        ),
        "no_such_source" if key.contains(['*', '?']) => Some(
            "`*` and `?` stand for themselves, for they may be in keys; `-r` copies what is under \
             a name.",
        ),
        "no_such_source" => Some("If it names a folder, add `-r` to copy what is in it."),
        "access_denied" if operation == "ListBuckets" => Some(
            "`partway-cli ls` with a bucket in the address needs no list of buckets; \
             `partway-cli account add --bucket B` keeps its name.",
        ),
        "in_use" => Some(
            "`partway-cli cancel JOB` gives a job up and its uploads back; then the account can \
             be removed.",
        ),
        "missing_credential" => Some(SECRET),
        "journal_unwritable" => Some(ROOM),
        // The engine has one kind for whatever befalls the journal.
        "journal" if error.message.contains("cannot be written") => Some(ROOM),
        _ => None,
    }
}

/// Unfinished copies wait for it.
pub(crate) const SECRET: &str = "`partway-cli account secret NAME --access-key K` enters it again; \
    then `partway-cli resume --all` goes on with what waits for it.";

/// What is recorded stays recorded.
const ROOM: &str = "Make room on the disk of the journal, or make its folder writable; then \
    `partway-cli resume --all` goes on where this stopped.";

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
    fn what_is_missing_may_have_been_meant_as_a_folder() {
        let missing = |key| of(&ApiError::new("no_such_source", "nothing").about_key(key)).unwrap();
        assert!(missing("albums/").contains("everything under it"));
        assert!(missing("albums").contains("If it names a folder"));
        assert!(missing("albums/*.jpg").contains("stand for themselves"));
    }
}
