//! Access policies as each provider writes them.

use super::*;

fn acl() -> GetObjectAcl {
    GetObjectAcl {
        bucket: bucket(),
        key: key(),
        version: None,
    }
}

fn policy(name: DialectName, grants: &str) -> Result<AccessPolicy, WireError> {
    let body = format!(
        "<AccessControlPolicy xmlns='u'><Owner><ID>qcs::cam::uin/1:uin/1</ID></Owner>\
         <AccessControlList>{grants}</AccessControlList></AccessControlPolicy>"
    );
    read(name, &acl(), &response(200, &[], body))
}

fn grant(grantee: &str, permission: &str) -> String {
    format!("<Grant>{grantee}<Permission>{permission}</Permission></Grant>")
}

fn only(name: DialectName, grants: &str) -> Grant {
    let mut policy = policy(name, grants).unwrap();
    assert_eq!(policy.grants.len(), 1);
    policy.grants.remove(0)
}

#[test]
fn everybody_in_every_spelling() {
    let uri = |uri: &str| format!("<Grantee xsi:type='Group'><URI>{uri}</URI></Grantee>");
    for (name, grantee) in [
        (Cos, uri("http://cam.qcloud.com/groups/global/AllUsers")),
        (
            Cos,
            "<Grantee><ID>qcs::cam::anyone:anyone</ID></Grantee>".to_owned(),
        ),
        (
            Obs,
            "<Grantee><Canned>Everyone</Canned></Grantee>".to_owned(),
        ),
        (
            ObsV2,
            uri("http://acs.amazonaws.com/groups/global/AllUsers"),
        ),
        (S3, uri("http://acs.amazonaws.com/groups/global/AllUsers")),
    ] {
        let found = only(name, &grant(&grantee, "READ"));
        assert_eq!(found.grantee, Grantee::Everyone, "{name}");
        assert_eq!(found.permission, Permission::Read);
    }
    let signed_in = uri("http://acs.amazonaws.com/groups/global/AuthenticatedUsers");
    assert_eq!(
        only(S3, &grant(&signed_in, "WRITE")).grantee,
        Grantee::SignedIn
    );
    let other = uri("http://acs.amazonaws.com/groups/s3/LogDelivery");
    assert!(matches!(
        only(S3, &grant(&other, "READ")).grantee,
        Grantee::Uri(_)
    ));
}

#[test]
fn cos_names_accounts_in_two_ways() {
    let id = |id: &str| {
        only(
            Cos,
            &grant(&format!("<Grantee><ID>{id}</ID></Grantee>"), "FULL_CONTROL"),
        )
    };
    for root in [
        "qcs::cam::uin/100000000001:uin/100000000001",
        "100000000001",
        " qcs::cam::uin/ 100000000001:uin\\/100000000001 ",
    ] {
        assert_eq!(
            id(root).grantee,
            Grantee::Id("100000000001".to_owned()),
            "{root}"
        );
    }
    let sub = "qcs::cam::uin/100000000001:uin/100000000002";
    assert_eq!(id(sub).grantee, Grantee::Id(sub.to_owned()));
    assert_eq!(policy(Cos, "").unwrap().owner.as_deref(), Some("1"));
}

/// Passing a grant over would show an object as less open than it is.
#[test]
fn a_grant_nobody_knows_is_not_passed_over() {
    let anybody = "<Grantee><ID>1</ID></Grantee>";
    for name in DialectName::ALL {
        assert!(
            policy(name, &grant(anybody, "EVERYTHING")).is_err(),
            "{name}"
        );
        assert!(
            policy(name, &grant("<Grantee/>", "READ")).is_err(),
            "{name}"
        );
        assert!(policy(name, "<Grant><Permission>READ</Permission></Grant>").is_err());
        let all = ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"]
            .map(|permission| grant(anybody, permission))
            .concat();
        assert_eq!(policy(name, &all).unwrap().grants.len(), 5, "{name}");
    }
}

/// What is written is what is read, on each dialect.
#[test]
fn a_policy_comes_back_as_it_went() {
    let id = |id: &str| Grantee::Id(id.to_owned());
    for name in DialectName::ALL {
        let policy = AccessPolicy {
            owner: Some("100000000001".to_owned()),
            grants: [
                (Permission::FullControl, id("100000000002")),
                (Permission::Read, Grantee::Everyone),
            ]
            .map(|(permission, grantee)| Grant {
                permission,
                grantee,
            })
            .to_vec(),
        };
        let put = PutObjectAcl {
            bucket: bucket(),
            key: key(),
            version: None,
            acl: NewAcl::Policy(policy.clone()),
        };
        let body = crate::sample::sent(name, &put).body;
        assert_eq!(
            read(name, &acl(), &response(200, &[], body)).unwrap(),
            policy,
            "{name}"
        );
    }
}

#[test]
fn a_bucket_without_acls_says_so() {
    let body = "<Error><Code>AccessControlListNotSupported</Code></Error>";
    let error = read(S3, &acl(), &response(400, &[], body)).unwrap_err();
    assert_eq!(error.code.as_deref(), Some("AccessControlListNotSupported"));
    let bucket = GetBucketAcl { bucket: bucket() };
    let gone = read(S3, &bucket, &response(404, &[], "")).unwrap_err();
    assert_eq!(gone.kind, FailureKind::NoSuchBucket);
}
