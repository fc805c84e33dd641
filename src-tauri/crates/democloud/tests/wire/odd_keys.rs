//! Keys that look like paths, parameters or mark-up are only bytes.

use super::client::{Ask, Client, FORMS, Form, cloud};

fn decoded(coded: &str, plus_is_space: bool) -> String {
    let text = if plus_is_space {
        coded.replace('+', " ")
    } else {
        coded.to_owned()
    };
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let two: Vec<u8> = bytes.by_ref().take(2).collect();
            out.push(u8::from_str_radix(std::str::from_utf8(&two).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn every_odd_key_is_listed_found_copied_and_deleted() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (bucket, to) = (client.example("odd-keys"), client.example("backup"));
        let list = Ask::new("GET", &bucket, "").param("encoding-type", "url");
        let list = client.send(list).await.expect(200);
        let keys: Vec<String> = list
            .elements("Key")
            .iter()
            .map(|key| decoded(key, form == Form::S3))
            .collect();
        assert!(keys.len() >= 40, "{keys:?}");
        assert_eq!(
            keys.iter().any(|key| key.starts_with('/')),
            form != Form::Cos
        );
        for key in &keys {
            for virtual_host in [false, true] {
                let ask = |method, bucket: &str| Ask {
                    virtual_host,
                    ..Ask::new(method, bucket, key)
                };
                client.send(ask("HEAD", &bucket)).await.expect(200);
                let (name, value) = client.source(&bucket, key);
                client
                    .send(ask("PUT", &to).header(&name, value))
                    .await
                    .expect(200);
                let copied = cloud.object(form.provider(), &to, key);
                let source = cloud.object(form.provider(), &bucket, key);
                assert_eq!(
                    copied.unwrap().segments,
                    source.unwrap().segments,
                    "{key:?}"
                );
                client.send(ask("DELETE", &to)).await.expect(204);
                assert!(cloud.object(form.provider(), &to, key).is_none());
            }
        }
        let left = client.send(Ask::new("GET", &to, "")).await.expect(200);
        assert!(left.elements("Key").is_empty());
    }
}

#[tokio::test]
async fn many_odd_keys_are_deleted_in_one_request() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("odd-keys");
        let keys = [
            "a/../b",
            "<tag>&amp;",
            "quote'single\"double",
            "never there",
        ];
        let objects: Vec<String> = keys
            .iter()
            .map(|key| key.replace('&', "&amp;").replace('<', "&lt;"))
            .map(|key| format!("<Object><Key>{key}</Key></Object>"))
            .collect();
        let body = format!("<Delete><Quiet>false</Quiet>{}</Delete>", objects.concat());
        let reply = client
            .send(Ask::new("POST", &bucket, "").sub("delete").xml(&body))
            .await;
        let reply = reply.expect(200);
        assert_eq!(reply.elements("Key"), keys);
        assert!(cloud.object(form.provider(), &bucket, "a/../b").is_none());
        assert!(cloud.object(form.provider(), &bucket, "a/./b").is_some());
        let without = Ask::new("POST", &bucket, "").sub("delete").body(body);
        client.send(without).await.expect(400);
    }
}

#[tokio::test]
async fn keys_that_are_too_long_or_not_allowed_are_refused() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let longest = if form == Form::Cos { 850 } else { 1024 };
        let put = |key: &str| Ask::new("PUT", &bucket, key);
        client.send(put(&"k".repeat(longest))).await.expect(200);
        client.send(put(&"k".repeat(longest + 1))).await.expect(400);
        let status = if form == Form::Cos { 400 } else { 200 };
        client.send(put("/slash")).await.expect(status);
        client.send(put("esc\u{1b}")).await.expect(status);
    }
}
