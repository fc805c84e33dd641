//! What a write may be refused for, and what it may bring along.

use partway_democloud::Provider;

use super::client::{Ask, Client, FORMS, Form, cloud};

/// The nine refusals that the OBS page of the part copy lists, each by a real request.
#[tokio::test]
async fn every_refusal_of_the_obs_part_copy_page_can_be_met() {
    let (cloud, _folder) = cloud().await;
    for form in [Form::Obs, Form::ObsAmz] {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("datasets"), client.example("backup"));
        let closed = client.example("no-access");
        let id = client.create(&to, "p").await;
        let big = (from.as_str(), "climate/era5-2026.nc");
        let part = |bucket: &str, id: &str, number, from: (&str, &str)| {
            client.part_copy((bucket, "p"), id, number, from, None)
        };
        let small = (from.as_str(), "images/tiles-000.zip");
        for (what, ask, status, code) in [
            (
                "no bucket",
                part("none", &id, 1, small),
                404,
                "NoSuchBucket",
            ),
            (
                "no source",
                part(&to, &id, 1, (&from, "none")),
                404,
                "NoSuchKey",
            ),
            (
                "may not read",
                part(&to, &id, 1, (&closed, "secret.txt")),
                403,
                "AccessDenied",
            ),
            (
                "may not write",
                part(&closed, &id, 1, small),
                403,
                "AccessDenied",
            ),
            (
                "no upload",
                part(&to, "none", 1, small),
                404,
                "NoSuchUpload",
            ),
            ("over 5 GiB", part(&to, &id, 1, big), 400, "EntityTooLarge"),
            ("number 0", part(&to, &id, 0, small), 400, "InvalidArgument"),
            (
                "number 10,001",
                part(&to, &id, 10_001, small),
                400,
                "InvalidArgument",
            ),
        ] {
            let reply = client.send(ask).await;
            assert_eq!(reply.status, status, "{what}: {}", reply.text());
            assert_eq!(reply.element("Code").as_deref(), Some(code), "{what}");
        }
        let cold = client.example("archive");
        let cold = client
            .send(part(&to, &id, 1, (&cold, "2019/ledger.tar")))
            .await;
        cold.expect_code(403, "InvalidObjectState");
        let stranger = client.clone().with_access_key("SOMEBODY");
        let stranger = stranger.send(part(&to, &id, 1, small)).await;
        stranger.expect_code(403, "InvalidAccessKeyId");
        let own_keys = client.endpoint.temporary();
        let second = client
            .clone()
            .with_access_key(&own_keys.access_key)
            .with_secret(&own_keys.secret_key);
        let token = client.vendor("security-token");
        let other = part(&to, &id, 1, small).header(&token, &own_keys.token);
        second.send(other).await.expect_code(403, "AccessDenied");
        // Older pages know one code for everything that is wrong with a key.
        for line in [
            "UploadPartCopy:refuse:status=403:code=AccessDenied",
            "UploadPartCopy:refuse:status=400:code=TooManyWrongSignature",
        ] {
            cloud.add_fault(line.parse().unwrap());
            let reply = client.send(part(&to, &id, 1, small)).await;
            assert!(line.contains(&reply.element("Code").unwrap()));
        }
        client.send(part(&to, &id, 1, small)).await.expect(200);
    }
    assert!(cloud.faults_left().is_empty());
}

#[tokio::test]
async fn a_write_may_forbid_itself_to_overwrite() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("backup");
    let put = |name: &str, value: &str| Ask::new("PUT", &bucket, "o").header(name, value).body("x");
    let first = client.send(put("if-none-match", "*")).await.expect(200);
    client
        .send(put("if-none-match", "*"))
        .await
        .expect_code(412, "PreconditionFailed");
    let etag = first.header("etag").unwrap();
    client.send(put("if-match", etag)).await.expect(200);
    client
        .send(put("if-match", "\"other\""))
        .await
        .expect_code(412, "PreconditionFailed");

    let client = Client::of(&cloud, Form::Cos);
    let bucket = client.example("backup");
    let put = || {
        Ask::new("PUT", &bucket, "o")
            .header("x-cos-forbid-overwrite", "true")
            .body("x")
    };
    client.send(put()).await.expect(200);
    client
        .send(put())
        .await
        .expect_code(409, "FileAlreadyExists");
}

#[tokio::test]
async fn an_obs_object_may_come_with_its_end() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::Obs);
    let bucket = client.example("backup");
    let put = |days: &str| {
        Ask::new("PUT", &bucket, "e")
            .header("x-obs-expires", days)
            .body("x")
    };
    client.send(put("3")).await.expect(200);
    let head = client
        .send(Ask::new("HEAD", &bucket, "e"))
        .await
        .expect(200);
    assert!(
        head.header("x-obs-expiration")
            .unwrap()
            .starts_with("expiry-date=")
    );
    client
        .send(put("soon"))
        .await
        .expect_code(400, "InvalidArgument");
}

#[tokio::test]
async fn temporary_keys_need_their_token() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let owner = Client::of(&cloud, form);
        let keys = owner.endpoint.temporary();
        let client = owner
            .clone()
            .with_access_key(&keys.access_key)
            .with_secret(&keys.secret_key);
        let (token, bucket) = (owner.vendor("security-token"), owner.example("photos"));
        let get = || Ask::new("GET", &bucket, "readme.txt");
        client
            .send(get().header(&token, &keys.token))
            .await
            .expect(200);
        client
            .send(get())
            .await
            .expect_code(403, "InvalidAccessKeyId");
        let wrong = client.send(get().header(&token, "stolen")).await;
        if form == Form::S3 {
            wrong.expect_code(400, "InvalidToken");
        } else {
            wrong.expect_code(403, "InvalidAccessKeyId");
        }
        assert!(!format!("{keys:?}").contains(&keys.token));

        // Only OBS ties an upload to the user who began it.
        let to = owner.example("backup");
        let id = owner.create(&to, "t").await;
        let list = Ask::new("GET", &to, "t")
            .param("uploadId", &id)
            .header(&token, &keys.token);
        let obs = form.provider() == Provider::Obs;
        client.send(list).await.expect(if obs { 403 } else { 200 });
    }
}

#[tokio::test]
async fn s3_may_be_told_whom_the_buckets_belong_to() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("photos");
    for name in ["expected-bucket-owner", "source-expected-bucket-owner"] {
        let ask =
            |id: &str| Ask::new("GET", &bucket, "readme.txt").header(&client.vendor(name), id);
        client.send(ask("1250000000")).await.expect(200);
        client
            .send(ask("999"))
            .await
            .expect_code(403, "AccessDenied");
    }
}
