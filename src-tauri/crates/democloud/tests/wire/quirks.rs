//! Every switch does what it says, and nothing is switched on by itself.

use partway_democloud::{DemoCloud, Provider, Quirk, Quirks};

use super::client::{Ask, Client, FORMS, Form, Reply, cloud};

/// A cloud with these switches turned on all three endpoints.
async fn with(switches: &[&str]) -> (DemoCloud, tempfile::TempDir) {
    let (cloud, folder) = cloud().await;
    turn(&cloud, switches);
    (cloud, folder)
}

fn turn(cloud: &DemoCloud, switches: &[&str]) {
    let mut quirks = Quirks::default();
    for switch in switches {
        let quirk: Quirk = format!("*:{switch}").parse().unwrap();
        quirks.add(&quirk);
    }
    cloud.set_quirks(quirks);
}

async fn part_copy(client: &Client, edit: impl FnOnce(Ask) -> Ask) -> Reply {
    let (from, to) = (client.example("photos"), client.example("backup"));
    let id = client.create(&to, "q").await;
    let ask = client.part_copy((&to, "q"), &id, 1, (&from, "readme.txt"), None);
    client.send(edit(ask)).await
}

#[tokio::test]
async fn what_a_server_lacks_it_says() {
    let (cloud, _folder) = with(&[
        "no_part_copy",
        "no_tagging",
        "no_acl",
        "no_versioning",
        "no_bucket_list",
        "no_customer_keys",
        "list_v2=refused",
    ])
    .await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("photos");
        part_copy(&client, |ask| ask)
            .await
            .expect_code(501, "NotImplemented");
        let get = |sub: &str, key: &str| Ask::new("GET", &bucket, key).sub(sub);
        for ask in [
            get("tagging", "readme.txt"),
            get("versioning", ""),
            get("versions", ""),
            Ask::new("PUT", &bucket, "t").header(&client.vendor("tagging"), "a=b"),
        ] {
            client.send(ask).await.expect_code(501, "NotImplemented");
        }
        let (status, code) = match form {
            Form::S3 => (400, "AccessControlListNotSupported"),
            _ => (501, "NotImplemented"),
        };
        for ask in [
            get("acl", "readme.txt"),
            get("acl", ""),
            Ask::new("PUT", &bucket, "a").header(&client.vendor("acl"), "private"),
        ] {
            client.send(ask).await.expect_code(status, code);
        }
        client
            .send(Ask::new("GET", "", ""))
            .await
            .expect_code(403, "AccessDenied");
        let customer = client.vendor("server-side-encryption-customer-algorithm");
        let customer = Ask::new("PUT", &bucket, "c").header(&customer, "AES256");
        client.send(customer).await.expect_code(403, "AccessDenied");
        let v2 = client
            .send(Ask::new("GET", &bucket, "").param("list-type", 2))
            .await;
        v2.expect(if form == Form::Cos { 200 } else { 501 });
        client.send(Ask::new("GET", &bucket, "")).await.expect(200);
    }
}

#[tokio::test]
async fn a_listing_may_ignore_its_generation_or_forget_its_marker() {
    let (cloud, _folder) = with(&["list_v2=ignored"]).await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("photos");
    let v2 = Ask::new("GET", &bucket, "")
        .param("list-type", 2)
        .param("max-keys", 2);
    let v2 = client.send(v2).await.expect(200);
    assert_eq!(v2.element("KeyCount"), None);
    assert_eq!(v2.element("IsTruncated").as_deref(), Some("true"));

    turn(&cloud, &["list_v2=invalid"]);
    let v2 = Ask::new("GET", &bucket, "").param("list-type", 2);
    client.send(v2).await.expect_code(400, "InvalidArgument");

    for (switch, encoded, repeats) in [
        ("repeated_page=encoded", true, true),
        ("repeated_page=encoded", false, false),
        ("repeated_page=always", false, true),
    ] {
        turn(&cloud, &[switch]);
        let client = Client::of(&cloud, Form::Obs);
        let page = async |marker: &str| {
            let mut ask = Ask::new("GET", &bucket, "")
                .param("max-keys", 2)
                .param("marker", marker);
            if encoded {
                ask = ask.param("encoding-type", "url");
            }
            client.send(ask).await.expect(200)
        };
        let first = page("").await;
        let second = page(&first.element("NextMarker").unwrap()).await;
        let same = first.elements("Key") == second.elements("Key");
        assert_eq!(same, repeats, "{switch} {encoded}");
    }
}

#[tokio::test]
async fn headers_of_a_create_on_a_part_copy_are_refused_or_ignored() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let headers = [
            ("storage-class", "STANDARD"),
            ("acl", "private"),
            ("grant-read", "id=\"1\""),
            ("meta-colour", "green"),
            ("metadata-directive", "COPY"),
        ];
        for (name, value) in headers {
            turn(&cloud, &[]);
            let name = client.vendor(name);
            let strict = part_copy(&client, |ask| ask.header(&name, value)).await;
            strict.expect_code(400, "InvalidArgument");
            turn(&cloud, &["lenient_part_copy"]);
            part_copy(&client, |ask| ask.header(&name, value))
                .await
                .expect(200);
        }
    }
}

#[tokio::test]
async fn errors_come_late_or_in_another_shape() {
    let (cloud, _folder) = with(&["errors_in_200"]).await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let (name, value) = client.source(&bucket, "missing");
        let copy = Ask::new("PUT", &bucket, "c").header(&name, value);
        client.send(copy).await.expect_code(200, "NoSuchKey");
        client
            .send(Client::complete(
                (&bucket, "c"),
                "gone",
                &[(1, "\"e\"".to_owned())],
            ))
            .await
            .expect_code(200, "NoSuchUpload");
        client
            .send(Ask::new("GET", &bucket, "missing"))
            .await
            .expect_code(404, "NoSuchKey");
    }
    turn(&cloud, &["json_errors", "no_request_id"]);
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let reply = client
            .send(Ask::new("GET", &bucket, "missing"))
            .await
            .expect(404);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert!(
            reply.text().starts_with("{\"code\":\"NoSuchKey\""),
            "{}",
            reply.text()
        );
        assert_eq!(reply.header(&client.vendor("request-id")), None);
        let head = client
            .send(Ask::new("HEAD", &bucket, "missing"))
            .await
            .expect(404);
        assert!(head.body.is_empty());
    }
}

#[tokio::test]
async fn control_characters_make_xml_ill_formed() {
    let (cloud, _folder) = with(&["raw_control_chars"]).await;
    let client = Client::of(&cloud, Form::Cos);
    let reply = client
        .send(Ask::new("POST", &client.example("backup"), "a\u{1}b").sub("uploads"))
        .await
        .expect(200);
    assert!(reply.text().contains("<Key>a\u{1}b</Key>"));
    turn(&cloud, &[]);
    let reply = client
        .send(Ask::new("POST", &client.example("backup"), "a\u{1}b").sub("uploads"))
        .await
        .expect(200);
    assert!(reply.text().contains("<Key>a&#1;b</Key>"));
}

#[tokio::test]
async fn a_bucket_elsewhere_is_told_in_every_way_there_is() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let far = client.example("far");
        let right = match form.provider() {
            Provider::Cos => "ap-shanghai",
            Provider::Obs => "cn-east-3",
            Provider::S3 => "eu-central-1",
        };
        let region_header = match form {
            Form::Cos => "x-cos-bucket-region",
            Form::Obs => "x-obs-bucket-location",
            Form::ObsAmz | Form::S3 => "x-amz-bucket-region",
        };
        for (switch, status, code) in [
            ("elsewhere=permanent", 301, "PermanentRedirect"),
            ("elsewhere=temporary", 307, "TemporaryRedirect"),
            ("elsewhere=malformed", 400, "AuthorizationHeaderMalformed"),
            ("elsewhere=missing", 404, "NoSuchBucket"),
            ("elsewhere=foreign", 307, "TemporaryRedirect"),
        ] {
            turn(&cloud, &[switch]);
            let ask = Ask::new("GET", &far, "postcard.txt");
            let reply = client.send(ask).await.expect_code(status, code);
            let location = reply.header("location").unwrap_or("");
            match switch {
                "elsewhere=temporary" => {
                    assert!(location.contains(right) && location.ends_with("/postcard.txt"));
                }
                "elsewhere=foreign" => assert!(location.starts_with("http://storage.invalid/")),
                "elsewhere=malformed" => {
                    assert_eq!(reply.element("Region").as_deref(), Some(right));
                }
                _ => assert_eq!(location, ""),
            }
            if status == 301 {
                assert_eq!(reply.header(region_header), Some(right));
                assert!(reply.element("Endpoint").unwrap().contains(right));
            }
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_refuses_and_tells_the_time() {
    let (cloud, _folder) = with(&["clock_ahead_secs=3600"]).await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("photos");
        let reply = client
            .send(Ask::new("GET", &bucket, "readme.txt"))
            .await
            .expect(403);
        let date = reply.header("date").unwrap();
        let date = jiff::fmt::rfc2822::parse(date).unwrap().timestamp();
        let ahead = date.as_second() - jiff::Timestamp::now().as_second();
        assert!((3590..3610).contains(&ahead), "{ahead}");
        assert!(reply.element("ServerTime").is_some(), "{}", reply.text());
        let later = Ask {
            now: date,
            ..Ask::new("GET", &bucket, "readme.txt")
        };
        client.send(later).await.expect(200);
    }
}

#[tokio::test]
async fn a_thaw_takes_as_long_as_it_is_told() {
    let (cloud, _folder) = with(&["thaw_millis=0"]).await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("archive");
        let body = "<RestoreRequest><Days>1</Days></RestoreRequest>";
        let restore = Ask::new("POST", &bucket, "2019/ledger.tar")
            .sub("restore")
            .xml(body);
        let again = client.send(restore).await;
        assert!(
            matches!(again.status, 200 | 202),
            "{form:?} {}",
            again.text()
        );
        let head = client
            .send(Ask::new("HEAD", &bucket, "2019/ledger.tar"))
            .await
            .expect(200);
        let state = head.header(&client.vendor("restore")).unwrap();
        assert!(state.starts_with("ongoing-request=\"false\""), "{state}");
        let list = Ask::new("GET", &bucket, "")
            .param("prefix", "2019/")
            .header(
                &client.vendor("optional-object-attributes"),
                "RestoreStatus",
            );
        let list = client.send(list).await.expect(200);
        match form {
            Form::Cos => assert_eq!(list.element("RestoreStatus").as_deref(), Some("DONE")),
            Form::S3 => assert!(list.element("RestoreExpiryDate").is_some()),
            Form::Obs | Form::ObsAmz => assert_eq!(list.element("RestoreStatus"), None),
        }
    }
}

#[tokio::test]
async fn the_pages_of_cos_want_a_digest_on_every_document() {
    let (cloud, _folder) = with(&["strict_content_md5"]).await;
    let client = Client::of(&cloud, Form::Cos);
    let bucket = client.example("photos");
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
    let bare = Ask::new("PUT", &bucket, "readme.txt")
        .sub("tagging")
        .body(tags);
    client
        .send(bare.clone())
        .await
        .expect_code(400, "InvalidRequest");
    let with = Ask::new("PUT", &bucket, "readme.txt")
        .sub("tagging")
        .xml(tags);
    client.send(with).await.expect(200);
    turn(&cloud, &[]);
    client.send(bare).await.expect(200);
}

#[tokio::test]
async fn headers_may_come_twice() {
    let (cloud, _folder) = with(&["duplicate_headers"]).await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let head = Ask::new("HEAD", &client.example("photos"), "readme.txt");
        let head = client.send(head).await.expect(200);
        let etags: Vec<_> = head.headers.get_all("etag").iter().collect();
        assert_eq!(etags.len(), 2);
        assert_ne!(etags[0], etags[1]);
        let ids = head.headers.get_all(client.vendor("request-id"));
        assert_eq!(ids.iter().count(), 2);
    }
}

#[tokio::test]
async fn the_tag_of_an_object_made_of_parts_may_meet_no_condition() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        turn(&cloud, &[]);
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let source = client.example("photos");
        let id = client.create(&bucket, "made").await;
        let ask = client.part_copy((&bucket, "made"), &id, 1, (&source, "readme.txt"), None);
        let part = client.send(ask).await.expect(200).element("ETag").unwrap();
        let complete = Client::complete((&bucket, "made"), &id, &[(1, part)]);
        let made = client.send(complete).await.expect(200);
        let made = made.element("ETag").unwrap();
        let plain = client.send(Ask::new("HEAD", &source, "readme.txt")).await;
        let plain = plain.header("etag").unwrap().to_owned();

        let copy = async |from: (&str, &str), tag: &str| {
            let (name, value) = client.source(from.0, from.1);
            let ask = Ask::new("PUT", &bucket, "copy").header(&name, value);
            let condition = client.vendor("copy-source-if-match");
            client.send(ask.header(&condition, tag)).await
        };
        copy((&bucket, "made"), &made).await.expect(200);
        turn(&cloud, &["part_tags_never_match"]);
        copy((&bucket, "made"), &made)
            .await
            .expect_code(412, "PreconditionFailed");
        copy((&source, "readme.txt"), &plain).await.expect(200);
    }
}

#[tokio::test]
async fn encryption_may_be_forgotten() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("photos");
        let asked = client.vendor("server-side-encryption");
        let put = || Ask::new("PUT", &bucket, "sealed").header(&asked, "AES256");
        for (switches, shown) in [(&[][..], Some("AES256")), (&["forgets_encryption"], None)] {
            turn(&cloud, switches);
            let made = client.send(put()).await.expect(200);
            assert_eq!(made.header(&asked), shown, "{form:?}");
            let head = client.send(Ask::new("HEAD", &bucket, "sealed")).await;
            assert_eq!(head.expect(200).header(&asked), shown, "{form:?}");
        }
        // What is no encryption at all is refused all the same.
        let odd = Ask::new("PUT", &bucket, "sealed").header(&asked, "rot13");
        assert_eq!(client.send(odd).await.status, 400, "{form:?}");
    }
}
