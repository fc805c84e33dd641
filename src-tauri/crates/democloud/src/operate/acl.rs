//! Access control lists, read only: the owner, and everyone where a canned ACL let them in.

use super::Scene;
use crate::answer::Answer;
use crate::call::Form;
use crate::refusal::Refusal;
use crate::seed::OWNER;
use crate::xml::Xml;

/// `GetBucketAcl` and `GetObjectAcl`.
pub(super) fn read(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let canned = match &call.key {
        Some(key) => scene.version(call.bucket()?, key)?.attached.acl.clone(),
        None => None,
    };
    let form = call.form;
    Ok(Answer::xml(call, "AccessControlPolicy", |xml| {
        xml.nest("Owner", |xml| {
            xml.leaf("ID", owner(form));
            if form != Form::Obs {
                xml.leaf("DisplayName", owner(form));
            }
        });
        xml.nest("AccessControlList", |xml| {
            xml.nest("Grant", |xml| {
                grantee(xml, form, "CanonicalUser", |xml| {
                    xml.leaf("ID", owner(form));
                });
                xml.leaf("Permission", "FULL_CONTROL");
            });
            if canned.is_some_and(|acl| acl.starts_with("public-read")) {
                xml.nest("Grant", |xml| {
                    grantee(xml, form, "Group", |xml| everyone(xml, form));
                    xml.leaf("Permission", "READ");
                });
            }
        });
    }))
}

fn owner(form: Form) -> String {
    match form {
        Form::Cos => format!("qcs::cam::uin/{OWNER}:uin/{OWNER}"),
        Form::Obs | Form::ObsAmz | Form::S3 => OWNER.to_owned(),
    }
}

fn grantee(xml: &mut Xml, form: Form, kind: &str, fill: impl FnOnce(&mut Xml)) {
    if form == Form::Obs {
        return xml.nest("Grantee", fill);
    }
    let schema = "http://www.w3.org/2001/XMLSchema-instance";
    let attributes = format!("xmlns:xsi=\"{schema}\" xsi:type=\"{kind}\"");
    xml.nest_with("Grantee", &attributes, fill);
}

fn everyone(xml: &mut Xml, form: Form) {
    match form {
        Form::Cos => xml.leaf("URI", "http://cam.qcloud.com/groups/global/AllUsers"),
        Form::Obs => xml.leaf("Canned", "Everyone"),
        Form::ObsAmz | Form::S3 => {
            xml.leaf("URI", "http://acs.amazonaws.com/groups/global/AllUsers");
        }
    }
}
