//! Access policies as XML: an owner and what is granted to whom.

use std::fmt::Write as _;

use super::access::{check_count, check_grantee};
use super::{Grant, Grantee, Permission, Target};
use crate::dialect::Dialect;
use crate::error::RequestError;
use crate::xml::{self, Element};

/// The access settings of an object or a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessPolicy {
    /// Id of the owner, as grants have it.
    pub owner: Option<String>,
    /// What is granted to whom, in the server's order.
    pub grants: Vec<Grant>,
}

/// A group as a policy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupWord {
    /// By address, in `URI`.
    Uri(&'static str),
    /// By a word, in `Canned`.
    Canned(&'static str),
}

/// How a dialect writes grantees in XML.
#[derive(Debug, Clone, Copy)]
pub struct PolicyWords {
    /// Everybody.
    pub everyone: GroupWord,
    /// Everybody with an account, by address; `None` where there is no such group.
    pub signed_in: Option<&'static str>,
    /// Whether `xsi:type` says what each grantee is.
    pub typed: bool,
}

impl AccessPolicy {
    /// Reads an `AccessControlPolicy`. `None` when a grant has a grantee or a permission
    /// nobody knows: passing it over would show an object as less open than it is.
    pub(super) fn of(dialect: &dyn Dialect, policy: &Element<'_>) -> Option<Self> {
        let owner = policy
            .child("Owner")
            .and_then(|owner| owner.value("ID"))
            .map(|id| dialect.plain_id(id));
        let grants = policy
            .child("AccessControlList")
            .into_iter()
            .flat_map(|list| list.all("Grant"))
            .map(|grant| {
                Some(Grant {
                    permission: Permission::parse(grant.value("Permission")?)?,
                    grantee: grantee(dialect, grant.child("Grantee")?)?,
                })
            })
            .collect::<Option<_>>()?;
        Some(Self { owner, grants })
    }

    /// As the body of a PUT.
    pub(super) fn xml(&self, target: Target<'_>) -> Result<String, RequestError> {
        check_count(self.grants.len())?;
        let dialect = target.dialect;
        let mut body = String::from("<AccessControlPolicy>");
        if let Some(owner) = &self.owner {
            check_grantee(owner)?;
            let id = xml::escape(&dialect.policy_id(owner));
            // Writing to a string cannot fail.
            let _ = write!(body, "<Owner><ID>{id}</ID></Owner>");
        }
        body.push_str("<AccessControlList>");
        for grant in &self.grants {
            let grantee = grantee_xml(dialect, &grant.grantee)?;
            let permission = xml_word(grant.permission);
            let _ = write!(
                body,
                "<Grant>{grantee}<Permission>{permission}</Permission></Grant>"
            );
        }
        body.push_str("</AccessControlList></AccessControlPolicy>");
        Ok(body)
    }
}

fn xml_word(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "READ",
        Permission::Write => "WRITE",
        Permission::ReadAcp => "READ_ACP",
        Permission::WriteAcp => "WRITE_ACP",
        Permission::FullControl => "FULL_CONTROL",
    }
}

fn grantee(dialect: &dyn Dialect, element: &Element<'_>) -> Option<Grantee> {
    let words = dialect.policy_words();
    if let Some(word) = element.value("Canned") {
        return word
            .eq_ignore_ascii_case("Everyone")
            .then_some(Grantee::Everyone);
    }
    if let Some(uri) = element.value("URI") {
        let everyone = matches!(words.everyone, GroupWord::Uri(everyone) if everyone == uri);
        return Some(if everyone {
            Grantee::Everyone
        } else if words.signed_in == Some(uri) {
            Grantee::SignedIn
        } else {
            Grantee::Uri(uri.to_owned())
        });
    }
    match element.value("ID")? {
        // How COS writes everybody in older policies.
        "qcs::cam::anyone:anyone" => Some(Grantee::Everyone),
        id => Some(Grantee::Id(dialect.plain_id(id))),
    }
}

fn grantee_xml(dialect: &dyn Dialect, grantee: &Grantee) -> Result<String, RequestError> {
    let words = dialect.policy_words();
    let (kind, inner) = match grantee {
        Grantee::Id(id) => {
            check_grantee(id)?;
            let id = xml::escape(&dialect.policy_id(id));
            ("CanonicalUser", format!("<ID>{id}</ID>"))
        }
        Grantee::Everyone => match words.everyone {
            GroupWord::Uri(uri) => ("Group", format!("<URI>{uri}</URI>")),
            GroupWord::Canned(word) => ("Group", format!("<Canned>{word}</Canned>")),
        },
        Grantee::SignedIn => {
            let uri = words.signed_in.ok_or_else(|| RequestError::Refused {
                what: "granting something to everybody with an account".to_owned(),
                reason: format!(
                    "{} has no such group; name accounts or everybody",
                    dialect.provider()
                ),
            })?;
            ("Group", format!("<URI>{uri}</URI>"))
        }
        Grantee::Uri(uri) => {
            check_grantee(uri)?;
            ("Group", format!("<URI>{}</URI>", xml::escape(uri)))
        }
    };
    Ok(if words.typed {
        format!(
            "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:type=\"{kind}\">{inner}</Grantee>"
        )
    } else {
        format!("<Grantee>{inner}</Grantee>")
    })
}
