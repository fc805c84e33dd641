//! Every kind of fault happens, as often as planned, and is then used up.

use std::time::{Duration, Instant};

use partway_democloud::{Fault, FaultKind, Provider, Quirks, Shape, Switches, Timing};

use super::client::{Ask, Client, FORMS, Form, cloud};

/// A client with an upload begun and a part copy to send.
async fn ready(client: &Client) -> (Ask, String, String) {
    let (from, to) = (client.example("datasets"), client.example("backup"));
    let id = client.create(&to, "f").await;
    let range = Some((0, (10 << 20) - 1));
    let source = (from.as_str(), "images/tiles-000.zip");
    (client.part_copy((&to, "f"), &id, 1, source, range), to, id)
}

async fn part_count(client: &Client, to: &str, id: &str) -> usize {
    let list = client
        .send(Ask::new("GET", to, "f").param("uploadId", id))
        .await
        .expect(200);
    list.elements("PartNumber").len()
}

#[tokio::test]
async fn refusals_do_nothing_and_are_used_up() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, to, id) = ready(&client).await;
        for (line, status, code) in [
            (
                "UploadPartCopy:refuse:status=403:code=AccessDenied",
                403,
                "AccessDenied",
            ),
            ("*:slow_down:secs=7", 503, "SlowDown"),
            ("UploadPartCopy:expired_token:key=f", 400, "ExpiredToken"),
            (
                "UploadPartCopy:error_in_200:code=InternalError",
                200,
                "InternalError",
            ),
        ] {
            cloud.add_fault(line.parse().unwrap());
            let reply = client.send(copy.clone()).await.expect_code(status, code);
            if code == "SlowDown" {
                assert_eq!(reply.header("retry-after"), Some("7"));
            }
            assert!(reply.element("ETag").is_none());
            assert_eq!(part_count(&client, &to, &id).await, 0, "{line}");
            assert!(cloud.faults_left().is_empty(), "{line}");
        }
        client.send(copy).await.expect(200);
    }
}

#[tokio::test]
async fn a_lost_answer_was_done_and_a_reset_was_not() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, to, id) = ready(&client).await;
        cloud.add_fault(Fault::new("UploadPartCopy", FaultKind::Reset));
        assert!(client.try_send(&copy).await.is_none());
        assert_eq!(part_count(&client, &to, &id).await, 0);
        cloud.add_fault(Fault::new("UploadPartCopy", FaultKind::LoseAnswer));
        assert!(client.try_send(&copy).await.is_none());
        assert_eq!(part_count(&client, &to, &id).await, 1);
        let log = cloud.requests();
        let silent = log
            .iter()
            .filter(|r| r.provider == form.provider() && r.status == 0);
        assert!(silent.count() >= 2);
    }
}

#[tokio::test]
async fn half_a_body_is_not_an_answer() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, to, id) = ready(&client).await;
        cloud.add_fault(Fault::new("UploadPartCopy", FaultKind::HalfBody));
        assert!(client.try_send(&copy).await.is_none());
        assert_eq!(part_count(&client, &to, &id).await, 1);
        cloud.add_fault(Fault::new("GetObject", FaultKind::HalfBody));
        let get = Ask::new("GET", &client.example("datasets"), "images/tiles-000.zip")
            .header("range", "bytes=0-999999");
        assert!(client.try_send(&get).await.is_none());
        assert_eq!(client.send(get).await.expect(206).body.len(), 1_000_000);
    }
}

#[tokio::test]
async fn a_stall_is_silence_and_then_all_is_well() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let (copy, _, _) = ready(&client).await;
    cloud.add_fault("UploadPartCopy:stall:millis=300".parse().unwrap());
    let begun = Instant::now();
    client.send(copy).await.expect(200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_changed_source_fails_the_pin() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, _, _) = ready(&client).await;
        let (bucket, key) = (client.example("datasets"), "images/tiles-000.zip");
        let before = cloud.object(form.provider(), &bucket, key).unwrap();
        let pin = client.vendor("copy-source-if-match");
        let pinned = copy.header(&pin, format!("\"{}\"", before.etag));
        client.send(pinned.clone()).await.expect(200);
        cloud.add_fault("UploadPartCopy:source_changed".parse().unwrap());
        client
            .send(pinned)
            .await
            .expect_code(412, "PreconditionFailed");
        let after = cloud.object(form.provider(), &bucket, key).unwrap();
        assert_eq!(after.size, before.size);
        assert_ne!((after.etag, after.crc64), (before.etag, before.crc64));
    }
}

#[tokio::test]
async fn an_upload_can_vanish() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, _, id) = ready(&client).await;
        cloud.add_fault("UploadPartCopy:upload_gone:skip=1".parse().unwrap());
        client.send(copy.clone()).await.expect(200);
        client.send(copy).await.expect_code(404, "NoSuchUpload");
        assert!(
            cloud
                .uploads(form.provider())
                .iter()
                .all(|upload| upload.upload_id != id)
        );
    }
}

#[tokio::test]
async fn work_goes_on_when_the_client_is_gone() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::Cos);
    let (copy, to, id) = ready(&client).await;
    cloud.set_timing(Timing {
        latency: Duration::from_millis(300),
        ..Timing::default()
    });
    let hurried = tokio::time::timeout(Duration::from_millis(100), client.try_send(&copy)).await;
    assert!(hurried.is_err());
    cloud.set_timing(Timing::default());
    assert_eq!(
        part_count(&client, &to, &id).await,
        0,
        "the effect comes at the end"
    );
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(part_count(&client, &to, &id).await, 1);
}

#[tokio::test]
async fn throughput_makes_big_parts_slow() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::Obs);
    let (copy, _, _) = ready(&client).await;
    cloud.set_timing(Timing {
        part_throughput: Some(50 << 20),
        ..Timing::default()
    });
    let begun = Instant::now();
    client.send(copy).await.expect(200);
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_millis(200) && took < Duration::from_secs(2),
        "{took:?}"
    );
}

#[tokio::test]
async fn quirks_change_shapes_and_memories() {
    let (cloud, _folder) = cloud().await;
    cloud.set_quirks(Quirks::everywhere(Switches {
        ignore_copy_conditions: true,
        complete_idempotent: true,
        bare_part_result: true,
        title_case_headers: true,
        leading_whitespace: true,
        ..Switches::default()
    }));
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, to, id) = ready(&client).await;
        let copy = copy.header(&client.vendor("copy-source-if-match"), "\"other\"");
        let part = client.send(copy).await.expect(200);
        let text = part.text();
        assert!(!text.contains("CopyPartResult"), "{text}");
        assert!(text.starts_with([' ', '\n']), "{text:?}");
        let etag = part.element("ETag").unwrap();
        let complete = Client::complete((&to, "f"), &id, &[(1, etag)]);
        let first = client.send(complete.clone()).await.expect(200);
        assert!(first.text().trim_start().starts_with("<?xml"));
        assert!(first.text().starts_with(' '));
        let second = client.send(complete).await.expect(200);
        assert_eq!(first.element("ETag"), second.element("ETag"));
    }
    assert!(cloud.faults_left().is_empty());
    assert!(
        cloud
            .object(Provider::Cos, "backup-1250000000", "f")
            .is_some()
    );
}

#[tokio::test]
async fn a_redirect_goes_where_it_was_told_and_nothing_is_done() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (copy, to, id) = ready(&client).await;
        cloud.add_fault(Fault::new(
            "UploadPartCopy",
            FaultKind::Redirect {
                status: 302,
                to: "http://127.0.0.1:9".to_owned(),
            },
        ));
        let reply = client.send(copy).await.expect(302);
        let place = reply.header("location").unwrap();
        assert!(place.starts_with("http://127.0.0.1:9/") && place.contains("partNumber=1"));
        assert_eq!(part_count(&client, &to, &id).await, 0);
    }
    assert!(cloud.faults_left().is_empty());
}

#[tokio::test]
async fn a_garbled_answer_hides_work_that_was_done() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    for shape in Shape::ALL {
        let (copy, to, id) = ready(&client).await;
        let line = format!("UploadPartCopy:garbled:shape={}", shape.word());
        cloud.add_fault(line.parse().unwrap());
        let reply = client.send(copy).await.expect(200);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let sane = text.contains("</CopyPartResult>") && text.contains("<ETag>&quot;");
        assert!(!sane, "{shape:?} {text}");
        match shape {
            Shape::Empty => assert!(text.is_empty()),
            Shape::Blanks => assert!(!text.is_empty() && text.trim().is_empty()),
            Shape::Html => assert_eq!(reply.header("content-type"), Some("text/html")),
            Shape::Unclosed => assert!(text.contains("<CopyPartResult")),
            Shape::Entities => assert!(text.contains("<!ENTITY")),
            Shape::NotUtf8 => assert!(std::str::from_utf8(&reply.body).is_err()),
            Shape::Huge => assert!(reply.body.len() > (15 << 20)),
            Shape::NoEtag => assert!(text.contains("<ETag></ETag>")),
        }
        assert_eq!(part_count(&client, &to, &id).await, 1, "{shape:?}");
    }
    cloud.add_fault("GetObject:garbled:status=502".parse().unwrap());
    let reply = client.send(Ask::new("GET", &client.example("photos"), "readme.txt"));
    assert!(reply.await.expect(502).text().contains("<html>"));
}
