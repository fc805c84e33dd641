//! Presigned URLs: for writing, and with the headers of the answer chosen.

use jiff::Timestamp;

use super::client::{Client, FORMS, cloud};
use super::signer::Presigned;

#[tokio::test]
async fn a_presigned_put_writes_once_it_is_signed_for_putting() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (path, host) = (
            format!("/{}/up", client.example("backup")),
            client.address(),
        );
        let send = async |signed_for: &str, now: Timestamp| {
            let query = Presigned {
                form,
                endpoint: &client.endpoint,
                method: signed_for,
                host,
                path: &path,
                params: &[],
                now,
                seconds: 60,
            }
            .query();
            let headers = vec![
                ("host".to_owned(), host.to_owned()),
                ("content-length".to_owned(), "4".to_owned()),
            ];
            let target = format!("{path}?{query}");
            client
                .raw("PUT", &target, headers, b"body".to_vec())
                .await
                .unwrap()
        };
        send("GET", Timestamp::now())
            .await
            .expect_code(403, "SignatureDoesNotMatch");
        let long_ago = Timestamp::now() - jiff::SignedDuration::from_mins(5);
        send("PUT", long_ago).await.expect_code(403, "AccessDenied");
        send("PUT", Timestamp::now()).await.expect(200);
        let truth = cloud.object(form.provider(), &client.example("backup"), "up");
        assert_eq!(truth.unwrap().size, 4);
    }
}

#[tokio::test]
async fn a_presigned_get_chooses_the_headers_of_its_answer() {
    let (cloud, _folder) = cloud().await;
    for form in FORMS {
        let client = Client::of(&cloud, form);
        let (path, host) = (
            format!("/{}/readme.txt", client.example("photos")),
            client.address(),
        );
        let wanted = [
            (
                "response-content-disposition",
                "attachment; filename=\"a b.txt\"",
            ),
            ("response-content-type", "text/x-chosen"),
        ];
        let query = Presigned {
            form,
            endpoint: &client.endpoint,
            method: "GET",
            host,
            path: &path,
            params: &wanted,
            now: Timestamp::now(),
            seconds: 60,
        }
        .query();
        let get = async |query: &str| {
            let headers = vec![("host".to_owned(), host.to_owned())];
            let target = format!("{path}?{query}");
            client
                .raw("GET", &target, headers, Vec::new())
                .await
                .unwrap()
        };
        let reply = get(&query).await.expect(200);
        for (name, value) in wanted {
            let name = name.strip_prefix("response-").unwrap();
            assert_eq!(reply.header(name), Some(value));
        }
        let forged = query.replace("x-chosen", "x-forged");
        get(&forged).await.expect_code(403, "SignatureDoesNotMatch");
    }
}
