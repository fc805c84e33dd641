//! From the list of buckets to a completed copy, in every dialect and both addressings.

use partway_democloud::Provider;

use super::client::{Ask, Client, FORMS, Form, Reply, cloud, parts_xml};

const MIB: u64 = 1 << 20;

async fn copy(client: &Client, virtual_host: bool) -> (Reply, String) {
    let (from, to) = (client.example("datasets"), client.example("backup"));
    let ask = |method, key| Ask {
        virtual_host,
        ..Ask::new(method, &to, key)
    };
    let key = "copies/tiles 1.zip";
    let made = client
        .send(
            ask("POST", key)
                .sub("uploads")
                .header("content-type", "application/zip")
                .header(&client.vendor("meta-from"), "here"),
        )
        .await
        .expect(200);
    let id = made.element("UploadId").unwrap();

    let size = 100 * MIB + 1;
    let mut etags = Vec::new();
    for (number, first) in (1..).zip((0..size).step_by(40 << 20)) {
        let last = (first + 40 * MIB).min(size) - 1;
        let (name, value) = client.source(&from, "images/tiles-001.zip");
        let part = client
            .send(
                ask("PUT", key)
                    .param("partNumber", number)
                    .param("uploadId", &id)
                    .header(&name, value)
                    .header(
                        &client.vendor("copy-source-range"),
                        format!("bytes={first}-{last}"),
                    ),
            )
            .await
            .expect(200);
        assert!(part.text().contains("<CopyPartResult"), "{}", part.text());
        etags.push(part.element("ETag").unwrap());
    }

    let listed = client
        .send(ask("GET", key).param("uploadId", &id))
        .await
        .expect(200);
    assert_eq!(listed.elements("PartNumber"), ["1", "2", "3"]);
    assert_eq!(listed.elements("ETag"), etags);
    let last = (size - 80 * MIB).to_string();
    assert_eq!(listed.elements("Size").last(), Some(&last));

    let done = client
        .send(
            ask("POST", key)
                .param("uploadId", &id)
                .xml(&parts_xml((1..).zip(&etags))),
        )
        .await
        .expect(200);
    assert!(
        done.element("ETag").unwrap().ends_with("-3\""),
        "{}",
        done.text()
    );
    let head = client.send(ask("HEAD", key)).await.expect(200);
    assert_eq!(
        head.header("content-length"),
        Some(size.to_string().as_str())
    );
    assert_eq!(head.header("content-type"), Some("application/zip"));
    assert_eq!(head.header(&client.vendor("meta-from")), Some("here"));
    (head, id)
}

#[tokio::test]
async fn a_copy_arrives_whole_in_every_dialect_and_addressing() {
    for form in FORMS {
        for virtual_host in [false, true] {
            let (cloud, _folder) = cloud().await;
            let client = Client::of(&cloud, form);
            let (head, id) = copy(&client, virtual_host).await;

            let provider = form.provider();
            let source = client.example("datasets");
            let source = cloud
                .object(provider, &source, "images/tiles-001.zip")
                .unwrap();
            let copied = cloud.object(provider, &client.example("backup"), "copies/tiles 1.zip");
            let copied = copied.unwrap();
            assert_eq!(copied.segments, source.segments, "{form:?}");
            assert_eq!(copied.crc64, source.crc64, "{form:?}");
            assert_eq!(copied.upload_id.as_deref(), Some(id.as_str()));
            assert!(
                cloud
                    .uploads(provider)
                    .iter()
                    .all(|upload| upload.upload_id != id)
            );
            match form {
                Form::Cos => {
                    let crc = source.crc64.to_string();
                    assert_eq!(head.header("x-cos-hash-crc64ecma"), Some(crc.as_str()));
                }
                Form::Obs => assert_eq!(head.header("x-obs-uploadId"), Some(id.as_str())),
                Form::ObsAmz | Form::S3 => {}
            }
        }
    }
}

#[tokio::test]
async fn buckets_are_listed_with_their_regions() {
    let (cloud, _folder) = cloud().await;
    for (form, element) in [
        (Form::Cos, "Location"),
        (Form::Obs, "Location"),
        (Form::S3, "BucketRegion"),
    ] {
        let client = Client::of(&cloud, form);
        let list = client.send(Ask::new("GET", "", "")).await.expect(200);
        let names = list.elements("Name");
        assert!(names.contains(&client.example("photos")), "{names:?}");
        assert!(names.contains(&client.example("no-access")), "{names:?}");
        let regions = list.elements(element);
        assert_eq!(regions.len(), names.len());
        assert!(
            regions.iter().any(|region| *region != regions[0]),
            "{regions:?}"
        );
    }
    let client = Client::of(&cloud, Form::ObsAmz);
    let list = client.send(Ask::new("GET", "", "")).await.expect(200);
    assert!(list.elements("Location").is_empty());
    let list = client
        .send(Ask::new("GET", "", "").header("x-amz-location", "true"))
        .await;
    assert!(!list.expect(200).elements("Location").is_empty());
}

#[tokio::test]
async fn a_bucket_says_where_it_is_and_whether_it_keeps_versions() {
    let (cloud, _folder) = cloud().await;
    for (form, header, location) in [
        (Form::Cos, "x-cos-bucket-region", "cos.ap-guangzhou"),
        (Form::Obs, "x-obs-bucket-location", "cn-north-4"),
        (Form::ObsAmz, "x-amz-bucket-region", "cn-north-4"),
        (Form::S3, "x-amz-bucket-region", "us-east-1"),
    ] {
        let client = Client::of(&cloud, form);
        let bucket = client.example("versions");
        let head = client.send(Ask::new("HEAD", &bucket, "")).await.expect(200);
        assert!(location.ends_with(head.header(header).unwrap()));
        let answer = client
            .send(Ask::new("GET", &bucket, "").sub("location"))
            .await
            .expect(200);
        assert_eq!(
            answer.text().contains(location),
            form != Form::S3,
            "{}",
            answer.text()
        );
        let answer = client
            .send(Ask::new("GET", &bucket, "").sub("versioning"))
            .await;
        assert_eq!(
            answer.expect(200).element("Status").as_deref(),
            Some("Enabled")
        );
        let answer = client.send(Ask::new("GET", &client.example("backup"), "").sub("versioning"));
        assert_eq!(answer.await.expect(200).element("Status"), None);
    }
}

#[tokio::test]
async fn a_giant_has_a_head_and_readable_ranges() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("datasets");
        let key = "genome/cohort-2026.tar";
        let head = client
            .send(Ask::new("HEAD", &bucket, key))
            .await
            .expect(200);
        let size = 48_u64 << 40;
        assert_eq!(
            head.header("content-length"),
            Some(size.to_string().as_str())
        );
        let range = format!("bytes={}-{}", size - 10, size - 1);
        let tail = client
            .send(Ask::new("GET", &bucket, key).header("range", range))
            .await;
        let tail = tail.expect(206);
        assert_eq!(tail.body.len(), 10);
        let again = client
            .send(Ask::new("GET", &bucket, key).header("range", "bytes=-10"))
            .await;
        assert_eq!(again.expect(206).body, tail.body);
        let beyond = format!("bytes={size}-");
        let beyond = client
            .send(Ask::new("GET", &bucket, key).header("range", beyond))
            .await;
        beyond.expect_code(416, "InvalidRange");
    }
}

#[tokio::test]
async fn real_bytes_come_back_as_they_went() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let body: Vec<u8> = (0..700_000_u32).map(|i| (i % 251) as u8).collect();
        let put = Ask::new("PUT", &bucket, "bytes").body(body.clone());
        let put = client.send(put).await.expect(200);
        let got = client
            .send(Ask::new("GET", &bucket, "bytes"))
            .await
            .expect(200);
        assert_eq!(got.body, body);
        assert_eq!(got.header("etag"), put.header("etag"));
        client
            .send(Ask::new("DELETE", &bucket, "bytes"))
            .await
            .expect(204);
        client
            .send(Ask::new("GET", &bucket, "bytes"))
            .await
            .expect_code(404, "NoSuchKey");
    }
}

#[tokio::test]
async fn crc64_of_a_virtual_object_is_that_of_its_bytes() {
    let (cloud, _folder) = cloud().await;
    cloud.put_virtual(Provider::Cos, "own-1250000000", "v", 3 * MIB + 7);
    let client = Client::of(&cloud, Form::Cos);
    let got = client
        .send(Ask::new("GET", "own-1250000000", "v"))
        .await
        .expect(200);
    assert_eq!(got.body.len() as u64, 3 * MIB + 7);
    let crc = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Xz, &got.body).to_string();
    assert_eq!(got.header("x-cos-hash-crc64ecma"), Some(crc.as_str()));
}

#[tokio::test]
async fn a_cold_object_thaws() {
    let (cloud, _folder) = cloud().await;
    let mut begun = Vec::new();
    for (form, body) in [
        (
            Form::Cos,
            "<CASJobParameters><Tier>Expedited</Tier></CASJobParameters>",
        ),
        (Form::Obs, "<RestoreJob><Tier>Expedited</Tier></RestoreJob>"),
        (
            Form::S3,
            "<GlacierJobParameters><Tier>Standard</Tier></GlacierJobParameters>",
        ),
    ] {
        let client = Client::of(&cloud, form);
        let (bucket, key) = (client.example("archive"), "2019/ledger.tar");
        let (name, value) = client.source(&bucket, key);
        let copy = Ask::new("PUT", &client.example("backup"), "thawed").header(&name, value);
        client
            .send(copy.clone())
            .await
            .expect_code(403, "InvalidObjectState");
        let restore = format!("<RestoreRequest><Days>2</Days>{body}</RestoreRequest>");
        let restore = Ask::new("POST", &bucket, key).sub("restore").xml(&restore);
        client.send(restore.clone()).await.expect(202);
        client
            .send(restore)
            .await
            .expect_code(409, "RestoreAlreadyInProgress");
        let state = client.vendor("restore");
        let head = client
            .send(Ask::new("HEAD", &bucket, key))
            .await
            .expect(200);
        assert_eq!(head.header(&state), Some("ongoing-request=\"true\""));
        begun.push((client, bucket, copy));
    }
    tokio::time::sleep(std::time::Duration::from_millis(4100)).await;
    for (client, bucket, copy) in begun {
        let head = client
            .send(Ask::new("HEAD", &bucket, "2019/ledger.tar"))
            .await
            .expect(200);
        let state = head.header(&client.vendor("restore")).unwrap();
        assert!(
            state.starts_with("ongoing-request=\"false\", expiry-date="),
            "{state}"
        );
        client.send(copy).await.expect(200);
    }
}
