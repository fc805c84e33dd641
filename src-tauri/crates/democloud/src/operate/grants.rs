//! Access control as requests write it: a canned word, grant headers, or a document.

use super::Scene;
use crate::call::{Call, Form};
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::store::access::{Access, Grant, Grantee, Permission};
use crate::xml::Element;

/// An object and a bucket know different words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Object,
    Bucket,
}

/// Grants in one list, on all three providers.
const MOST: usize = 1000;

/// The access that headers ask for; `None` when no header does.
pub(super) fn in_headers(call: &Call, of: Of) -> Result<Option<Access>, Refusal> {
    let canned = call.vendor("acl");
    let grants = header_grants(call, of)?;
    if call.switches.no_acl && (canned.is_some() || !grants.is_empty()) {
        return Err(not_supported(call));
    }
    match (canned, grants.is_empty()) {
        (None, true) => Ok(None),
        (Some(word), true) => known(call.provider, of, &word).map(|()| Some(Access::canned(word))),
        (None, false) => Ok(Some(Access {
            canned: None,
            grants,
        })),
        (Some(_), false) => Err(Refusal::invalid_request(
            "A request has a canned ACL or grant headers, not both.",
        )),
    }
}

/// What a server without ACLs answers.
pub(super) fn not_supported(call: &Call) -> Refusal {
    match call.provider {
        Provider::S3 => {
            let message = "The bucket does not allow ACLs.";
            Refusal::new(400, "AccessControlListNotSupported", message)
        }
        Provider::Cos | Provider::Obs => Refusal::not_implemented("An ACL"),
    }
}

fn known(provider: Provider, of: Of, word: &str) -> Result<(), Refusal> {
    let words: &[&str] = match (provider, of) {
        (Provider::Cos, Of::Object) => &[
            "default",
            "private",
            "public-read",
            "authenticated-read",
            "bucket-owner-read",
            "bucket-owner-full-control",
        ],
        (Provider::Cos, Of::Bucket) => &[
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
        ],
        (Provider::Obs, Of::Object) => &[
            "private",
            "public-read",
            "public-read-write",
            "bucket-owner-full-control",
        ],
        (Provider::Obs, Of::Bucket) => &[
            "private",
            "public-read",
            "public-read-write",
            "public-read-delivered",
            "public-read-write-delivered",
            "bucket-owner-full-control",
        ],
        (Provider::S3, Of::Object) => &[
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
            "aws-exec-read",
            "bucket-owner-read",
            "bucket-owner-full-control",
        ],
        (Provider::S3, Of::Bucket) => &[
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
            "aws-exec-read",
            "log-delivery-write",
        ],
    };
    if words.contains(&word) {
        return Ok(());
    }
    let of = match of {
        Of::Object => "an object",
        Of::Bucket => "a bucket",
    };
    Err(Refusal::invalid_argument(format!(
        "{word} is no canned ACL for {of}."
    )))
}

/// Names of grant headers: the five permissions, and for OBS buckets two that objects inherit.
fn header_grants(call: &Call, of: Of) -> Result<Vec<Grant>, Refusal> {
    let mut grants = Vec::new();
    for permission in Permission::ALL {
        for delivered in [false, true] {
            let ending = if delivered { "-delivered" } else { "" };
            let name = format!("{}{ending}", permission.header());
            let Some(text) = call.vendor(&name) else {
                continue;
            };
            if permission == Permission::Write && of == Of::Object {
                let message = format!("An object takes no {}{name}.", call.form.prefix());
                return Err(Refusal::invalid_argument(message));
            }
            if delivered && (call.provider != Provider::Obs || of == Of::Object) {
                continue;
            }
            for grantee in grantees(call.form, &text)? {
                grants.push(Grant {
                    grantee,
                    permission,
                    delivered,
                });
            }
        }
    }
    check_count(&grants)?;
    Ok(grants)
}

fn check_count(grants: &[Grant]) -> Result<(), Refusal> {
    if grants.len() > MOST {
        let message = format!("An access control list has at most {MOST} grants.");
        return Err(Refusal::invalid_argument(message));
    }
    Ok(())
}

/// `id="…",id="…"`; S3 also knows `uri="…"`.
fn grantees(form: Form, text: &str) -> Result<Vec<Grantee>, Refusal> {
    let wrong = || {
        let form = match form {
            Form::Cos => "id=\"<uin>\"",
            Form::Obs | Form::ObsAmz => "id=<domain id>",
            Form::S3 => "id=\"<user>\" or uri=\"<group>\"",
        };
        Refusal::invalid_argument(format!("A grantee is written {form}, with commas between."))
    };
    text.split(',')
        .map(|one| {
            let (kind, value) = one.trim().split_once('=').ok_or_else(wrong)?;
            let value = value.trim().trim_matches('"');
            match kind.trim() {
                "id" if !value.is_empty() => Ok(Grantee::User(value.to_owned())),
                "uri" if form == Form::S3 => group(value).ok_or_else(wrong),
                _ => Err(wrong()),
            }
        })
        .collect()
}

/// A group by the last step of its address, which is the same on every provider that has groups.
fn group(uri: &str) -> Option<Grantee> {
    match uri.rsplit('/').next()? {
        "AllUsers" => Some(Grantee::Everyone),
        "AuthenticatedUsers" => Some(Grantee::Authenticated),
        "LogDelivery" => Some(Grantee::LogDelivery),
        _ => None,
    }
}

/// The access that a document asks for.
pub(super) fn in_body(call: &Call, of: Of) -> Result<Access, Refusal> {
    let malformed = || match call.provider {
        Provider::Cos => Refusal::malformed_xml(),
        Provider::Obs | Provider::S3 => {
            let message = "The document is no access control policy, or breaks its rules.";
            Refusal::new(400, "MalformedACLError", message)
        }
    };
    let policy = Element::read(&call.body, "AccessControlPolicy").map_err(|_| malformed())?;
    let owned = policy
        .child("Owner")
        .and_then(|owner| owner.text_of("ID"))
        .is_some_and(|id| !id.is_empty());
    let list = policy.child("AccessControlList").ok_or_else(malformed)?;
    if !owned {
        return Err(malformed());
    }
    let mut grants = Vec::new();
    for grant in list.all("Grant") {
        let word = grant.text_of("Permission").ok_or_else(malformed)?;
        let permission = Permission::ALL
            .into_iter()
            .find(|permission| permission.word() == word.trim())
            .ok_or_else(malformed)?;
        if permission == Permission::Write && of == Of::Object && call.provider == Provider::Cos {
            return Err(malformed());
        }
        let grantee = grant.child("Grantee").ok_or_else(malformed)?;
        grants.push(Grant {
            grantee: grantee_in(grantee).ok_or_else(malformed)?,
            permission,
            delivered: grant.text_of("Delivered") == Some("true"),
        });
    }
    check_count(&grants)?;
    Ok(Access {
        canned: None,
        grants,
    })
}

fn grantee_in(element: &Element) -> Option<Grantee> {
    if let Some(canned) = element.text_of("Canned") {
        return (canned.trim() == "Everyone").then_some(Grantee::Everyone);
    }
    if let Some(uri) = element.text_of("URI") {
        return group(uri.trim());
    }
    let id = element.text_of("ID")?.trim();
    (!id.is_empty()).then(|| Grantee::User(id.to_owned()))
}

impl Scene<'_> {
    /// What a PUT of an ACL asks for: headers or a body. On COS the headers win over a body, the
    /// others refuse both together.
    pub(super) fn new_access(&self, of: Of) -> Result<Access, Refusal> {
        let call = self.call;
        let in_headers = in_headers(call, of)?;
        match (in_headers, call.body.is_empty()) {
            (Some(access), true) => Ok(access),
            (Some(access), false) if call.provider == Provider::Cos => Ok(access),
            (Some(_), false) => {
                let message = "An ACL comes in headers or in the body, not in both.";
                Err(Refusal::new(400, "UnexpectedContent", message))
            }
            (None, false) => in_body(call, of),
            (None, true) => {
                let message = "The request has neither an ACL header nor a body.";
                Err(match call.provider {
                    Provider::S3 => Refusal::new(400, "MissingSecurityHeader", message),
                    Provider::Cos | Provider::Obs => Refusal::invalid_argument(message),
                })
            }
        }
    }
}
