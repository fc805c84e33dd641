//! The door within the process: virtual time, seeded chance, and the truth behind it.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

use partway_democloud::{
    Chaos, DeedKind, Fault, FaultKind, InProcess, Mishap, Provider, Quirks, Sample, Simulation,
    StrayUpload, Switches, Throttled, Timing,
};

use super::client::{Ask, Client, FORMS, Form, Reply};

const MIB: u64 = 1 << 20;
const START: i64 = 1_800_000_000_000;

thread_local! {
    /// Each test has a thread and so a time of its own.
    static NOW: Cell<i64> = const { Cell::new(START) };
}

fn now() -> i64 {
    NOW.get()
}

fn pass(millis: i64) {
    NOW.set(NOW.get() + millis);
}

fn cloud(switches: Switches) -> InProcess {
    opened(1, switches, Chaos::default())
}

fn opened(seed: u64, switches: Switches, chaos: Chaos) -> InProcess {
    NOW.set(START);
    let cloud = InProcess::open(Simulation {
        quirks: Quirks::everywhere(switches),
        chaos,
        ..Simulation::new(seed, now)
    });
    for provider in Provider::ALL {
        cloud.put_virtual(provider, "from-1250000000", "source", 40 * MIB);
        cloud.make_bucket(provider, "to-1250000000");
    }
    cloud
}

const FROM: (&str, &str) = ("from-1250000000", "source");
const TO: (&str, &str) = ("to-1250000000", "copy");

fn part(client: &Client, id: &str, number: u32) -> Ask {
    let first = u64::from(number - 1) * 8 * MIB;
    client.part_copy(TO, id, number, FROM, Some((first, first + 8 * MIB - 1)))
}

/// Part 1, copied; its tag.
async fn copied(client: &Client, id: &str, number: u32) -> String {
    let reply = client.send(part(client, id, number)).await.expect(200);
    reply.element("ETag").unwrap()
}

/// Whether the answer is one, and not of an error.
fn succeeded(reply: &Reply) -> bool {
    let text = std::str::from_utf8(&reply.body);
    reply.status == 200 && text.is_ok_and(|text| !text.contains("<Error>"))
}

/// A copy in five parts that tries again whatever goes wrong, but not for ever.
async fn stubborn_copy(client: &Client) -> bool {
    let mut left = 400;
    let mut ask = async |ask: Ask| loop {
        left -= 1;
        if left == 0 {
            return None;
        }
        pass(50);
        match client.try_send(&ask).await {
            Some(reply) if succeeded(&reply) => return Some(reply),
            _ => {}
        }
    };
    let create = Ask::new("POST", TO.0, TO.1).sub("uploads");
    let Some(id) = ask(create)
        .await
        .and_then(|reply| reply.element("UploadId"))
    else {
        return false;
    };
    let mut parts = Vec::new();
    for number in 1..=5 {
        let reply = ask(part(client, &id, number)).await;
        match reply.and_then(|reply| reply.element("ETag")) {
            Some(etag) => parts.push((number, etag)),
            None => return false,
        }
    }
    ask(Client::complete(TO, &id, &parts)).await.is_some()
}

fn unrest() -> Chaos {
    let kinds = [
        Mishap::Reset,
        Mishap::LoseAnswer,
        Mishap::Zombie,
        Mishap::Refuse,
        Mishap::SlowDown,
        Mishap::ErrorIn200,
        Mishap::HalfBody,
        Mishap::Garbled,
    ];
    let chaos = Chaos::default();
    kinds
        .into_iter()
        .fold(chaos, |chaos, kind| chaos.with(kind, 0.06))
}

/// Everything that can be seen of one run.
async fn story(seed: u64) -> String {
    let cloud = opened(seed, Switches::default(), unrest());
    for form in FORMS {
        stubborn_copy(&Client::inside(&cloud, form, now)).await;
    }
    let objects = Provider::ALL.map(|provider| cloud.objects(provider, TO.0));
    format!(
        "{:?} {:?} {objects:?} {:?}",
        cloud.requests(),
        cloud.deeds(),
        cloud.mishaps()
    )
}

#[tokio::test]
async fn the_same_seed_tells_the_same_story_on_any_thread() {
    let here = story(7).await;
    assert_ne!(here, story(8).await);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread();
                runtime.build_with(story(7))
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), here);
    }
}

trait BuildWith {
    fn build_with<T>(self, work: impl Future<Output = T>) -> T;
}

impl BuildWith for tokio::runtime::Builder {
    fn build_with<T>(mut self, work: impl Future<Output = T>) -> T {
        self.build().unwrap().block_on(work)
    }
}

#[tokio::test]
async fn every_copy_that_is_told_to_be_complete_is() {
    let (mut complete, mut seen) = (0, BTreeSet::new());
    for seed in 0..20 {
        let cloud = opened(seed, Switches::default(), unrest());
        for form in [Form::Cos, Form::Obs, Form::S3] {
            if stubborn_copy(&Client::inside(&cloud, form, now)).await {
                complete += 1;
                let source = cloud.object(form.provider(), FROM.0, FROM.1).unwrap();
                let copy = cloud.object(form.provider(), TO.0, TO.1).unwrap();
                assert_eq!(copy.segments, source.segments);
                assert_eq!(copy.part_sizes, [8 * MIB; 5]);
            }
        }
        seen.extend(cloud.mishaps().into_keys());
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
    assert!(complete > 10, "{complete}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_undoes_nothing() {
    for form in FORMS {
        let cloud = cloud(Switches::default());
        let client = Client::inside(&cloud, form, now);
        let id = client.create(TO.0, TO.1).await;
        cloud.set_timing(Timing {
            latency: Duration::from_secs(5),
            ..Timing::default()
        });
        let ask = part(&client, &id, 1);
        let gone = tokio::time::timeout(Duration::from_secs(1), client.try_send(&ask)).await;
        assert!(gone.is_err());
        let parts = || cloud.uploads(form.provider())[0].parts.len();
        pass(4999);
        assert_eq!(parts(), 0);
        pass(1);
        assert_eq!(parts(), 1);
    }
}

#[tokio::test]
async fn a_lost_part_lands_on_the_one_that_repeated_it() {
    let switches = Switches {
        fresh_part_tags: true,
        ..Switches::default()
    };
    for form in FORMS {
        let cloud = cloud(switches);
        let client = Client::inside(&cloud, form, now);
        let id = client.create(TO.0, TO.1).await;
        let late = FaultKind::Zombie(Duration::from_secs(10));
        cloud.add_fault(Fault::new("UploadPartCopy", late));
        assert!(client.try_send(&part(&client, &id, 1)).await.is_none());
        let repeated = copied(&client, &id, 1).await;
        pass(10_000);
        let complete = Client::complete(TO, &id, &[(1, repeated)]);
        client.send(complete).await.expect_code(400, "InvalidPart");
        let list = Ask::new("GET", TO.0, TO.1).param("uploadId", &id);
        let listed = client.send(list).await.element("ETag").unwrap();
        client
            .send(Client::complete(TO, &id, &[(1, listed)]))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn a_part_after_an_abort_brings_the_upload_back_where_that_is_switched_on() {
    for survives in [false, true] {
        let cloud = cloud(Switches {
            late_parts_survive_abort: survives,
            ..Switches::default()
        });
        let client = Client::inside(&cloud, Form::S3, now);
        let id = client.create(TO.0, TO.1).await;
        let late = FaultKind::Zombie(Duration::from_secs(10));
        cloud.add_fault(Fault::new("UploadPartCopy", late));
        assert!(client.try_send(&part(&client, &id, 1)).await.is_none());
        let abort = Ask::new("DELETE", TO.0, TO.1).param("uploadId", &id);
        client.send(abort.clone()).await.expect(204);
        assert!(cloud.uploads(Provider::S3).is_empty());
        pass(10_000);
        assert_eq!(cloud.uploads(Provider::S3).len(), usize::from(survives));
        if survives {
            client.send(abort).await.expect(204);
            assert!(cloud.uploads(Provider::S3).is_empty());
        }
    }
}

#[tokio::test]
async fn limits_count_on_the_clock_of_the_cloud() {
    for form in FORMS {
        let cloud = cloud(Switches {
            endpoint_qps: Some(20),
            ..Switches::default()
        });
        let client = Client::inside(&cloud, form, now);
        let mut refused = 0;
        for _ in 0..1000 {
            let reply = client.send(Ask::new("HEAD", FROM.0, FROM.1)).await;
            let wanted = if form.provider() == Provider::Obs {
                429
            } else {
                503
            };
            assert!([200, wanted].contains(&reply.status));
            refused += u64::from(reply.status == wanted);
            pass(10);
        }
        // Twenty at once, then twenty in each of ten seconds.
        let throttled = cloud.throttled(form.provider());
        assert_eq!(throttled.refused, refused);
        assert!((215..=221).contains(&throttled.admitted), "{throttled:?}");
    }
}

#[tokio::test]
async fn a_busy_bucket_or_key_leaves_the_others_alone() {
    let hold = |bucket_qps, key_qps| {
        cloud(Switches {
            bucket_qps,
            key_qps,
            ..Switches::default()
        })
    };
    for (cloud, other) in [
        (hold(Some(1), None), ("to-1250000000", "source")),
        (hold(None, Some(1)), ("from-1250000000", "other")),
    ] {
        let client = Client::inside(&cloud, Form::Cos, now);
        client
            .send(Ask::new("HEAD", FROM.0, FROM.1))
            .await
            .expect(200);
        client
            .send(Ask::new("HEAD", FROM.0, FROM.1))
            .await
            .expect(503);
        client
            .send(Ask::new("HEAD", other.0, other.1))
            .await
            .expect(404);
    }
}

#[tokio::test(start_paused = true)]
async fn obs_may_slow_down_without_an_error_and_says_so() {
    let cloud = cloud(Switches {
        endpoint_qps: Some(10),
        qos_delay: true,
        ..Switches::default()
    });
    let client = Client::inside(&cloud, Form::Obs, now);
    let (mut delayed, mut refused) = (0, 0);
    for _ in 0..40 {
        let reply = client.send(Ask::new("HEAD", FROM.0, FROM.1)).await;
        let told = reply.header("x-obs-qos-delay-time").map(str::to_owned);
        match (reply.status, told) {
            (200, None) => {}
            (200, Some(millis)) => {
                assert!((1..=2000).contains(&millis.parse::<u32>().unwrap()));
                delayed += 1;
            }
            (429, Some(_)) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    let counted = Throttled {
        admitted: 30,
        delayed: 20,
        refused: 10,
    };
    assert_eq!((delayed, refused), (20, 10));
    assert_eq!(cloud.throttled(Provider::Obs), counted);
}

#[tokio::test]
async fn a_token_ends_at_its_time_and_the_next_one_goes_on_with_the_upload() {
    for form in FORMS {
        let cloud = cloud(Switches::default());
        let owner = Client::inside(&cloud, form, now);
        let keys = owner.endpoint.temporary();
        let client = owner.clone().with_temporary(keys);
        cloud.expire_token_at(form.provider(), Some(START + 1000));
        let id = client.create(TO.0, TO.1).await;
        pass(1000);
        let late = client.send(part(&client, &id, 1)).await;
        late.expect_code(400, "ExpiredToken");
        let fresh = cloud.renew_token(form.provider());
        let renewed = owner.clone().with_temporary(fresh);
        let etag = copied(&renewed, &id, 1).await;
        renewed
            .send(Client::complete(TO, &id, &[(1, etag)]))
            .await
            .expect(200);
        let old = client.send(Ask::new("GET", TO.0, TO.1)).await;
        old.expect_code(400, "ExpiredToken");
    }
}

#[tokio::test]
async fn an_upload_tells_who_began_it() {
    for form in FORMS {
        let cloud = cloud(Switches::default());
        let client = Client::inside(&cloud, form, now);
        for temporary in [false, true] {
            let stray = StrayUpload {
                temporary,
                initiated_ms: START + i64::from(temporary),
                ..StrayUpload::default()
            };
            cloud.put_upload(
                form.provider(),
                TO.0,
                if temporary { "b" } else { "a" },
                stray,
            );
        }
        let list = Ask::new("GET", TO.0, "").sub("uploads");
        let reply = client.send(list).await.expect(200);
        let initiators: Vec<String> = reply
            .elements("Initiator")
            .iter()
            .map(|inner| {
                inner
                    .replace("<ID>", "")
                    .split('<')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(initiators, ["1250000000", "1250000001"]);
        assert_eq!(reply.elements("Initiated").len(), 2);
    }
}

#[tokio::test]
async fn an_upload_grows_old_and_is_gone() {
    let cloud = cloud(Switches {
        upload_lifetime_secs: Some(60),
        ..Switches::default()
    });
    let client = Client::inside(&cloud, Form::Obs, now);
    let id = client.create(TO.0, TO.1).await;
    pass(59_999);
    copied(&client, &id, 1).await;
    pass(1);
    let late = client.send(part(&client, &id, 2)).await;
    late.expect_code(404, "NoSuchUpload");
    let last = cloud.deeds().pop().unwrap();
    assert_eq!(last.what, DeedKind::Vanished { upload_id: id });
    assert_eq!(last.request, None);
}

#[tokio::test]
async fn pages_are_as_short_as_switched_and_still_show_everything_once() {
    for form in FORMS {
        let cloud = cloud(Switches {
            objects_page: Some(2),
            parts_page: Some(2),
            uploads_page: Some(2),
            ..Switches::default()
        });
        let client = Client::inside(&cloud, form, now);
        for number in 0..5 {
            let key = format!("k{number}");
            cloud.put_virtual(form.provider(), TO.0, &key, 1);
        }
        let stray = StrayUpload {
            parts: 5,
            part_size: 5 * MIB,
            initiated_ms: START,
            ..StrayUpload::default()
        };
        let mut ids: Vec<String> = (0..5)
            .map(|_| cloud.put_upload(form.provider(), TO.0, TO.1, stray.clone()))
            .collect();

        let mut keys = Vec::new();
        let mut marker = String::new();
        loop {
            let ask = Ask::new("GET", TO.0, "").param("marker", &marker);
            let reply = client.send(ask).await.expect(200);
            keys.extend(reply.elements("Key"));
            assert!(reply.elements("Key").len() <= 2);
            if reply.element("IsTruncated").unwrap() == "false" {
                break;
            }
            marker.clone_from(keys.last().unwrap());
        }
        assert_eq!(keys, ["k0", "k1", "k2", "k3", "k4"]);

        let mut numbers = Vec::new();
        let mut marker = "0".to_owned();
        loop {
            let ask = Ask::new("GET", TO.0, TO.1)
                .param("uploadId", &ids[0])
                .param("part-number-marker", &marker);
            let reply = client.send(ask).await.expect(200);
            assert!(reply.elements("PartNumber").len() <= 2);
            numbers.extend(reply.elements("PartNumber"));
            match reply.element("NextPartNumberMarker") {
                Some(next) => marker = next,
                None => break,
            }
        }
        assert_eq!(numbers, ["1", "2", "3", "4", "5"]);

        let mut found = Vec::new();
        let (mut key, mut id) = (String::new(), String::new());
        loop {
            let ask = Ask::new("GET", TO.0, "")
                .sub("uploads")
                .param("key-marker", &key)
                .param("upload-id-marker", &id);
            let reply = client.send(ask).await.expect(200);
            assert_eq!(
                reply.elements("Initiator").len(),
                reply.elements("Upload").len()
            );
            assert_eq!(
                reply.elements("StorageClass").len(),
                reply.elements("Upload").len()
            );
            assert!(reply.elements("UploadId").len() <= 2);
            found.extend(reply.elements("UploadId"));
            let next = (
                reply.element("NextKeyMarker"),
                reply.element("NextUploadIdMarker"),
            );
            let (Some(next_key), Some(next_id)) = next else {
                break;
            };
            (key, id) = (next_key, next_id);
        }
        ids.sort();
        assert_eq!(found, ids);
    }
}

#[tokio::test]
async fn a_condition_on_complete_holds_unless_it_is_ignored() {
    for ignored in [false, true] {
        let cloud = cloud(Switches {
            ignore_write_conditions: ignored,
            ..Switches::default()
        });
        let client = Client::inside(&cloud, Form::S3, now);
        let id = client.create(TO.0, TO.1).await;
        let etag = copied(&client, &id, 1).await;
        cloud.put_virtual(Provider::S3, TO.0, TO.1, 5);
        let complete = Client::complete(TO, &id, &[(1, etag)]).header("if-none-match", "*");
        let status = if ignored { 200 } else { 412 };
        client.send(complete).await.expect(status);
    }
}

#[tokio::test]
async fn deeds_tell_who_did_what_and_when() {
    let cloud = cloud(Switches::default());
    let client = Client::inside(&cloud, Form::Cos, now);
    let before = cloud.deeds().len();
    pass(1000);
    let id = client.create(TO.0, TO.1).await;
    cloud.add_fault(Fault::new("UploadPartCopy", FaultKind::LoseAnswer));
    assert!(client.try_send(&part(&client, &id, 1)).await.is_none());
    let etag = copied(&client, &id, 1).await;
    cloud.bump(Provider::Cos, FROM.0, FROM.1);
    client
        .send(Client::complete(TO, &id, &[(1, etag.clone())]))
        .await
        .expect(200);
    client
        .send(Ask::new("DELETE", TO.0, TO.1))
        .await
        .expect(204);

    let deeds = &cloud.deeds()[before..];
    let told: Vec<String> = deeds
        .iter()
        .map(|deed| {
            let request = deed.request.as_ref();
            let who = request.map_or("nobody", |request| request.operation.as_str());
            let what = serde_json::to_value(&deed.what).unwrap();
            format!("{who} {}", what["is"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "CreateMultipartUpload upload_made",
            "UploadPartCopy part_written",
            "UploadPartCopy part_written",
            "nobody written",
            "CompleteMultipartUpload completed",
            "DeleteObject deleted",
        ]
    );
    assert!(deeds.windows(2).all(|two| two[0].seq < two[1].seq));
    assert!(deeds.iter().all(|deed| deed.at_ms == START + 1000));
    let ids: Vec<_> = cloud.requests().into_iter().map(|r| r.request_id).collect();
    let known = |deed: &partway_democloud::Deed| match &deed.request {
        Some(request) => ids.contains(&request.id),
        None => true,
    };
    assert!(deeds.iter().all(known));
    let tally = cloud.tally();
    let parts = tally[&(Provider::Cos, "UploadPartCopy".to_owned())];
    assert_eq!((parts.requests, parts.granted, parts.unanswered), (2, 1, 1));
}

#[tokio::test]
async fn two_prefixes_are_compared_by_what_they_hold() {
    let cloud = cloud(Switches::default());
    let put = |bucket: &str, key: &str, content| {
        let sample = Sample {
            size: 10,
            content: Some(content),
            ..Sample::default()
        };
        cloud.put_sample(Provider::Obs, bucket, key, sample);
    };
    for (key, content) in [("a", 1), ("b", 2), ("b/c", 3), ("d", 4)] {
        put(FROM.0, &format!("x/{key}"), content);
    }
    for (key, content) in [("a", 1), ("b/c", 5), ("d", 4), ("e", 6)] {
        put(TO.0, &format!("y/{key}"), content);
    }
    put(FROM.0, "w", 7);
    put(TO.0, "z", 7);
    let found = cloud.compare(Provider::Obs, (FROM.0, "x/"), (TO.0, "y/"));
    assert_eq!((found.same, found.bytes), (2, 20));
    assert_eq!(found.different.keys, ["b/c"]);
    assert_eq!(found.missing.keys, ["b"]);
    assert_eq!(found.extra.keys, ["e"]);
    assert!(!found.is_equal());
    assert!(cloud.compare(Provider::Obs, FROM, FROM).is_equal());
}

#[tokio::test]
async fn a_sample_has_everything_it_was_given() {
    let cloud = cloud(Switches::default());
    let sample = Sample {
        size: 20 * MIB + 1,
        part_size: Some(8 * MIB),
        metadata: [("color".to_owned(), "blue".to_owned())].into(),
        tags: vec![("a".to_owned(), "b".to_owned())],
        storage_class: "STANDARD_IA".to_owned(),
        ..Sample::default()
    };
    cloud.put_sample(Provider::S3, FROM.0, "sample", sample);
    let client = Client::inside(&cloud, Form::S3, now);
    let head = client
        .send(Ask::new("HEAD", FROM.0, "sample"))
        .await
        .expect(200);
    assert!(head.header("etag").unwrap().ends_with("-3\""));
    assert_eq!(head.header("x-amz-meta-color"), Some("blue"));
    assert_eq!(head.header("x-amz-tagging-count"), Some("1"));
    assert_eq!(head.header("x-amz-storage-class"), Some("STANDARD_IA"));
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), Some("20971521"));
}
