//! Whether what was made is encrypted as it was asked for. Pure.
//!
//! | asked for       | shown by HEAD                                                     |
//! |-----------------|-------------------------------------------------------------------|
//! | nothing         | whatever the bucket and the provider do                           |
//! | the provider's  | `AES256`                                                          |
//! | a key service's | its word, in as many layers; its key where HEAD names one         |
//! | one's own key   | the MD5 of that key                                               |

use partway_domain::{AtRest, Failure, FailureKind, KeyService};
use partway_protocol::op::{CustomerKey, Encrypted};

/// How the encryption that HEAD shows differs from what was asked for.
pub(super) fn difference(asked: &AtRest, shown: Option<&Encrypted>) -> Option<String> {
    let (fits, what) = looked_at(asked, shown)?;
    let shown = shown.map_or_else(|| "none".to_owned(), in_words);
    (!fits).then(|| format!("{what} was asked for, but HEAD of the copy shows {shown}"))
}

/// What was asked for and what HEAD shows, in words that are the same where it fits; `None`
/// where nothing was asked for.
pub(super) fn compared(asked: &AtRest, shown: Option<&Encrypted>) -> Option<(String, String)> {
    let (fits, what) = looked_at(asked, shown)?;
    let found = if fits {
        what.clone()
    } else {
        shown.map_or_else(|| "none".to_owned(), in_words)
    };
    Some((what, found))
}

fn looked_at(asked: &AtRest, shown: Option<&Encrypted>) -> Option<(bool, String)> {
    Some(match asked {
        AtRest::BucketDefault => return None,
        AtRest::Provider => (
            shown.is_some_and(is_the_providers),
            "encryption with AES256".to_owned(),
        ),
        AtRest::KeyService(key) => (
            shown.is_some_and(|shown| is_of_key_service(key, shown)),
            service_in_words(key),
        ),
        AtRest::Customer { key_md5 } => (
            shown.is_some_and(|shown| shown.customer_key_md5.as_ref() == Some(key_md5)),
            format!("encryption with the key of your own whose MD5 is {key_md5}"),
        ),
    })
}

/// A copy that says it was made with another key than the one that was sent. Silence is no such
/// thing: HEAD is asked in the end.
pub(super) fn other_key(sent: Option<&CustomerKey>, shown: Option<&Encrypted>) -> Option<Failure> {
    let (sent, told) = (sent?.md5(), shown?.customer_key_md5.as_ref()?);
    (*told != sent).then(|| {
        Failure::local(
            FailureKind::VerificationFailed,
            format!(
                "the server says it encrypted the copy with another key: the MD5 of the one sent is {sent}, of the one used {told}; do not rely on this copy, and retry over a connection you trust"
            ),
        )
    })
}

fn is_the_providers(shown: &Encrypted) -> bool {
    shown.customer_key_md5.is_none() && shown.algorithm.eq_ignore_ascii_case("AES256")
}

/// The words differ by provider: `kms`, `cos/kms`, `aws:kms`, `aws:kms:dsse`.
fn is_of_key_service(asked: &KeyService, shown: &Encrypted) -> bool {
    let word = shown.algorithm.to_ascii_lowercase();
    let layers = if asked.dual_layer {
        word.ends_with("kms:dsse")
    } else {
        word.ends_with("kms")
    };
    let key = match (&asked.key_id, &shown.key_id) {
        (Some(asked), Some(shown)) => is_same_key(asked, shown),
        _ => true,
    };
    layers && key
}

/// A key by its id is shown by its whole name, and the other way round. What key an alias means
/// only the key service knows.
fn is_same_key(asked: &str, shown: &str) -> bool {
    let ends = |whole: &str, id: &str| {
        let front = whole.strip_suffix(id);
        front.is_some_and(|front| front.is_empty() || front.ends_with('/'))
    };
    let alias = asked.starts_with("alias/") || asked.contains(":alias/");
    alias || ends(shown, asked) || ends(asked, shown)
}

fn service_in_words(key: &KeyService) -> String {
    let layers = if key.dual_layer { " in two layers" } else { "" };
    match &key.key_id {
        Some(id) => format!("encryption{layers} with the key {id} of the key service"),
        None => format!("encryption{layers} with a key of the key service"),
    }
}

fn in_words(shown: &Encrypted) -> String {
    let Encrypted {
        algorithm,
        key_id,
        customer_key_md5,
    } = shown;
    match (customer_key_md5, key_id) {
        (Some(md5), _) => format!("{algorithm} with the key whose MD5 is {md5}"),
        (None, Some(id)) => format!("{algorithm} with the key {id}"),
        (None, None) => algorithm.clone(),
    }
}

#[cfg(test)]
mod tests;
