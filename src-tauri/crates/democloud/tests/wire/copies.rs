//! What copies take along, what they refuse, and how an upload is completed.

use partway_democloud::Provider;

use super::client::{Ask, Client, FORMS, Form, cloud};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

fn directive(form: Form, replace: bool) -> &'static str {
    match (form, replace) {
        (Form::Cos, false) => "Copy",
        (Form::Cos, true) => "Replaced",
        (_, false) => "COPY",
        (_, true) => "REPLACE",
    }
}

#[tokio::test]
async fn a_single_copy_takes_metadata_along_and_tags_as_the_provider_does() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let put = Ask::new("PUT", &bucket, "from")
            .header("content-type", "text/x-test")
            .header("cache-control", "no-store")
            .header(&client.vendor("meta-colour"), "green")
            .header(&client.vendor("tagging"), "a=1&b=two%20words")
            .body("hello");
        client.send(put).await.expect(200);
        let (name, value) = client.source(&bucket, "from");
        let copy = |to: &str| Ask::new("PUT", &bucket, to).header(&name, &value);
        client.send(copy("plain")).await.expect(200);
        let plain = cloud.object(form.provider(), &bucket, "plain").unwrap();
        assert_eq!(plain.headers["content-type"], "text/x-test");
        assert_eq!(plain.headers["cache-control"], "no-store");
        assert_eq!(plain.metadata["colour"], "green");
        let obs = form.provider() == Provider::Obs;
        assert_eq!(
            plain.tags.is_empty(),
            obs,
            "{form:?} copies tags unless it is OBS"
        );

        let tagging = client.vendor("tagging-directive");
        client
            .send(copy("tagged").header(&tagging, directive(form, false)))
            .await
            .expect(200);
        let tagged = cloud.object(form.provider(), &bucket, "tagged").unwrap();
        assert_eq!(tagged.tags[1], ("b".to_owned(), "two words".to_owned()));

        let metadata = client.vendor("metadata-directive");
        client
            .send(
                copy("new")
                    .header(&metadata, directive(form, true))
                    .header("content-type", "text/new"),
            )
            .await
            .expect(200);
        let new = cloud.object(form.provider(), &bucket, "new").unwrap();
        assert_eq!(new.headers.len(), 1);
        assert_eq!(new.headers["content-type"], "text/new");
        assert!(new.metadata.is_empty());

        let other = if form == Form::Cos {
            "REPLACE"
        } else {
            "Replaced"
        };
        let wrong = client.send(copy("wrong").header(&metadata, other)).await;
        wrong.expect_code(400, "InvalidArgument");
        client
            .send(copy("from"))
            .await
            .expect_code(400, "InvalidRequest");
        let onto_itself = copy("from").header(&metadata, directive(form, true));
        client.send(onto_itself).await.expect(200);
    }
}

#[tokio::test]
async fn a_storage_class_is_never_inherited() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let cool = if form == Form::Obs {
            "WARM"
        } else {
            "STANDARD_IA"
        };
        let class = client.vendor("storage-class");
        client
            .send(Ask::new("PUT", &bucket, "cool").header(&class, cool))
            .await
            .expect(200);
        let head = client
            .send(Ask::new("HEAD", &bucket, "cool"))
            .await
            .expect(200);
        assert_eq!(head.header(&class), Some(cool));
        let (name, value) = client.source(&bucket, "cool");
        client
            .send(Ask::new("PUT", &bucket, "copy").header(&name, value))
            .await
            .expect(200);
        let head = client
            .send(Ask::new("HEAD", &bucket, "copy"))
            .await
            .expect(200);
        assert_eq!(head.header(&class), None);
        let wrong = Ask::new("PUT", &bucket, "x").header(&class, "LUKEWARM");
        client
            .send(wrong)
            .await
            .expect_code(400, "InvalidStorageClass");
    }
}

#[tokio::test]
async fn five_gibibytes_is_the_most_a_copy_moves() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("datasets"), client.example("backup"));
        let single = |key: &str| {
            let (name, value) = client.source(&from, key);
            Ask::new("PUT", &to, "era5").header(&name, value)
        };
        client
            .send(single("climate/era5-2025.nc"))
            .await
            .expect(200);
        client
            .send(single("climate/era5-2026.nc"))
            .await
            .expect(400);
        let id = client.create(&to, "era5").await;
        let part = |range| {
            client.part_copy(
                (&to, "era5"),
                &id,
                1,
                (&from, "climate/era5-2026.nc"),
                range,
            )
        };
        client.send(part(Some((0, 5 * GIB - 1)))).await.expect(200);
        client.send(part(Some((0, 5 * GIB)))).await.expect(400);
        client.send(part(None)).await.expect(400);
    }
}

#[tokio::test]
async fn ranges_have_one_form_and_stay_inside() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("datasets"), client.example("backup"));
        let source = (from.as_str(), "images/tiles-000.zip");
        let id = client.create(&to, "r").await;
        let part = |range| client.part_copy((&to, "r"), &id, 1, source, range);
        client.send(part(Some((0, 64 * MIB - 1)))).await.expect(200);
        let beyond = client.send(part(Some((0, 64 * MIB)))).await;
        assert_eq!(beyond.status, if form == Form::S3 { 400 } else { 416 });
        for wrong in ["bytes=0-", "bytes=5-4", "bytes=-5", "0-5", "bytes=0-1,4-5"] {
            let wrong = part(None).header(&client.vendor("copy-source-range"), wrong);
            client.send(wrong).await.expect_code(400, "InvalidArgument");
        }
        for number in [0, 10_001] {
            let wrong = client.part_copy((&to, "r"), &id, number, source, None);
            client.send(wrong).await.expect_code(400, "InvalidArgument");
        }
        let gone = client.part_copy((&to, "r"), "no-such-upload", 1, source, None);
        client.send(gone).await.expect_code(404, "NoSuchUpload");
        let missing = client.part_copy((&to, "r"), &id, 1, (&from, "missing"), None);
        client.send(missing).await.expect_code(404, "NoSuchKey");
        let closed = client.example("no-access");
        let closed = client.part_copy((&to, "r"), &id, 1, (&closed, "secret.txt"), None);
        client.send(closed).await.expect_code(403, "AccessDenied");
    }
}

#[tokio::test]
async fn s3_copies_a_range_only_of_more_than_five_mebibytes() {
    let (cloud, _folder) = cloud().await;
    cloud.put_virtual(Provider::S3, "own", "small", 5 * MIB);
    cloud.put_virtual(Provider::S3, "own", "enough", 5 * MIB + 1);
    let client = Client::of(&cloud, Form::S3);
    let id = client.create("own", "to").await;
    let part = |key| client.part_copy(("own", "to"), &id, 1, ("own", key), Some((0, 99)));
    client
        .send(part("small"))
        .await
        .expect_code(400, "InvalidRequest");
    client.send(part("enough")).await.expect(200);
}

#[tokio::test]
async fn conditions_pin_the_source() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("datasets"), client.example("backup"));
        let source = (from.as_str(), "images/tiles-000.zip");
        let etag = cloud
            .object(form.provider(), source.0, source.1)
            .unwrap()
            .etag;
        let id = client.create(&to, "c").await;
        let header = |name: &str| client.vendor(&format!("copy-source-{name}"));
        let with = |conditions: &[(&str, &str)]| {
            let ask = client.part_copy((&to, "c"), &id, 1, source, None);
            conditions
                .iter()
                .fold(ask, |ask, (name, value)| ask.header(&header(name), *value))
        };
        let quoted = format!("\"{etag}\"");
        let past = "Mon, 04 Sep 2000 04:45:45 GMT";
        let s3 = form == Form::S3;
        let cases: Vec<(Vec<(&str, &str)>, u16)> = vec![
            (vec![("if-match", &quoted)], 200),
            (vec![("if-match", &etag)], 200),
            (vec![("if-match", "\"other\"")], 412),
            (vec![("if-none-match", &quoted)], 412),
            (vec![("if-none-match", "\"other\"")], 200),
            (vec![("if-unmodified-since", past)], 412),
            (vec![("if-modified-since", past)], 200),
            (
                vec![("if-match", &quoted), ("if-unmodified-since", past)],
                if s3 { 200 } else { 412 },
            ),
            (
                vec![("if-none-match", &quoted), ("if-modified-since", past)],
                412,
            ),
            (
                vec![("if-match", &quoted), ("if-none-match", "\"other\"")],
                if s3 { 200 } else { 400 },
            ),
            (
                vec![("if-match", &quoted), ("if-modified-since", past)],
                if s3 { 200 } else { 400 },
            ),
        ];
        for (conditions, status) in cases {
            let reply = client.send(with(&conditions)).await;
            assert_eq!(
                reply.status,
                status,
                "{form:?} {conditions:?} {}",
                reply.text()
            );
        }
        cloud.bump(form.provider(), source.0, source.1);
        client
            .send(with(&[("if-match", &quoted)]))
            .await
            .expect_code(412, "PreconditionFailed");
    }
}

#[tokio::test]
async fn complete_takes_the_listed_parts_and_nothing_wrong() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("datasets"), client.example("backup"));
        let (to, source) = (
            (to.as_str(), "done"),
            (from.as_str(), "images/tiles-000.zip"),
        );
        let id = client.create(to.0, to.1).await;
        let mut etags = Vec::new();
        for (number, range) in [
            (1, (0, 10 * MIB - 1)),
            (2, (10 * MIB, 20 * MIB - 1)),
            (3, (20 * MIB, 20 * MIB + 9)),
            (4, (30 * MIB, 40 * MIB - 1)),
        ] {
            let ask = client.part_copy(to, &id, number, source, Some(range));
            etags.push((
                number,
                client.send(ask).await.expect(200).element("ETag").unwrap(),
            ));
        }
        let pick = |numbers: &[usize]| -> Vec<(u32, String)> {
            numbers.iter().map(|n| etags[n - 1].clone()).collect()
        };
        let complete = |parts: &[(u32, String)]| Client::complete(to, &id, parts);
        let small = client.send(complete(&pick(&[1, 2, 3, 4]))).await;
        small.expect_code(400, "EntityTooSmall");
        let order = client.send(complete(&pick(&[2, 1]))).await;
        order.expect_code(400, "InvalidPartOrder");
        let twice = client.send(complete(&pick(&[1, 1]))).await;
        twice.expect_code(400, "InvalidPartOrder");
        let wrong = client.send(complete(&[(1, etags[1].1.clone())])).await;
        wrong.expect_code(400, "InvalidPart");
        let unknown = client.send(complete(&[
            (1, etags[0].1.clone()),
            (9, etags[1].1.clone()),
        ]));
        unknown.await.expect_code(400, "InvalidPart");
        client
            .send(complete(&[]))
            .await
            .expect_code(400, "MalformedXML");

        let gap = client.send(complete(&pick(&[1, 4]))).await;
        if form == Form::Cos {
            gap.expect_code(400, "InvalidPart");
            client.send(complete(&pick(&[1, 2, 3]))).await.expect(200);
        } else {
            gap.expect(200);
            let made = cloud.object(form.provider(), to.0, to.1).unwrap();
            assert_eq!(made.size, 20 * MIB);
            assert_eq!(made.segments.len(), 2, "two ranges that do not touch");
        }
        client
            .send(complete(&pick(&[1, 2])))
            .await
            .expect_code(404, "NoSuchUpload");
    }
}

#[tokio::test]
async fn composite_etags_are_md5_of_md5s_except_on_cos() {
    use md5::{Digest, Md5};
    let (cloud, _folder) = cloud().await;
    let mut seen = Vec::new();
    for form in [Form::Cos, Form::Cos, Form::Obs, Form::S3] {
        let client = Client::of(&cloud, form);
        let to = client.example("backup");
        let id = client.create(&to, "m").await;
        let part = Ask::new("PUT", &to, "m")
            .param("partNumber", 1)
            .param("uploadId", &id);
        let part = client.send(part.body("the only part")).await.expect(200);
        let etag = part.header("etag").unwrap().to_owned();
        let done = client
            .send(Client::complete((&to, "m"), &id, &[(1, etag)]))
            .await
            .expect(200);
        let md5 = Md5::digest(Md5::digest("the only part"));
        let expected: Vec<String> = md5.iter().map(|b| format!("{b:02x}")).collect();
        let expected = expected.concat();
        let got = done.element("ETag").unwrap();
        assert_eq!(
            got == format!("\"{expected}-1\""),
            form != Form::Cos,
            "{got}"
        );
        seen.push(got);
    }
    assert_ne!(seen[0], seen[1], "the same part twice on COS");
}

#[tokio::test]
async fn delete_markers_cannot_be_copied() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (from, to) = (client.example("versions"), client.example("backup"));
        let (name, value) = client.source(&from, "minutes.txt");
        let copy = |value: String| Ask::new("PUT", &to, "v").header(&name, value);
        client
            .send(copy(value.clone()))
            .await
            .expect_code(404, "NoSuchKey");
        let listed = Ask::new("GET", &from, "")
            .sub("versions")
            .param("prefix", "minutes");
        let listed = client.send(listed).await.expect(200);
        let ids = listed.elements("VersionId");
        client
            .send(copy(format!("{value}?versionId={}", ids[0])))
            .await
            .expect(400);
        let old = client
            .send(copy(format!("{value}?versionId={}", ids[1])))
            .await
            .expect(200);
        let header = client.vendor("copy-source-version-id");
        assert_eq!(old.header(&header), Some(ids[1].as_str()));

        let head = client
            .send(Ask::new("HEAD", &from, "minutes.txt"))
            .await
            .expect(404);
        assert_eq!(head.header(&client.vendor("delete-marker")), Some("true"));
        let head = Ask::new("HEAD", &from, "minutes.txt").param("versionId", &ids[0]);
        let status = if form == Form::Cos { 404 } else { 405 };
        client.send(head).await.expect(status);
    }
}

#[tokio::test]
async fn only_obs_minds_the_body_of_a_copy() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (name, value) = client.source(&client.example("photos"), "readme.txt");
        let copy = Ask::new("PUT", &client.example("backup"), "b")
            .header(&name, value)
            .body("x");
        let status = if form.provider() == Provider::Obs {
            400
        } else {
            200
        };
        client.send(copy).await.expect(status);
    }
}
