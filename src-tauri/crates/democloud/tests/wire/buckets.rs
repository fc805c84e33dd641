//! Buckets themselves: made, listed in pages, switched to versions, deleted when empty.

use partway_democloud::{DemoCloud, Options};

use super::client::{Ask, Client, FORMS, Form, cloud};

fn new_name(form: Form) -> &'static str {
    match form {
        Form::Cos => "fresh-1250000000",
        Form::Obs => "fresh-native",
        Form::ObsAmz => "fresh-amz",
        Form::S3 => "fresh-s3",
    }
}

#[tokio::test]
async fn a_bucket_is_made_once_and_deleted_when_it_is_empty() {
    let (cloud, folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let name = new_name(form);
        client.send(Ask::new("PUT", name, "")).await.expect(200);
        let again = client.send(Ask::new("PUT", name, "")).await;
        if form == Form::Cos {
            again.expect_code(409, "BucketAlreadyOwnedByYou");
        } else {
            again.expect(200);
        }
        client
            .send(Ask::new("PUT", "Not-A-Name", ""))
            .await
            .expect_code(400, "InvalidBucketName");
        client
            .send(Ask::new("PUT", name, "k").body("x"))
            .await
            .expect(200);
        client
            .send(Ask::new("DELETE", name, ""))
            .await
            .expect_code(409, "BucketNotEmpty");
        client.send(Ask::new("DELETE", name, "k")).await.expect(204);
        client.send(Ask::new("DELETE", name, "")).await.expect(204);
        client.send(Ask::new("HEAD", name, "")).await.expect(404);
    }
    // An example bucket that was deleted stays deleted, and what is made anew starts empty.
    let client = Client::of(&cloud, Form::S3);
    let (gone, anew) = (client.example("backup"), client.example("photos"));
    client.send(Ask::new("DELETE", &gone, "")).await.expect(204);
    let keys = client
        .send(Ask::new("GET", &anew, ""))
        .await
        .expect(200)
        .elements("Key");
    for key in keys {
        client
            .send(Ask::new("DELETE", &anew, &key))
            .await
            .expect(204);
    }
    client.send(Ask::new("DELETE", &anew, "")).await.expect(204);
    client.send(Ask::new("PUT", &anew, "")).await.expect(200);
    client
        .send(Ask::new("PUT", &anew, "new").body("x"))
        .await
        .expect(200);
    cloud.shutdown().await;
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    let client = Client::of(&cloud, Form::S3);
    client.send(Ask::new("HEAD", &gone, "")).await.expect(404);
    let keys = client
        .send(Ask::new("GET", &anew, ""))
        .await
        .expect(200)
        .elements("Key");
    assert_eq!(keys, ["new"]);
}

#[tokio::test]
async fn versions_are_switched_on_and_suspended() {
    let (cloud, folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let bucket = client.example("backup");
        let key = &format!("{form:?}");
        let set = |state: &str| {
            let body = format!(
                "<VersioningConfiguration><Status>{state}</Status></VersioningConfiguration>"
            );
            Ask::new("PUT", &bucket, "").sub("versioning").xml(&body)
        };
        client.send(set("Enabled")).await.expect(200);
        let one = client
            .send(Ask::new("PUT", &bucket, key).body("1"))
            .await
            .expect(200);
        let first = one.header(&client.vendor("version-id")).unwrap().to_owned();
        client
            .send(Ask::new("PUT", &bucket, key).body("2"))
            .await
            .expect(200);
        let marker = client
            .send(Ask::new("DELETE", &bucket, key))
            .await
            .expect(204);
        assert_eq!(marker.header(&client.vendor("delete-marker")), Some("true"));
        let old = Ask::new("GET", &bucket, key).param("versionId", &first);
        assert_eq!(client.send(old).await.expect(200).text(), "1");
        let listed = Ask::new("GET", &bucket, "")
            .sub("versions")
            .param("prefix", key);
        let listed = client.send(listed).await.expect(200);
        let ids = listed.elements("VersionId");
        assert_eq!(ids.len(), 3, "{}", listed.text());
        assert!(listed.text().contains("<DeleteMarker>"));

        client.send(set("Suspended")).await.expect(200);
        let put = client
            .send(Ask::new("PUT", &bucket, key).body("3"))
            .await
            .expect(200);
        assert_eq!(put.header(&client.vendor("version-id")), None);
        let state = client
            .send(Ask::new("GET", &bucket, "").sub("versioning"))
            .await
            .expect(200);
        assert_eq!(state.element("Status").as_deref(), Some("Suspended"));
        client
            .send(set("Off"))
            .await
            .expect_code(400, "MalformedXML");

        let objects: Vec<String> = ids
            .iter()
            .map(|id| format!("<Object><Key>{key}</Key><VersionId>{id}</VersionId></Object>"))
            .collect();
        let body = format!("<Delete>{}</Delete>", objects.concat());
        let many = Ask::new("POST", &bucket, "").sub("delete").xml(&body);
        let many = client.send(many).await.expect(200);
        assert_eq!(many.elements("Deleted").len(), 3);
        assert!(many.text().contains("<DeleteMarker>true</DeleteMarker>"));
    }
    cloud.shutdown().await;
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    let client = Client::of(&cloud, Form::Cos);
    let state = Ask::new("GET", &client.example("backup"), "").sub("versioning");
    let state = client.send(state).await.expect(200);
    assert_eq!(state.element("Status").as_deref(), Some("Suspended"));
}

#[tokio::test]
async fn the_list_of_buckets_comes_in_pages() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (limit, marker, next) = match form {
            Form::S3 => ("max-buckets", "continuation-token", "ContinuationToken"),
            _ => ("max-keys", "marker", "NextMarker"),
        };
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let mut ask = Ask::new("GET", "", "").param(limit, 4);
            if !after.is_empty() {
                ask = ask.param(marker, &after);
            }
            let page = client.send(ask).await.expect(200);
            seen.extend(page.elements("Name"));
            match page.element(next) {
                Some(more) => after = more,
                None => break,
            }
        }
        assert_eq!(seen.len(), 11, "{seen:?}");
        assert!(seen.is_sorted());
    }
}
