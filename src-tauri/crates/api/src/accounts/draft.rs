//! Reading an account form: every field that cannot be used is named, with what to do.

use partway_domain::{Account, AccountId, Addressing, Bucket};
use partway_protocol::credential::{Credential, mask};
use partway_protocol::endpoint::Endpoint;
use partway_protocol::region;
use uuid::Uuid;

use crate::contract::{AccountDraft, CredentialDraft, Dialect};
use crate::error::ApiError;

const LONGEST_NAME: usize = 60;

/// An account and, unless the stored one is kept, its credential.
pub(super) struct Prepared {
    pub(super) account: Account,
    pub(super) credential: Option<Credential>,
}

/// Reads a draft, or says everything that is wrong with it.
pub(super) fn parse(draft: AccountDraft, existing: &[Account]) -> Result<Prepared, Vec<ApiError>> {
    let mut errors = Vec::new();
    let old = draft
        .id
        .as_ref()
        .and_then(|id| existing.iter().find(|account| account.id.0 == *id));
    if draft.id.is_some() && old.is_none() {
        errors.push(ApiError::new(
            "not_found",
            "this account was removed meanwhile; add it as a new one",
        ));
    }
    if old.is_some_and(|old| old.demo) {
        errors.push(ApiError::new(
            "invalid",
            "the demo accounts cannot be changed; add an account of your own",
        ));
    }
    let name = draft.name.trim().to_owned();
    errors.extend(wrong_name(&name, draft.id.as_deref(), existing));

    let region = region::canonical(draft.dialect.into(), draft.region.trim()).to_owned();
    errors.extend(wrong_region(&region, draft.dialect));

    let named_buckets: Vec<String> = draft
        .named_buckets
        .iter()
        .map(|bucket| bucket.trim().to_owned())
        .filter(|bucket| !bucket.is_empty())
        .collect();
    for bucket in &named_buckets {
        if let Err(error) = Bucket::parse(bucket.clone()) {
            errors.push(ApiError::input("named_buckets", error.to_string()).about_bucket(bucket));
        }
    }

    let credential = draft.credential.map(trimmed);
    match &credential {
        Some(credential) => errors.extend(wrong_credential(credential, draft.dialect)),
        None if old.is_none() && draft.secret_of.is_none() => {
            errors.push(ApiError::input(
                "access_key",
                "enter the access key and its secret",
            ));
        }
        None => {}
    }

    let account = Account {
        id: AccountId(draft.id.unwrap_or_else(|| Uuid::now_v7().to_string())),
        name,
        dialect: draft.dialect.into(),
        endpoint: with_scheme(draft.endpoint.trim()),
        region,
        addressing: draft.addressing.into(),
        masked_key_id: credential
            .as_ref()
            .map(|credential| mask(&credential.access_key))
            .unwrap_or_default(),
        named_buckets,
        demo: false,
        fallback_domain: draft.fallback_domain && draft.dialect == Dialect::Cos,
    };
    if let Err(error) = Endpoint::of(&account) {
        errors.push(ApiError::input(field_to_mend(&account), error.to_string()));
    }
    if errors.is_empty() {
        Ok(Prepared {
            account,
            credential,
        })
    } else {
        Err(errors)
    }
}

/// Which field of the form makes the endpoint unusable: hosts that are not a region's own need
/// the region, and a bucket's own domain the bucket.
fn field_to_mend(account: &Account) -> &'static str {
    if account.addressing == Addressing::CustomDomain {
        let leads_somewhere = region::host_of(account.dialect, &account.region).is_some();
        return match (account.named_buckets.len(), leads_somewhere) {
            (1, true) => "endpoint",
            (1, false) => "region",
            _ => "named_buckets",
        };
    }
    let in_some_region = Account {
        region: "any".to_owned(),
        ..account.clone()
    };
    match Endpoint::of(&in_some_region) {
        Ok(_) => "region",
        Err(_) => "endpoint",
    }
}

/// Where only one error can be told.
pub(super) fn first(errors: Vec<ApiError>) -> ApiError {
    errors
        .into_iter()
        .next()
        .unwrap_or_else(|| ApiError::new("invalid", "the account form cannot be used"))
}

fn wrong_name(name: &str, id: Option<&str>, existing: &[Account]) -> Option<ApiError> {
    let wrong = |message: String| Some(ApiError::input("name", message));
    if name.is_empty() {
        return wrong("give the account a name, for example the company or the project".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return wrong(format!(
            "the name is longer than {LONGEST_NAME} characters; shorten it"
        ));
    }
    // Both would be ambiguous in cos://ACCOUNT@bucket/key.
    if let Some(found) = name
        .chars()
        .find(|c| matches!(c, '@' | '/') || c.is_control())
    {
        return wrong(format!(
            "the name contains {found:?}, which has a meaning in addresses; leave it out"
        ));
    }
    let taken = existing.iter().any(|account| {
        Some(account.id.0.as_str()) != id && account.name.to_lowercase() == name.to_lowercase()
    });
    if taken {
        return wrong(format!(
            "there is an account named {name:?} already; choose another name"
        ));
    }
    None
}

fn wrong_region(region: &str, dialect: Dialect) -> Option<ApiError> {
    let wrong = |message: String| Some(ApiError::input("region", message));
    if region.is_empty() && dialect == Dialect::S3 {
        return wrong("S3 signatures name the region; enter it, for example us-east-1".to_owned());
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match region.chars().find(|&c| !allowed(c)) {
        Some(found) => wrong(format!(
            "the region {region:?} contains {found:?}; use the provider's short name, for example eu-de"
        )),
        None => None,
    }
}

fn wrong_credential(credential: &Credential, dialect: Dialect) -> Vec<ApiError> {
    let (key, secret) = match dialect {
        Dialect::Cos => ("SecretId", "SecretKey"),
        Dialect::Obs | Dialect::ObsV2 => ("AK", "SK"),
        Dialect::S3 => ("access key", "secret key"),
    };
    let fields = [
        ("access_key", key, Some(&credential.access_key)),
        ("secret_key", secret, Some(&credential.secret_key)),
        ("token", "token", credential.token.as_ref()),
    ];
    let mut errors = Vec::new();
    for (field, word, value) in fields {
        let Some(value) = value else { continue };
        if value.is_empty() {
            errors.push(ApiError::input(
                field,
                format!("the {word} is empty; paste it from the provider's console"),
            ));
        } else if value
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii())
        {
            errors.push(ApiError::input(
                field,
                format!(
                    "the {word} contains a blank or a character keys do not have; paste it again"
                ),
            ));
        }
    }
    errors
}

fn trimmed(draft: CredentialDraft) -> Credential {
    Credential {
        access_key: draft.access_key.trim().to_owned(),
        secret_key: draft.secret_key.trim().to_owned(),
        token: draft
            .token
            .map(|token| token.trim().to_owned())
            .filter(|token| !token.is_empty()),
    }
}

fn with_scheme(endpoint: &str) -> String {
    if endpoint.is_empty() || endpoint.contains("://") {
        endpoint.to_owned()
    } else {
        format!("https://{endpoint}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Addressing;

    fn draft() -> AccountDraft {
        AccountDraft {
            id: None,
            name: "Prod".to_owned(),
            dialect: Dialect::Cos,
            endpoint: "cos.ap-guangzhou.myqcloud.com".to_owned(),
            region: "ap-guangzhou".to_owned(),
            addressing: Addressing::VirtualHost,
            named_buckets: vec![],
            fallback_domain: false,
            credential: Some(CredentialDraft {
                access_key: " AKIDEXAMPLE1234 ".to_owned(),
                secret_key: "secret\n".to_owned(),
                token: Some(String::new()),
            }),
            expires_ms: None,
            secret_of: None,
        }
    }

    fn fields(draft: AccountDraft, existing: &[Account]) -> Vec<String> {
        match parse(draft, existing) {
            Ok(_) => vec![],
            Err(errors) => errors.into_iter().filter_map(|error| error.field).collect(),
        }
    }

    #[test]
    fn pasted_blanks_and_a_missing_scheme_are_forgiven() {
        let prepared = parse(draft(), &[]).ok().unwrap();
        assert_eq!(
            prepared.account.endpoint,
            "https://cos.ap-guangzhou.myqcloud.com"
        );
        let credential = prepared.credential.unwrap();
        assert_eq!(credential.access_key, "AKIDEXAMPLE1234");
        assert_eq!(credential.secret_key, "secret");
        assert_eq!(credential.token, None);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = AccountDraft {
            name: "a@b".to_owned(),
            endpoint: "https://host/path".to_owned(),
            region: "eu de".to_owned(),
            named_buckets: vec!["b/c".to_owned()],
            credential: Some(CredentialDraft {
                access_key: String::new(),
                secret_key: "two words".to_owned(),
                token: None,
            }),
            ..draft()
        };
        assert_eq!(
            fields(wrong, &[]),
            [
                "name",
                "region",
                "named_buckets",
                "access_key",
                "secret_key",
                "endpoint"
            ]
        );
    }

    #[test]
    fn names_are_unique_whatever_their_case() {
        let taken = parse(draft(), &[]).ok().unwrap().account;
        let again = AccountDraft {
            name: "PROD".to_owned(),
            ..draft()
        };
        assert_eq!(fields(again, std::slice::from_ref(&taken)), ["name"]);
        let itself = AccountDraft {
            id: Some(taken.id.0.clone()),
            credential: None,
            ..draft()
        };
        assert_eq!(fields(itself, &[taken]), [] as [&str; 0]);
    }

    #[test]
    fn a_new_account_needs_a_credential_and_s3_a_region() {
        let bare = AccountDraft {
            dialect: Dialect::S3,
            region: String::new(),
            credential: None,
            ..draft()
        };
        assert_eq!(fields(bare, &[]), ["region", "access_key"]);
    }

    #[test]
    fn places_that_need_more_than_a_host_say_what() {
        let accelerated = |region: &str| AccountDraft {
            endpoint: "cos.accelerate.myqcloud.com".to_owned(),
            region: region.to_owned(),
            ..draft()
        };
        assert_eq!(fields(accelerated("ap-guangzhou"), &[]), [] as [&str; 0]);
        assert_eq!(fields(accelerated(""), &[]), ["region"]);

        let domain = |region: &str, buckets: &[&str]| AccountDraft {
            endpoint: "files.example.com".to_owned(),
            region: region.to_owned(),
            addressing: Addressing::CustomDomain,
            named_buckets: buckets.iter().map(|name| (*name).to_owned()).collect(),
            ..draft()
        };
        assert_eq!(
            fields(domain("ap-beijing", &["b-125"]), &[]),
            [] as [&str; 0]
        );
        assert_eq!(fields(domain("ap-beijing", &[]), &[]), ["named_buckets"]);
        assert_eq!(fields(domain("", &["b-125"]), &[]), ["region"]);
        let nowhere = AccountDraft {
            endpoint: "files example".to_owned(),
            ..domain("ap-beijing", &["b-125"])
        };
        assert_eq!(fields(nowhere, &[]), ["endpoint"]);
    }

    #[test]
    fn old_regions_become_todays_and_only_cos_has_a_second_domain() {
        let old = AccountDraft {
            region: " cosgz ".to_owned(),
            fallback_domain: true,
            ..draft()
        };
        let account = parse(old, &[]).ok().unwrap().account;
        assert_eq!(account.region, "ap-guangzhou");
        assert!(account.fallback_domain);
        let other = AccountDraft {
            dialect: Dialect::S3,
            fallback_domain: true,
            ..draft()
        };
        assert!(!parse(other, &[]).ok().unwrap().account.fallback_domain);
    }
}
