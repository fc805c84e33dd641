//! What survives, and who owns a folder.

use std::time::Duration;

use partway_democloud::{DemoCloud, Options, Provider, example_bucket};

use super::client::{Ask, Client, FORMS, cloud};

#[tokio::test]
async fn everything_survives_a_restart_twice() {
    let folder = tempfile::tempdir().unwrap();
    let first = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    let endpoints = first.endpoints().clone();
    let mut expected = Vec::new();
    for form in FORMS {
        let client = Client::of(&first, form);
        let (bucket, photos) = (client.example("backup"), client.example("photos"));
        let key = format!("{form:?}");
        client
            .send(Ask::new("PUT", &bucket, &key).body("real bytes"))
            .await
            .expect(200);
        client
            .send(Ask::new("DELETE", &photos, "readme.txt"))
            .await
            .expect(204);
        let id = client.create(&bucket, &key).await;
        let part = Ask::new("PUT", &bucket, &key)
            .param("partNumber", 7)
            .param("uploadId", &id);
        client.send(part.body("a part")).await.expect(200);
        let gone = client.create(&bucket, &key).await;
        client
            .send(Ask::new("DELETE", &bucket, &key).param("uploadId", &gone))
            .await
            .expect(204);
        expected.push((form, bucket, key, id));
    }
    let orphans = first.uploads(Provider::S3);
    let orphan = orphans
        .iter()
        .find(|upload| upload.bucket == "orphans-demo")
        .unwrap();
    let client = Client::of(&first, FORMS[3]);
    let abort =
        Ask::new("DELETE", &orphan.bucket, &orphan.key).param("uploadId", &orphan.upload_id);
    client.send(abort).await.expect(204);
    first.put_virtual(Provider::Cos, "own-1250000000", "v", 1 << 40);
    let uploads: Vec<_> = Provider::ALL
        .map(|provider| first.uploads(provider))
        .to_vec();
    first.shutdown().await;

    for _ in 0..2 {
        let again = DemoCloud::open(Options::new(folder.path())).await.unwrap();
        assert!(again.is_owner());
        assert_eq!(*again.endpoints(), endpoints, "the ports are remembered");
        for (form, bucket, key, id) in &expected {
            let client = Client::of(&again, *form);
            let got = client.send(Ask::new("GET", bucket, key)).await.expect(200);
            assert_eq!(got.text(), "real bytes");
            let photos = client.example("photos");
            let gone = client.send(Ask::new("GET", &photos, "readme.txt")).await;
            gone.expect_code(404, "NoSuchKey");
            let parts = client
                .send(Ask::new("GET", bucket, key).param("uploadId", id))
                .await;
            assert_eq!(parts.expect(200).elements("PartNumber"), ["7"]);
        }
        let now: Vec<_> = Provider::ALL
            .map(|provider| again.uploads(provider))
            .to_vec();
        assert_eq!(now, uploads);
        let size = again
            .object(Provider::Cos, "own-1250000000", "v")
            .map(|object| object.size);
        assert_eq!(size, Some(1 << 40));
        again.shutdown().await;
    }
}

/// A copy of the folder of a running cloud is what a killed process leaves behind.
#[tokio::test]
async fn a_killed_process_leaves_everything_it_answered() {
    let (cloud, folder) = cloud().await;
    let client = Client::of(&cloud, FORMS[0]);
    let to = client.example("backup");
    let id = client.create(&to, "k").await;
    let from = client.example("datasets");
    for number in 1..=20_u32 {
        let first = u64::from(number) << 30;
        let range = Some((first, first + (1 << 30) - 1));
        let source = (from.as_str(), "genome/sample-0001.bam");
        client
            .send(client.part_copy((&to, "k"), &id, number, source, range))
            .await
            .expect(200);
    }
    let left = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), left.path().join(entry.file_name())).unwrap();
        }
    }
    let risen = DemoCloud::open(Options::new(left.path())).await.unwrap();
    assert!(risen.is_owner());
    assert_eq!(risen.uploads(Provider::Cos), cloud.uploads(Provider::Cos));
    let uploads = risen.uploads(Provider::Cos);
    assert!(
        uploads
            .iter()
            .any(|upload| upload.upload_id == id && upload.parts.len() == 20)
    );
}

#[tokio::test]
async fn a_write_that_was_cut_off_never_happened() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    cloud.put_bytes(Provider::S3, "own", "kept", "kept");
    cloud.put_bytes(Provider::S3, "own", "torn", "torn");
    cloud.shutdown().await;
    let path = folder.path().join("s3.jsonl");
    let mut text = std::fs::read(&path).unwrap();
    text.truncate(text.len() - 20);
    std::fs::write(&path, text).unwrap();
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    assert!(cloud.object(Provider::S3, "own", "kept").is_some());
    assert!(cloud.object(Provider::S3, "own", "torn").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_opener_gives_orders() {
    let (owner, folder) = cloud().await;
    let guest = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    guest.put_virtual(Provider::S3, "own", "v", 99);
    guest.put_bytes(Provider::S3, "own", "b", "bytes");
    let before = owner.object(Provider::S3, "own", "v").unwrap();
    guest.bump(Provider::S3, "own", "v");
    let after = owner.object(Provider::S3, "own", "v").unwrap();
    assert_ne!(before.etag, after.etag);
    guest.delete(Provider::S3, "own", "b");
    assert!(owner.object(Provider::S3, "own", "b").is_none());
    guest.add_fault("*:reset:key=a%3Ab".parse().unwrap());
    assert_eq!(guest.faults_left(), owner.faults_left());
    assert_eq!(guest.faults_left().len(), 1);
    assert!(owner.requests().is_empty(), "orders are no requests");

    std::fs::write(folder.path().join("owner.token"), "guessed").unwrap();
    guest.delete(Provider::S3, "own", "v");
    assert!(
        owner.object(Provider::S3, "own", "v").is_some(),
        "a wrong token does nothing"
    );
}

#[tokio::test]
async fn a_second_opener_joins_and_sees_the_same() {
    let (owner, folder) = cloud().await;
    let guest = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    assert!(owner.is_owner() && !guest.is_owner());
    assert_eq!(owner.endpoints(), guest.endpoints());
    owner.put_virtual(Provider::Obs, "own", "k", 123);
    let client = Client::of(&guest, FORMS[1]);
    client.send(Ask::new("HEAD", "own", "k")).await.expect(200);
    assert_eq!(
        guest.object(Provider::Obs, "own", "k"),
        owner.object(Provider::Obs, "own", "k")
    );
    assert_eq!(guest.uploads(Provider::S3), owner.uploads(Provider::S3));
    assert_eq!(guest.requests(), owner.requests());
    assert_eq!(guest.requests().len(), 1);

    drop(guest);
    owner.shutdown().await;
    let next = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    assert!(next.is_owner());
}

#[tokio::test]
async fn dropping_the_last_clone_frees_the_folder() {
    let (cloud, folder) = cloud().await;
    let clone = cloud.clone();
    drop(cloud);
    let guest = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    assert!(!guest.is_owner());
    drop(clone);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(
        DemoCloud::open(Options::new(folder.path()))
            .await
            .unwrap()
            .is_owner()
    );
}

#[tokio::test]
async fn a_port_base_is_kept_to() {
    // Below the ports that systems hand out by themselves, and none that somebody uses.
    let base = (21_000..22_000)
        .step_by(10)
        .find(|base| (0..3).all(|n| std::net::TcpListener::bind(("127.0.0.1", base + n)).is_ok()))
        .expect("three free ports in a row");
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::new(folder.path());
    options.port_base = Some(base);
    let cloud = DemoCloud::open(options).await.unwrap();
    let url = |port: u16| format!("http://127.0.0.1:{port}");
    assert_eq!(cloud.endpoints().cos.url, url(base));
    assert_eq!(cloud.endpoints().s3.url, url(base + 2));
}

/// What was written again and again, deleted, or in the way of an example.
#[tokio::test]
async fn a_log_that_grew_long_is_written_anew_and_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let million = example_bucket(Provider::S3, "million");
    let photos = example_bucket(Provider::S3, "photos");
    let log = folder.path().join("s3.jsonl");
    let lines = || std::fs::read_to_string(&log).unwrap().lines().count();
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    let put = |key: &str, size| cloud.put_virtual(Provider::S3, "plenty", key, size);
    for round in 0..1200 {
        put(&format!("key-{}", round % 7), 1 + round % 7);
    }
    cloud.put_bytes(Provider::S3, "plenty", "real", "bytes");
    cloud.delete(Provider::S3, "plenty", "key-3");
    cloud.delete(Provider::S3, &million, "part-0000001.parquet");
    cloud.delete(Provider::S3, &photos, "readme.txt");
    let seen = |cloud: &DemoCloud| {
        let at = |bucket: &str, key: &str| cloud.object(Provider::S3, bucket, key);
        let plenty = (0..7).map(|number| at("plenty", &format!("key-{number}")));
        let mut all: Vec<_> = plenty.collect();
        all.push(at("plenty", "real"));
        all.push(at(&million, "part-0000000.parquet"));
        all.push(at(&million, "part-0000001.parquet"));
        all.push(at(&photos, "readme.txt"));
        all
    };
    let before = seen(&cloud);
    assert_eq!(before.iter().filter(|object| object.is_none()).count(), 3);
    cloud.shutdown().await;
    assert!(lines() > 1200);
    for _ in 0..2 {
        let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
        assert!(lines() < 15, "{}", lines());
        assert_eq!(seen(&cloud), before);
        cloud.shutdown().await;
    }
}
