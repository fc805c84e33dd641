//! Encryption at rest: asked for, echoed, and keys of customers that must come again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use partway_democloud::{DemoCloud, Options};

use super::client::{Ask, Client, FORMS, Form, cloud};

const MIB: u64 = 1 << 20;

fn key(byte: u8) -> [u8; 32] {
    [byte; 32]
}

/// Adds the three headers of a customer key; `front` is empty or `copy-source-`.
fn with_key(client: &Client, ask: Ask, front: &str, key: &[u8]) -> Ask {
    let name =
        |name: &str| client.vendor(&format!("{front}server-side-encryption-customer-{name}"));
    ask.header(&name("algorithm"), "AES256")
        .header(&name("key"), STANDARD.encode(key))
        .header(&name("key-md5"), STANDARD.encode(Md5::digest(key)))
}

const fn kms(form: Form) -> (&'static str, &'static str) {
    match form {
        Form::Cos => ("cos/kms", "server-side-encryption-cos-kms-key-id"),
        Form::Obs => ("kms", "server-side-encryption-kms-key-id"),
        Form::ObsAmz => ("aws:kms", "server-side-encryption-aws-kms-key-id"),
        Form::S3 => ("aws:kms", "server-side-encryption-aws-kms-key-id"),
    }
}

#[tokio::test]
async fn a_servers_key_is_echoed_and_never_inherited() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let header = client.vendor("server-side-encryption");
        let put = Ask::new("PUT", &bucket, "aes")
            .header(&header, "AES256")
            .body("x");
        let put = client.send(put).await.expect(200);
        assert_eq!(put.header(&header), Some("AES256"));
        let head = client
            .send(Ask::new("HEAD", &bucket, "aes"))
            .await
            .expect(200);
        assert_eq!(head.header(&header), Some("AES256"));

        let (name, value) = client.source(&bucket, "aes");
        let copy = Ask::new("PUT", &bucket, "plain").header(&name, &value);
        let copy = client.send(copy).await.expect(200);
        let expected = (form == Form::S3).then_some("AES256");
        assert_eq!(copy.header(&header), expected, "S3 encrypts everything");
        let truth = cloud.object(form.provider(), &bucket, "plain").unwrap();
        assert_eq!(truth.encryption.algorithm, None);

        let wrong = Ask::new("PUT", &bucket, "w").header(&header, "ROT13");
        let code = if form.provider() == partway_democloud::Provider::Obs {
            "InvalidEncryptionAlgorithmError"
        } else {
            "InvalidArgument"
        };
        client.send(wrong).await.expect_code(400, code);
    }
}

#[tokio::test]
async fn a_managed_key_has_an_id_and_a_context() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let (word, id_header) = kms(form);
        let (header, id_header) = (
            client.vendor("server-side-encryption"),
            client.vendor(id_header),
        );
        let context_header = client.vendor("server-side-encryption-context");
        let id = "48ba38aa-26c5-11ea-855c-525400850000";
        let context = STANDARD.encode("{\"project\":\"demo\"}");
        let create = Ask::new("POST", &bucket, "kms")
            .sub("uploads")
            .header(&header, word)
            .header(&id_header, id)
            .header(&context_header, &context);
        let created = client.send(create).await.expect(200);
        assert_eq!(created.header(&header), Some(word));
        assert!(created.header(&id_header).unwrap().ends_with(id));
        let upload = created.element("UploadId").unwrap();

        let from = (client.example("datasets"), "images/tiles-000.zip");
        let part = client.part_copy((&bucket, "kms"), &upload, 1, (&from.0, from.1), None);
        let part = client.send(part).await.expect(200);
        assert_eq!(part.header(&header), Some(word));
        let etag = part.element("ETag").unwrap();
        let done = client
            .send(Client::complete((&bucket, "kms"), &upload, &[(1, etag)]))
            .await
            .expect(200);
        assert!(done.header(&id_header).unwrap().ends_with(id));
        let head = client
            .send(Ask::new("HEAD", &bucket, "kms"))
            .await
            .expect(200);
        assert_eq!(head.header(&header), Some(word));
        let truth = cloud.object(form.provider(), &bucket, "kms").unwrap();
        assert_eq!(truth.encryption.key_id.as_deref(), Some(id));
        assert_eq!(truth.encryption.context, Some(context));

        let wrong = Ask::new("PUT", &bucket, "w")
            .header(&header, word)
            .header(&context_header, "not base64 of JSON");
        client.send(wrong).await.expect_code(400, "InvalidArgument");
        let alone = Ask::new("PUT", &bucket, "w").header(&id_header, id);
        client.send(alone).await.expect_code(400, "InvalidArgument");
    }
}

#[tokio::test]
async fn a_customer_key_must_be_whole_and_its_sum_right() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let name = |name: &str| client.vendor(&format!("server-side-encryption-customer-{name}"));
        let put = || Ask::new("PUT", &bucket, "c").body("secret");
        let obs = form.provider() == partway_democloud::Provider::Obs;
        for short in [&[7; 16][..], &[7; 64][..]] {
            let wrong = client.send(with_key(&client, put(), "", short)).await;
            wrong.expect_code(400, "InvalidArgument");
        }
        let half = put().header(&name("algorithm"), "AES256");
        client.send(half).await.expect_code(400, "InvalidArgument");
        let sum = put()
            .header(&name("algorithm"), "AES256")
            .header(&name("key"), STANDARD.encode(key(1)))
            .header(&name("key-md5"), STANDARD.encode(Md5::digest(key(2))));
        let code = if obs {
            "InvalidDigest"
        } else {
            "InvalidArgument"
        };
        client.send(sum).await.expect_code(400, code);
        let algorithm = put()
            .header(&name("algorithm"), "AES512")
            .header(&name("key"), STANDARD.encode(key(1)))
            .header(&name("key-md5"), STANDARD.encode(Md5::digest(key(1))));
        let code = if form == Form::Cos {
            "InvalidArgument"
        } else {
            "InvalidEncryptionAlgorithmError"
        };
        client.send(algorithm).await.expect_code(400, code);
        let both = with_key(&client, put(), "", &key(1))
            .header(&client.vendor("server-side-encryption"), "AES256");
        client.send(both).await.expect_code(400, "InvalidArgument");
        assert!(cloud.object(form.provider(), &bucket, "c").is_none());
    }
}

#[tokio::test]
async fn only_the_key_it_was_written_with_opens_an_object() {
    let (cloud, folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let put = Ask::new("PUT", &bucket, "c").body("the bytes");
        let put = client
            .send(with_key(&client, put, "", &key(1)))
            .await
            .expect(200);
        let sum = STANDARD.encode(Md5::digest(key(1)));
        let md5_header = client.vendor("server-side-encryption-customer-key-md5");
        assert_eq!(put.header(&md5_header), Some(sum.as_str()));
        let plain: Vec<String> = Md5::digest("the bytes")
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_ne!(
            put.header("etag"),
            Some(format!("\"{}\"", plain.concat()).as_str())
        );

        for method in ["HEAD", "GET"] {
            let read = || Ask::new(method, &bucket, "c");
            let open = client
                .send(with_key(&client, read(), "", &key(1)))
                .await
                .expect(200);
            assert_eq!(open.header(&md5_header), Some(sum.as_str()));
            client.send(read()).await.expect(400);
            let other = client.send(with_key(&client, read(), "", &key(2))).await;
            other.expect(if form == Form::Cos { 400 } else { 403 });
        }
        let (missing, applied) = match form {
            Form::Cos => ("SsecDecryptHeaderInvalid", "SsecDecryptHeaderInvalid"),
            Form::Obs | Form::ObsAmz => ("InvalidEncryptionAlgorithmError", "InvalidRequest"),
            Form::S3 => ("InvalidRequest", "InvalidRequest"),
        };
        let bare = client.send(Ask::new("GET", &bucket, "c")).await;
        bare.expect_code(400, missing);
        let open_one = Ask::new("GET", &client.example("photos"), "readme.txt");
        let open_one = client.send(with_key(&client, open_one, "", &key(1))).await;
        open_one.expect_code(400, applied);

        let (name, value) = client.source(&bucket, "c");
        let copy = || Ask::new("PUT", &bucket, "copy").header(&name, &value);
        client.send(copy()).await.expect_code(400, missing);
        let with_source = with_key(&client, copy(), "copy-source-", &key(1));
        let changed = with_key(&client, with_source, "", &key(3));
        client.send(changed).await.expect(200);
        let truth = cloud.object(form.provider(), &bucket, "copy").unwrap();
        assert_eq!(
            truth.encryption.customer_key_md5,
            Some(STANDARD.encode(Md5::digest(key(3))))
        );
    }
    let clear: Vec<String> = [1, 2, 3].map(|n| STANDARD.encode(key(n))).to_vec();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for key in &clear {
            assert!(!text.contains(key), "a key lies in {}", path.display());
        }
    }
}

#[tokio::test]
async fn every_part_brings_the_key_of_its_upload() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (bucket, from) = (client.example("backup"), client.example("datasets"));
        let create = Ask::new("POST", &bucket, "c").sub("uploads");
        let create = with_key(&client, create, "", &key(1));
        let id = client
            .send(create)
            .await
            .expect(200)
            .element("UploadId")
            .unwrap();
        let source = (from.as_str(), "images/tiles-000.zip");
        let part = |n| client.part_copy((&bucket, "c"), &id, n, source, Some((0, 5 * MIB - 1)));
        client
            .send(part(1))
            .await
            .expect_code(400, "InvalidRequest");
        let other = client.send(with_key(&client, part(1), "", &key(2))).await;
        other.expect_code(400, "InvalidRequest");
        let right = client.send(with_key(&client, part(1), "", &key(1))).await;
        let etag = right.expect(200).element("ETag").unwrap();
        let upload = Ask::new("PUT", &bucket, "c")
            .param("partNumber", 2)
            .param("uploadId", &id)
            .body("the end");
        client.send(upload.clone()).await.expect(400);
        let second = client
            .send(with_key(&client, upload, "", &key(1)))
            .await
            .expect(200);
        let second = second.header("etag").unwrap().to_owned();
        let complete = Client::complete((&bucket, "c"), &id, &[(1, etag), (2, second)]);
        let wrong = with_key(&client, complete.clone(), "", &key(2));
        client.send(wrong).await.expect_code(400, "InvalidRequest");
        client.send(complete).await.expect(200);
        client
            .send(Ask::new("HEAD", &bucket, "c"))
            .await
            .expect(400);

        let id = client.create(&bucket, "open").await;
        let part = client.part_copy((&bucket, "open"), &id, 1, source, None);
        let keyed = client.send(with_key(&client, part, "", &key(1))).await;
        keyed.expect_code(400, "InvalidRequest");
    }
}

#[tokio::test]
async fn only_obs_keeps_encryption_on_in_place() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let header = client.vendor("server-side-encryption");
        let put = Ask::new("PUT", &bucket, "e")
            .header(&header, "AES256")
            .body("x");
        client.send(put).await.expect(200);
        let (name, value) = client.source(&bucket, "e");
        let replace = if form == Form::Cos {
            "Replaced"
        } else {
            "REPLACE"
        };
        let onto_itself = Ask::new("PUT", &bucket, "e")
            .header(&name, &value)
            .header(&client.vendor("metadata-directive"), replace);
        let status = if form.provider() == partway_democloud::Provider::Obs {
            400
        } else {
            200
        };
        client.send(onto_itself.clone()).await.expect(status);
        client
            .send(onto_itself.header(&header, "AES256"))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn keys_and_grants_are_known_again_after_a_restart() {
    let (cloud, folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let put = Ask::new("PUT", &client.example("backup"), &format!("{form:?}"))
            .header(&client.vendor("grant-read"), "id=\"100000000001\"")
            .body("x");
        client
            .send(with_key(&client, put, "", &key(9)))
            .await
            .expect(200);
    }
    cloud.shutdown().await;
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (bucket, name) = (client.example("backup"), format!("{form:?}"));
        let get = || Ask::new("GET", &bucket, &name);
        client.send(get()).await.expect(400);
        client
            .send(with_key(&client, get(), "", &key(9)))
            .await
            .expect(200);
        let truth = cloud.object(form.provider(), &bucket, &name).unwrap();
        assert_eq!(truth.grants, ["READ 100000000001"]);
    }
}
