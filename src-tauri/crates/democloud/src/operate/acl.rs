//! Access control lists: read as a document, written as a whole.

use std::sync::Arc;

use super::Scene;
use super::grants::{Of, not_supported};
use crate::answer::Answer;
use crate::call::Form;
use crate::refusal::Refusal;
use crate::seed::OWNER;
use crate::store::access::{Access, Grant, Grantee, Permission};
use crate::store::object::Version;
use crate::xml::Xml;

/// `GetBucketAcl` and `GetObjectAcl`.
pub(super) fn read(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    if call.switches.no_acl {
        return Err(not_supported(call));
    }
    let access = match &call.key {
        Some(key) => scene.version(call.bucket()?, key)?.attached.access.clone(),
        None => scene.bucket(call.bucket()?)?.access.clone(),
    };
    let form = call.form;
    let grants = effective(form, &access);
    let mut answer = Answer::xml(call, "AccessControlPolicy", |xml| {
        xml.nest("Owner", |xml| {
            xml.leaf("ID", user(form, OWNER));
            if form != Form::Obs {
                xml.leaf("DisplayName", user(form, OWNER));
            }
        });
        if form == Form::Obs && call.key.is_some() {
            xml.leaf("Delivered", "false");
        }
        xml.nest("AccessControlList", |xml| {
            for grant in &grants {
                xml.nest("Grant", |xml| {
                    grantee(xml, form, &grant.grantee);
                    xml.leaf("Permission", grant.permission.word());
                    if form == Form::Obs && call.key.is_none() {
                        xml.leaf("Delivered", grant.delivered.to_string());
                    }
                });
            }
        });
    });
    if form == Form::Cos && access.grants.is_empty() {
        let default = if call.key.is_some() {
            "default"
        } else {
            "private"
        };
        answer.header("x-cos-acl", access.canned.as_deref().unwrap_or(default));
    }
    Ok(answer)
}

/// `PutBucketAcl` and `PutObjectAcl`.
pub(super) fn write(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    if call.switches.no_acl {
        return Err(not_supported(call));
    }
    let name = call.bucket()?;
    if let Some(key) = &call.key {
        let access = scene.new_access(Of::Object)?;
        let mut version = Version::clone(&*scene.version(name, key)?);
        Arc::make_mut(&mut version.attached).access = access;
        scene.store.replace(name, key, version, scene.library)?;
    } else {
        let access = scene.new_access(Of::Bucket)?;
        scene
            .store
            .change_bucket(name, |bucket| bucket.access = access)?;
    }
    Ok(Answer::empty(200))
}

/// The grants a list amounts to. Grants that were written out are all there are, but on COS the
/// owner never loses control.
fn effective(form: Form, access: &Access) -> Vec<Grant> {
    let owner = to(Grantee::User(OWNER.to_owned()), Permission::FullControl);
    if !access.grants.is_empty() {
        let mut grants = access.grants.clone();
        let controls =
            |grant: &Grant| matches!(&grant.grantee, Grantee::User(id) if id.contains(OWNER));
        if form == Form::Cos && !grants.iter().any(controls) {
            grants.insert(0, owner);
        }
        return grants;
    }
    let mut grants = vec![owner];
    let canned = access.canned.as_deref().unwrap_or("private");
    let delivered = canned.ends_with("-delivered");
    let mut everyone = |permission| {
        grants.push(Grant {
            delivered,
            ..to(Grantee::Everyone, permission)
        });
    };
    match canned.trim_end_matches("-delivered") {
        "public-read" => everyone(Permission::Read),
        "public-read-write" => {
            everyone(Permission::Read);
            everyone(Permission::Write);
        }
        "authenticated-read" => grants.push(to(Grantee::Authenticated, Permission::Read)),
        "log-delivery-write" => {
            grants.push(to(Grantee::LogDelivery, Permission::Write));
            grants.push(to(Grantee::LogDelivery, Permission::ReadAcp));
        }
        _ => {}
    }
    grants
}

fn to(grantee: Grantee, permission: Permission) -> Grant {
    Grant {
        grantee,
        permission,
        delivered: false,
    }
}

/// A user's id as this dialect prints it: COS turns a bare number into a resource name.
fn user(form: Form, id: &str) -> String {
    let bare = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if form == Form::Cos && bare {
        format!("qcs::cam::uin/{id}:uin/{id}")
    } else {
        id.to_owned()
    }
}

fn grantee(xml: &mut Xml, form: Form, grantee: &Grantee) {
    let Some(group) = group(form, grantee) else {
        return typed(xml, form, "CanonicalUser", |xml| {
            let Grantee::User(id) = grantee else { return };
            xml.leaf("ID", user(form, id));
            if form != Form::Obs {
                xml.leaf("DisplayName", user(form, id));
            }
        });
    };
    typed(xml, form, "Group", |xml| {
        let element = if form == Form::Obs { "Canned" } else { "URI" };
        xml.leaf(element, group);
    });
}

fn typed(xml: &mut Xml, form: Form, kind: &str, fill: impl FnOnce(&mut Xml)) {
    if form == Form::Obs {
        return xml.nest("Grantee", fill);
    }
    let schema = "http://www.w3.org/2001/XMLSchema-instance";
    let attributes = format!("xmlns:xsi=\"{schema}\" xsi:type=\"{kind}\"");
    xml.nest_with("Grantee", &attributes, fill);
}

/// The name of a group; `None` for a single user. Natively OBS has one group only.
fn group(form: Form, grantee: &Grantee) -> Option<String> {
    let (front, name) = match (form, grantee) {
        (_, Grantee::User(_)) => return None,
        (Form::Obs, _) => return Some("Everyone".to_owned()),
        (_, Grantee::LogDelivery) => {
            return Some("http://acs.amazonaws.com/groups/s3/LogDelivery".to_owned());
        }
        (Form::Cos, grantee) => ("http://cam.qcloud.com/groups/global", grantee),
        (_, grantee) => ("http://acs.amazonaws.com/groups/global", grantee),
    };
    let name = match name {
        Grantee::Authenticated => "AuthenticatedUsers",
        _ => "AllUsers",
    };
    Some(format!("{front}/{name}"))
}
