//! Encryption and access of the copies, and what takes the place of their sources' headers,
//! metadata and tags, as they are asked for.

use partway_domain::replaced::Unfit;
use partway_domain::{
    Access, AtRest, CopyTerms, Grant, Grantee, KeyService, Permission, Properties, Replaced,
};
use partway_protocol::op::CustomerKey;

use crate::api::Api;
use crate::contract::{self, EncryptionKind, KeyDraft, KeyOffered, ObjectProperties};
use crate::error::ApiError;

impl Api {
    /// Remembers an encryption key of the user's own for this run, and says by which MD5
    /// copies ask for it. It is never written down: after a restart it must be given again
    /// before a job that needs it can go on.
    // The dispatcher awaits every command.
    #[expect(clippy::unused_async, reason = "a command like the others")]
    pub async fn offer_key(&self, draft: KeyDraft) -> Result<KeyOffered, ApiError> {
        let key = match &draft.md5 {
            Some(md5) => CustomerKey::parse_checked(&draft.key, md5),
            None => CustomerKey::parse(&draft.key),
        };
        let key = key.map_err(|error| ApiError::input("key", error.to_string()))?;
        Ok(KeyOffered {
            md5: self.engine().offer_key(key),
        })
    }
}

/// The terms in the domain's words.
pub(super) fn parse(terms: Option<contract::CopyTerms>) -> Result<CopyTerms, ApiError> {
    let Some(terms) = terms else {
        return Ok(CopyTerms::default());
    };
    Ok(CopyTerms {
        encryption: encryption(&terms)?,
        access: access(&terms)?,
        source_key_md5: terms.source_key_md5,
        replaced: replaced(terms.properties, terms.tags)?,
    })
}

fn replaced(
    new: Option<ObjectProperties>,
    tags: Option<Vec<(String, String)>>,
) -> Result<Replaced, ApiError> {
    let replaced = Replaced {
        properties: new.map(properties),
        tags: tags.map(|tags| tags.into_iter().filter(is_filled).collect()),
    };
    let field = |unfit: &Unfit| match unfit {
        Unfit::TooManyTags(_) | Unfit::LongTag(_) | Unfit::ControlInTag(_) => "tags",
        Unfit::Header(_) | Unfit::Twice(_) | Unfit::Nameless(_) => "properties",
    };
    let checked = replaced.check();
    checked.map_err(|unfit| ApiError::input(field(&unfit), unfit.to_string()))?;
    Ok(replaced)
}

/// Headers and user metadata in the domain's words: in lower case, without rows that say nothing.
pub(crate) fn properties(new: ObjectProperties) -> Properties {
    let lower = |pairs: Vec<(String, String)>| {
        let filled = pairs.into_iter().filter(is_filled);
        let lower = |(name, value): (String, String)| (name.trim().to_ascii_lowercase(), value);
        filled.map(lower).collect()
    };
    Properties {
        headers: lower(new.headers),
        metadata: lower(new.metadata),
    }
}

fn is_filled((name, value): &(String, String)) -> bool {
    !name.trim().is_empty() || !value.is_empty()
}

fn access(terms: &contract::CopyTerms) -> Result<Access, ApiError> {
    match (&terms.acl, terms.grants.is_empty()) {
        (None, true) => Ok(Access::Inherited),
        (Some(acl), true) => Ok(Access::Canned(acl.clone())),
        (None, false) => {
            let grants = terms.grants.iter().map(|text| grant(text));
            grants.collect::<Result<_, _>>().map(Access::Grants)
        }
        (Some(_), false) => Err(ApiError::input(
            "grants",
            "an object has a canned ACL or grants, not both; leave one of them out",
        )),
    }
}

/// `read=100000000001`, `read=everyone`, `full-control=uri:http://…`.
fn grant(text: &str) -> Result<Grant, ApiError> {
    let parsed = text.split_once('=').and_then(|(permission, grantee)| {
        Some(Grant {
            permission: Permission::parse(permission)?,
            grantee: match grantee.trim() {
                "" => return None,
                "everyone" => Grantee::Everyone,
                "signed-in" => Grantee::SignedIn,
                other => match other.strip_prefix("uri:") {
                    Some(uri) => Grantee::Uri(uri.to_owned()),
                    None => Grantee::Id(other.to_owned()),
                },
            },
        })
    });
    parsed.ok_or_else(|| {
        let words = Permission::ALL.map(Permission::as_str).join(", ");
        ApiError::input(
            "grants",
            format!(
                "{text:?} is not a grant; write PERMISSION=ACCOUNT-ID, where PERMISSION is one \
                 of {words}"
            ),
        )
    })
}

fn encryption(terms: &contract::CopyTerms) -> Result<AtRest, ApiError> {
    let key_service = terms.kms_key.is_some() || !terms.kms_context.is_empty();
    match terms.encryption {
        Some(EncryptionKind::Kms | EncryptionKind::KmsDualLayer) => {
            Ok(AtRest::KeyService(KeyService {
                key_id: terms.kms_key.clone().filter(|id| !id.is_empty()),
                context: terms.kms_context.iter().cloned().collect(),
                dual_layer: terms.encryption == Some(EncryptionKind::KmsDualLayer),
            }))
        }
        _ if key_service => Err(ApiError::input(
            "encryption",
            "a key id or a context is only for encryption by the key service; choose kms",
        )),
        None => Ok(AtRest::BucketDefault),
        Some(EncryptionKind::Aes256) => Ok(AtRest::Provider),
        Some(EncryptionKind::Customer) => match &terms.key_md5 {
            Some(key_md5) => Ok(AtRest::Customer {
                key_md5: key_md5.clone(),
            }),
            None => Err(ApiError::input(
                "key_md5",
                "encryption with a key of your own needs that key; offer it first",
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> contract::CopyTerms {
        contract::CopyTerms {
            acl: None,
            grants: Vec::new(),
            encryption: None,
            kms_key: None,
            kms_context: Vec::new(),
            key_md5: None,
            source_key_md5: None,
            properties: None,
            tags: None,
        }
    }

    #[test]
    fn grants_in_words() {
        let terms = contract::CopyTerms {
            grants: ["read=1", "READ_ACP=everyone", "write-acp=uri:http://g"]
                .map(str::to_owned)
                .to_vec(),
            ..asked()
        };
        let grant = |permission, grantee| Grant {
            permission,
            grantee,
        };
        assert_eq!(
            parse(Some(terms)).unwrap().access,
            Access::Grants(vec![
                grant(Permission::Read, Grantee::Id("1".to_owned())),
                grant(Permission::ReadAcp, Grantee::Everyone),
                grant(Permission::WriteAcp, Grantee::Uri("http://g".to_owned())),
            ])
        );
        for text in ["read", "read=", "everything=1", "=1"] {
            let error = super::grant(text).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("grants"), "{text}");
        }
        let both = contract::CopyTerms {
            acl: Some("private".to_owned()),
            grants: vec!["read=1".to_owned()],
            ..asked()
        };
        assert!(parse(Some(both)).is_err());
    }

    #[test]
    fn encryption_in_words() {
        let of = |terms: contract::CopyTerms| parse(Some(terms)).map(|terms| terms.encryption);
        assert_eq!(of(asked()).unwrap(), AtRest::BucketDefault);
        let key = Some("k".to_owned());
        let kms = contract::CopyTerms {
            encryption: Some(EncryptionKind::Kms),
            kms_key: key.clone(),
            kms_context: vec![("a".to_owned(), "b".to_owned())],
            ..asked()
        };
        let AtRest::KeyService(service) = of(kms).unwrap() else {
            panic!("the key service was asked for");
        };
        assert_eq!((service.key_id, service.context.len()), (key.clone(), 1));
        let stray = contract::CopyTerms {
            encryption: Some(EncryptionKind::Aes256),
            kms_key: key,
            ..asked()
        };
        assert!(of(stray).is_err());
        let keyless = contract::CopyTerms {
            encryption: Some(EncryptionKind::Customer),
            ..asked()
        };
        assert!(of(keyless).is_err());
    }

    #[test]
    fn what_is_replaced_is_tidied_and_checked() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let of = |headers: &[(String, String)], tags: &[(String, String)]| {
            let terms = contract::CopyTerms {
                properties: Some(ObjectProperties {
                    headers: headers.to_vec(),
                    metadata: vec![pair("Colour", "Blue"), pair(" ", "")],
                }),
                tags: Some(tags.to_vec()),
                ..asked()
            };
            parse(Some(terms)).map(|terms| terms.replaced)
        };
        let tidy = of(&[pair(" Expires ", "0")], &[pair("", "")]).unwrap();
        assert_eq!(
            tidy,
            Replaced {
                properties: Some(Properties {
                    headers: vec![pair("expires", "0")],
                    metadata: vec![pair("colour", "Blue")],
                }),
                tags: Some(Vec::new()),
            }
        );
        let error = of(&[pair("Host", "a")], &[]).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("properties"));
        let eleven: Vec<_> = (0..11).map(|n| pair(&n.to_string(), "")).collect();
        let error = of(&[], &eleven).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("tags"));
    }
}
