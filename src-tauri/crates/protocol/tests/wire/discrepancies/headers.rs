//! Names and values of request headers.

mod copies;
mod keys;
mod sources;

use partway_domain::DialectName;
use partway_protocol::dialect::dialect;
use partway_protocol::op::{
    Access, Attributes, Conditions, CopyObject, CreateMultipartUpload, GetObjectAcl, Grant,
    Grantee, Permission, Terms, UploadPartCopy,
};

use crate::fixture::{bucket, etag, key, read, response};
use crate::sample::{
    built, copy_object, create, head, part_copy, sent, signed, vendor, vendor_headers,
};

pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

fn grants(permissions: &[Permission]) -> Access {
    let grant = |permission: &Permission| Grant {
        permission: *permission,
        grantee: Grantee::Id("100000000001".to_owned()),
    };
    Access::Grants(permissions.iter().map(grant).collect())
}

fn with_access(access: Access) -> CreateMultipartUpload {
    CreateMultipartUpload {
        terms: Terms {
            access,
            ..Terms::default()
        },
        ..create()
    }
}

#[test]
fn d2_2_names_are_sent_in_lower_case_and_read_in_any() {
    for name in DialectName::ALL {
        let part = UploadPartCopy {
            conditions: Conditions::matching(etag()),
            ..part_copy(name)
        };
        for (header, _) in &signed(name, &part).headers {
            assert_eq!(*header, header.to_ascii_lowercase(), "{name}");
        }
        let title = format!(
            "X-{}-Copy-Source-Version-ID",
            &dialect(name).vendor_prefix()[2..5]
        );
        let body = "<CopyPartResult><ETag>\"a\"</ETag></CopyPartResult>";
        let part = read(
            name,
            &part_copy(name),
            &response(200, &[(&title, "v1")], body),
        )
        .unwrap();
        assert_eq!(
            part.source_version.unwrap().as_str(),
            "v1",
            "{name}: {title}"
        );
    }
}

#[test]
fn d2_3_header_lines_have_one_form() {
    for name in DialectName::ALL {
        let part = UploadPartCopy {
            conditions: Conditions::Changed {
                etag: Some(etag()),
                since: Some(0),
            },
            ..part_copy(name)
        };
        for (header, value) in &signed(name, &part).headers {
            let token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            assert!(header.bytes().all(token), "{name}: {header:?}");
            assert_eq!(value, value.trim(), "{name}: {header}");
        }
        // A blank at an end would be lost on the way and break the signature.
        let blank = CreateMultipartUpload {
            attributes: Attributes {
                metadata: pairs(&[("a", " b ")]),
                ..Attributes::default()
            },
            ..create()
        };
        assert!(built(name, &blank).is_err(), "{name}");
    }
}

#[test]
fn d2_5_class_access_and_metadata_travel_with_create_only() {
    let attributes = Attributes {
        metadata: pairs(&[("a", "b")]),
        storage_class: Some("ARCHIVE".to_owned()),
        ..Attributes::default()
    };
    for name in DialectName::ALL {
        let create = CreateMultipartUpload {
            attributes: attributes.clone(),
            ..with_access(Access::Canned("private".to_owned()))
        };
        let opened = sent(name, &create);
        for header in ["storage-class", "acl", "meta-a"] {
            assert!(
                opened.header(&vendor(name, header)).is_some(),
                "{name} {header}"
            );
        }
        let mut headers = vendor_headers(name, &sent(name, &part_copy(name)));
        headers.sort();
        assert_eq!(headers, ["copy-source", "copy-source-range"], "{name}");
    }
}

#[test]
fn d2_6_objects_know_four_grants_and_writing_is_none_of_them() {
    let four = [
        Permission::Read,
        Permission::ReadAcp,
        Permission::WriteAcp,
        Permission::FullControl,
    ];
    for name in DialectName::ALL {
        let request = sent(name, &with_access(grants(&four)));
        for header in ["read", "read-acp", "write-acp", "full-control"] {
            let header = vendor(name, &format!("grant-{header}"));
            assert!(request.header(&header).is_some(), "{name}: {header}");
        }
        let refusal = built(name, &with_access(grants(&[Permission::Write]))).unwrap_err();
        assert!(refusal.to_string().contains("write"), "{refusal}");
    }
}

#[test]
fn d2_7_a_grantee_is_sent_as_the_owners_id() {
    let two = Access::Grants(
        ["100000000001", "100000000002"]
            .map(|id| Grant {
                permission: Permission::Read,
                grantee: Grantee::Id(id.to_owned()),
            })
            .to_vec(),
    );
    for (name, value) in [
        (DialectName::Cos, "id=\"100000000001\",id=\"100000000002\""),
        (DialectName::Obs, "id=100000000001,id=100000000002"),
        (DialectName::ObsV2, "id=100000000001,id=100000000002"),
        (DialectName::S3, "id=\"100000000001\",id=\"100000000002\""),
    ] {
        let request = sent(name, &with_access(two.clone()));
        assert_eq!(
            request.header(&vendor(name, "grant-read")),
            Some(value),
            "{name}"
        );
    }
    // Quotes, commas and the stray back-slashes of the old page would end the value early.
    for id in ["", "a\"b", "a,b", "qcs::cam::uin/\\<Owner>", "a b"] {
        let access = Access::Grants(vec![Grant {
            permission: Permission::Read,
            grantee: Grantee::Id(id.to_owned()),
        }]);
        assert!(
            built(DialectName::Cos, &with_access(access)).is_err(),
            "{id:?}"
        );
    }
}

#[test]
fn d2_7_both_forms_of_a_grantee_are_read() {
    let acl = GetObjectAcl {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    let grantees = |ids: &[&str]| {
        let grant = |id: &&str| {
            format!("<Grant><Grantee><ID>{id}</ID></Grantee><Permission>READ</Permission></Grant>")
        };
        let grants: String = ids.iter().map(grant).collect();
        let body = format!(
            "<AccessControlPolicy><Owner><ID>qcs::cam::uin/1000:uin/1000</ID></Owner>\
             <AccessControlList>{grants}</AccessControlList></AccessControlPolicy>"
        );
        let policy = read(DialectName::Cos, &acl, &response(200, &[], body)).unwrap();
        assert_eq!(policy.owner.as_deref(), Some("1000"));
        let grants = policy.grants.into_iter();
        grants.map(|grant| grant.grantee).collect::<Vec<_>>()
    };
    let id = |id: &str| Grantee::Id(id.to_owned());
    // A root account in both forms, with the blanks and back-slashes that strayed in.
    let root = [
        "1000",
        "qcs::cam::uin/1000:uin/1000",
        "qcs :: cam :: uin / \\1000: uin / \\1000",
    ];
    assert_eq!(grantees(&root), [id("1000"), id("1000"), id("1000")]);
    // A sub-account stays what it is.
    let user = "qcs::cam::uin/1000:uin/2000";
    assert_eq!(grantees(&[user]), [id(user)]);
}

#[test]
fn d2_8_no_access_is_sent_unless_chosen_and_none_lets_all_write_on_cos() {
    let public = with_access(Access::Canned("public-read-write".to_owned()));
    let refusal = built(DialectName::Cos, &public).unwrap_err().to_string();
    assert!(refusal.contains("public-read"), "{refusal}");
    for acl in ["default", "private", "public-read"] {
        let request = sent(
            DialectName::Cos,
            &with_access(Access::Canned(acl.to_owned())),
        );
        assert_eq!(request.header("x-cos-acl"), Some(acl));
    }
    for name in DialectName::ALL {
        let silent = [sent(name, &create()), sent(name, &copy_object(name))];
        for request in silent {
            let access = vendor_headers(name, &request)
                .into_iter()
                .find(|header| header == "acl" || header.starts_with("grant-"));
            assert_eq!(access, None, "{name}");
        }
    }
}

#[test]
fn d2_9_a_storage_class_is_any_word() {
    for name in DialectName::ALL {
        for class in ["STANDARD_IA", "ARCHIVE", "DEEP_ARCHIVE", "TOMORROWS_CLASS"] {
            let header = vendor(name, "storage-class");
            let headers = [
                ("content-length", "1"),
                ("etag", "\"a\""),
                (header.as_str(), class),
            ];
            let head = read(name, &head(), &response(200, &headers, "")).unwrap();
            assert_eq!(head.attributes.storage_class.as_deref(), Some(class));
            // Passed on as it came.
            let create = CreateMultipartUpload {
                attributes: head.attributes,
                ..create()
            };
            assert_eq!(sent(name, &create).header(&header), Some(class), "{name}");
        }
    }
}

#[test]
fn d2_22_directives_are_spelled_as_each_provider_does() {
    for (name, copy, replace) in [
        (DialectName::Cos, "Copy", "Replaced"),
        (DialectName::Obs, "COPY", "REPLACE"),
        (DialectName::ObsV2, "COPY", "REPLACE"),
        (DialectName::S3, "COPY", "REPLACE"),
    ] {
        let header = vendor(name, "metadata-directive");
        let plain = sent(name, &copy_object(name));
        assert_eq!(plain.header(&header), Some(copy), "{name}");
        let replacing = CopyObject {
            replace: Some(Attributes {
                tags: pairs(&[("a", "b")]),
                ..Attributes::default()
            }),
            ..copy_object(name)
        };
        let replaced = sent(name, &replacing);
        assert_eq!(replaced.header(&header), Some(replace), "{name}");
        let tagging = replaced.header(&vendor(name, "tagging-directive"));
        assert_eq!(tagging, Some(replace), "{name}");
        // No directive belongs on a part.
        let part = vendor_headers(name, &sent(name, &part_copy(name)));
        assert!(
            !part.iter().any(|header| header.ends_with("directive")),
            "{name}"
        );
    }
}

#[test]
fn d2_23_an_underscore_may_stand_in_a_value_but_not_in_a_name() {
    let with = |name: &str, value: &str| CreateMultipartUpload {
        attributes: Attributes {
            metadata: pairs(&[(name, value)]),
            ..Attributes::default()
        },
        ..create()
    };
    let request = sent(DialectName::Cos, &with("reviewed-by", "j_doe"));
    assert_eq!(request.header("x-cos-meta-reviewed-by"), Some("j_doe"));
    let refusal = built(DialectName::Cos, &with("reviewed_by", "j doe")).unwrap_err();
    assert!(refusal.to_string().contains("reviewed_by"), "{refusal}");
    let elsewhere = sent(DialectName::S3, &with("reviewed_by", "j doe"));
    assert_eq!(elsewhere.header("x-amz-meta-reviewed_by"), Some("j doe"));
}

#[test]
fn d2_24_language_tags_redirect_and_lock_are_not_forgotten() {
    for name in DialectName::ALL {
        let redirect = vendor(name, "website-redirect-location");
        let lock = vendor(name, "object-lock-mode");
        let headers = [
            ("content-length", "1"),
            ("etag", "\"a\""),
            ("content-language", "de"),
            (redirect.as_str(), "/elsewhere"),
            (lock.as_str(), "COMPLIANCE"),
        ];
        let head = read(name, &head(), &response(200, &headers, "")).unwrap();
        // A lock is never set silently: it is said to stay behind.
        assert!(
            head.not_carried.contains(&"object lock".to_owned()),
            "{name}"
        );
        assert_eq!(
            head.website_redirect.as_deref(),
            Some("/elsewhere"),
            "{name}"
        );
        let has = dialect(name).has_website_redirect();
        let create = CreateMultipartUpload {
            attributes: Attributes {
                tags: pairs(&[("team", "a&b")]),
                ..head.attributes
            },
            terms: Terms {
                website_redirect: has.then(|| "/elsewhere".to_owned()),
                ..Terms::default()
            },
            ..create()
        };
        let request = sent(name, &create);
        assert_eq!(request.header("content-language"), Some("de"), "{name}");
        assert_eq!(
            request.header(&vendor(name, "tagging")),
            Some("team=a%26b"),
            "{name}"
        );
        assert_eq!(request.header(&redirect).is_some(), has, "{name}");
        assert_eq!(request.header(&lock), None, "{name}");
    }
}
