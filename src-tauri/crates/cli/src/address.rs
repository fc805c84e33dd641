//! Addresses: `cos://ACCOUNT@bucket/key`.

use std::str::FromStr;

use partway_api::contract::{AccountView, Dialect, Nothing, Place};
use partway_api::{Api, ApiError};

use crate::exit::usage;

/// An address as typed. The key is everything after the bucket's `/`, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `cos`, `obs` or `s3`.
    scheme: &'static str,
    /// Name or id; `None` when it was left out.
    account: Option<String>,
    /// `None` for the account's buckets.
    pub(crate) bucket: Option<String>,
    /// Key or prefix; empty for the bucket itself.
    pub(crate) key: String,
}

/// Schemes as typed, and what they mean.
const SCHEMES: [(&str, &str); 5] = [
    ("cos", "cos"),
    ("cosn", "cos"),
    ("obs", "obs"),
    ("s3", "s3"),
    ("s3a", "s3"),
];

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |reason: &str| {
            format!(
                "{text:?} is not an address: {reason}; write cos://ACCOUNT@bucket/key, obs://… or s3://…"
            )
        };
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| wrong("it has no scheme"))?;
        let (_, scheme) = SCHEMES
            .iter()
            .find(|(typed, _)| *typed == scheme)
            .ok_or_else(|| wrong("the scheme is unknown"))?;
        let (place, key) = match rest.split_once('/') {
            Some((place, key)) => (place, key),
            None => (rest, ""),
        };
        let (account, bucket) = match place.rsplit_once('@') {
            Some(("", _)) => return Err(wrong("the account before '@' is empty")),
            Some((account, bucket)) => (Some(account.to_owned()), bucket),
            None => (None, place),
        };
        if bucket.is_empty() && !key.is_empty() {
            return Err(wrong("the bucket is missing"));
        }
        Ok(Self {
            scheme,
            account,
            bucket: (!bucket.is_empty()).then(|| bucket.to_owned()),
            key: key.to_owned(),
        })
    }
}

impl Address {
    /// The account it names, or the only one of its kind.
    pub(crate) async fn account(&self, api: &Api) -> Result<AccountView, ApiError> {
        let accounts = api.accounts(Nothing {}).await?;
        match &self.account {
            Some(name) => named(name, self.scheme, &accounts),
            None => only(self.scheme, &accounts),
        }
        .cloned()
    }

    /// The bucket and prefix, seen through its account.
    pub(crate) async fn place(&self, api: &Api) -> Result<Place, ApiError> {
        let account = self.account(api).await?;
        let Some(bucket) = self.bucket.clone() else {
            return Err(usage(format!(
                "{}://{}@ names no bucket; add one",
                self.scheme, account.name
            )));
        };
        Ok(Place {
            account: account.id,
            bucket,
            region: None,
            prefix: self.key.clone(),
        })
    }
}

fn named<'a>(
    name: &str,
    scheme: &str,
    accounts: &'a [AccountView],
) -> Result<&'a AccountView, ApiError> {
    let account = find(name, accounts)?;
    if scheme_of(account.dialect) != scheme {
        return Err(usage(format!(
            "the account {:?} speaks {}; write {}://",
            account.name,
            scheme_of(account.dialect),
            scheme_of(account.dialect)
        )));
    }
    Ok(account)
}

/// The account of that name (its case does not matter) or id.
pub(crate) fn find<'a>(
    name: &str,
    accounts: &'a [AccountView],
) -> Result<&'a AccountView, ApiError> {
    accounts
        .iter()
        .find(|account| account.id == name || account.name == name)
        .or_else(|| {
            let lower = name.to_lowercase();
            accounts
                .iter()
                .find(|account| account.name.to_lowercase() == lower)
        })
        .ok_or_else(|| {
            usage(format!(
                "there is no account {name:?}; {}",
                existing(accounts)
            ))
        })
}

fn only<'a>(scheme: &str, accounts: &'a [AccountView]) -> Result<&'a AccountView, ApiError> {
    let mut fitting = accounts
        .iter()
        .filter(|account| scheme_of(account.dialect) == scheme);
    match (fitting.next(), fitting.next()) {
        (Some(account), None) => Ok(account),
        (None, _) => Err(usage(format!(
            "there is no account for {scheme}://; {}",
            existing(accounts)
        ))),
        (Some(_), Some(_)) => Err(usage(format!(
            "several accounts speak {scheme}://; name one: {scheme}://ACCOUNT@bucket/key; {}",
            existing(
                accounts
                    .iter()
                    .filter(|account| scheme_of(account.dialect) == scheme)
            )
        ))),
    }
}

fn existing<'a>(accounts: impl IntoIterator<Item = &'a AccountView>) -> String {
    let names: Vec<String> = accounts
        .into_iter()
        .map(|account| format!("{:?}", account.name))
        .collect();
    if names.is_empty() {
        return "add one with `partway-cli account add`".to_owned();
    }
    format!("there are {}", names.join(", "))
}

/// The scheme of a dialect's addresses.
pub(crate) fn scheme_of(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Cos => "cos",
        Dialect::Obs | Dialect::ObsV2 => "obs",
        Dialect::S3 => "s3",
    }
}

/// The address of a key or prefix.
pub(crate) fn url(dialect: Dialect, account: &str, bucket: &str, key: &str) -> String {
    format!("{}://{account}@{bucket}/{key}", scheme_of(dialect))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Option<String>, Option<String>, String) {
        let address: Address = text.parse().unwrap();
        (address.account, address.bucket, address.key)
    }

    #[test]
    fn keys_are_byte_exact() {
        for key in [
            "a/../b",
            "a//b",
            "/lead",
            "a%2Fb?versionId=1#x",
            "e@f:g",
            " s ",
            "a/",
        ] {
            assert_eq!(
                parsed(&format!("cos://Prod@data-1250000000/{key}")),
                (
                    Some("Prod".into()),
                    Some("data-1250000000".into()),
                    key.into()
                )
            );
        }
    }

    #[test]
    fn account_and_key_may_be_left_out() {
        assert_eq!(parsed("s3a://b/k"), (None, Some("b".into()), "k".into()));
        assert_eq!(parsed("obs://b"), (None, Some("b".into()), String::new()));
        assert_eq!(
            parsed("cosn://My Account@"),
            (Some("My Account".into()), None, String::new())
        );
    }

    #[test]
    fn what_is_no_address_says_what_one_looks_like() {
        for text in ["b/k", "http://b/k", "cos:///k", "cos://@b/k", "COS://b/k"] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.contains("cos://ACCOUNT@bucket/key"), "{error}");
        }
    }
}
