//! Access control lists: canned, in headers, in a document; and readers without a signature.

use partway_democloud::Provider;

use super::client::{Ask, Client, FORMS, Form, cloud};

/// A policy that lets everyone read, as this dialect writes it.
fn policy(form: Form) -> String {
    let everyone = match form {
        Form::Cos => "<URI>http://cam.qcloud.com/groups/global/AllUsers</URI>",
        Form::Obs => "<Canned>Everyone</Canned>",
        Form::ObsAmz | Form::S3 => "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>",
    };
    format!(
        "<AccessControlPolicy><Owner><ID>1250000000</ID></Owner><AccessControlList>\
         <Grant><Grantee><ID>1250000000</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>\
         <Grant><Grantee>{everyone}</Grantee><Permission>READ</Permission></Grant>\
         </AccessControlList></AccessControlPolicy>"
    )
}

fn grant_value(form: Form, id: &str) -> String {
    match form {
        Form::Obs | Form::ObsAmz => format!("id={id}"),
        Form::Cos | Form::S3 => format!("id=\"{id}\""),
    }
}

#[tokio::test]
async fn a_canned_acl_becomes_grants() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let put = Ask::new("PUT", &bucket, "a")
            .header(&client.vendor("acl"), "public-read")
            .body("x");
        client.send(put).await.expect(200);
        let acl = client
            .send(Ask::new("GET", &bucket, "a").sub("acl"))
            .await
            .expect(200);
        assert_eq!(acl.elements("Permission"), ["FULL_CONTROL", "READ"]);
        let everyone = match form {
            Form::Obs => acl.element("Canned"),
            _ => acl.element("URI"),
        };
        let expected = match form {
            Form::Cos => "http://cam.qcloud.com/groups/global/AllUsers",
            Form::Obs => "Everyone",
            Form::ObsAmz | Form::S3 => "http://acs.amazonaws.com/groups/global/AllUsers",
        };
        assert_eq!(everyone.as_deref(), Some(expected));

        let private = Ask::new("PUT", &bucket, "a")
            .sub("acl")
            .header(&client.vendor("acl"), "private");
        client.send(private).await.expect(200);
        let truth = cloud.object(form.provider(), &bucket, "a").unwrap();
        assert_eq!(truth.acl.as_deref(), Some("private"));

        let wrong = if form == Form::Cos {
            "public-read-write"
        } else {
            "default"
        };
        let wrong = Ask::new("PUT", &bucket, "w").header(&client.vendor("acl"), wrong);
        client.send(wrong).await.expect_code(400, "InvalidArgument");
    }
}

#[tokio::test]
async fn grants_come_in_headers_and_survive_an_upload() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (bucket, from) = (client.example("backup"), client.example("photos"));
        let value = format!(
            "{},{}",
            grant_value(form, "100000000001"),
            grant_value(form, "100000000002")
        );
        let create = Ask::new("POST", &bucket, "g")
            .sub("uploads")
            .header(&client.vendor("grant-read"), &value)
            .header(
                &client.vendor("grant-write-acp"),
                grant_value(form, "100000000003"),
            );
        let id = client
            .send(create)
            .await
            .expect(200)
            .element("UploadId")
            .unwrap();
        let part = client.part_copy((&bucket, "g"), &id, 1, (&from, "readme.txt"), None);
        let etag = client.send(part).await.expect(200).element("ETag").unwrap();
        let complete = Client::complete((&bucket, "g"), &id, &[(1, etag)]);
        client.send(complete).await.expect(200);
        let truth = cloud.object(form.provider(), &bucket, "g").unwrap();
        assert_eq!(
            truth.grants,
            [
                "READ 100000000001",
                "READ 100000000002",
                "WRITE_ACP 100000000003"
            ]
        );
        let acl = client
            .send(Ask::new("GET", &bucket, "g").sub("acl"))
            .await
            .expect(200);
        let ids = acl.elements("ID");
        assert!(ids.iter().any(|id| id.contains("100000000002")), "{ids:?}");
        assert_eq!(
            acl.elements("Permission").len(),
            if form == Form::Cos { 4 } else { 3 },
            "on COS the owner keeps control"
        );

        let write = Ask::new("PUT", &bucket, "w")
            .header(&client.vendor("grant-write"), grant_value(form, "1"));
        client.send(write).await.expect_code(400, "InvalidArgument");
        let both = Ask::new("PUT", &bucket, "w")
            .header(&client.vendor("acl"), "private")
            .header(&client.vendor("grant-read"), grant_value(form, "1"));
        client.send(both).await.expect_code(400, "InvalidRequest");
        let wrong = Ask::new("PUT", &bucket, "w").header(&client.vendor("grant-read"), "everybody");
        client.send(wrong).await.expect_code(400, "InvalidArgument");
    }
}

#[tokio::test]
async fn a_document_sets_the_acl_of_an_object_or_a_bucket() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        client
            .send(Ask::new("PUT", &bucket, "d").body("x"))
            .await
            .expect(200);
        for key in ["d", ""] {
            let put = Ask::new("PUT", &bucket, key).sub("acl").xml(&policy(form));
            client.send(put).await.expect(200);
            let acl = client
                .send(Ask::new("GET", &bucket, key).sub("acl"))
                .await
                .expect(200);
            assert_eq!(
                acl.elements("Permission"),
                ["FULL_CONTROL", "READ"],
                "{key}"
            );
        }
        let both = Ask::new("PUT", &bucket, "d")
            .sub("acl")
            .header(&client.vendor("acl"), "private")
            .xml(&policy(form));
        let both = client.send(both).await;
        if form == Form::Cos {
            both.expect(200);
            let truth = cloud.object(Provider::Cos, &bucket, "d").unwrap();
            assert_eq!(truth.acl.as_deref(), Some("private"), "the header wins");
        } else {
            both.expect_code(400, "UnexpectedContent");
        }
        let neither = client.send(Ask::new("PUT", &bucket, "d").sub("acl")).await;
        let code = if form == Form::S3 {
            "MissingSecurityHeader"
        } else {
            "InvalidArgument"
        };
        neither.expect_code(400, code);
        let empty = Ask::new("PUT", &bucket, "d")
            .sub("acl")
            .xml("<AccessControlPolicy/>");
        let code = if form == Form::Cos {
            "MalformedXML"
        } else {
            "MalformedACLError"
        };
        client.send(empty).await.expect_code(400, code);
    }
}

#[tokio::test]
async fn a_public_object_is_read_without_a_signature_and_as_it_is() {
    let (cloud, _folder) = cloud().await;
    for form in [Form::Cos, Form::Obs, Form::S3] {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let put = |acl: &str, key: &str| {
            Ask::new("PUT", &bucket, key)
                .header(&client.vendor("acl"), acl)
                .body("open")
        };
        client.send(put("public-read", "p")).await.expect(200);
        client.send(put("private", "q")).await.expect(200);
        let host = || vec![("host".to_owned(), client.address().to_owned())];
        let get = |method: &'static str, target: String| {
            let client = client.clone();
            let host = host();
            async move { client.raw(method, &target, host, Vec::new()).await.unwrap() }
        };
        let open = get("GET", format!("/{bucket}/p")).await.expect(200);
        assert_eq!(open.text(), "open");
        get("GET", format!("/{bucket}/q"))
            .await
            .expect_code(403, "AccessDenied");
        get("DELETE", format!("/{bucket}/p"))
            .await
            .expect_code(403, "AccessDenied");
        let code = if form == Form::Obs {
            "ForbidAnonReqOverwriteRespHead"
        } else {
            "InvalidRequest"
        };
        get(
            "GET",
            format!("/{bucket}/p?response-content-type=text%2Fhtml"),
        )
        .await
        .expect_code(400, code);
    }
}
