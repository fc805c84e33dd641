//! Servers whose lists never end: each is left with an error that says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use partway_api::Api;
use partway_api::contract::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::open;

/// A server that writes a page for the number of the request, from 0.
struct Hostile {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Hostile {
    async fn open(page: fn(usize) -> String) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let asked = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = socket.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    match stream.read_buf(&mut request).await {
                        Ok(1..) => {}
                        _ => break,
                    }
                }
                let body = page(count.fetch_add(1, Ordering::SeqCst));
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, asked }
    }
}

/// A page of objects that goes on at `token`.
fn objects(keys: &[&str], token: &str) -> String {
    let contents = keys
        .iter()
        .map(|key| format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>"))
        .collect::<Vec<_>>()
        .concat();
    format!(
        "<ListBucketResult><KeyCount>1</KeyCount><IsTruncated>true</IsTruncated>\
         <NextContinuationToken>{token}</NextContinuationToken>{contents}</ListBucketResult>"
    )
}

async fn account(api: &Api, server: &Hostile) -> String {
    let draft = AccountDraft {
        id: None,
        name: "Hostile".to_owned(),
        dialect: Dialect::S3,
        endpoint: server.url.clone(),
        region: "us-east-1".to_owned(),
        addressing: Addressing::Path,
        named_buckets: vec![],
        fallback_domain: false,
        credential: Some(CredentialDraft {
            access_key: "AKIA1234".to_owned(),
            secret_key: "no-secret".to_owned(),
            token: None,
        }),
        expires_ms: None,
        secret_of: None,
    };
    api.save_account(draft).await.unwrap().account.id
}

/// The error a listing ends with and how many rows it has then.
async fn end_of_listing(page: fn(usize) -> String) -> (String, u32, usize) {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let server = Hostile::open(page).await;
    let place = Place {
        account: account(&api, &server).await,
        bucket: "b1b".to_owned(),
        region: None,
        prefix: String::new(),
    };
    let load_all = true;
    let opened = api.open_listing(OpenListing { place, load_all }).await;
    let listing = opened.unwrap().listing;
    for _ in 0..200 {
        let (start, count) = (0, 0);
        let rows = RowsRequest {
            listing,
            start,
            count,
        };
        let status = api.rows(rows).await.unwrap().status;
        if let Some(error) = status.error {
            assert!(!status.complete && !status.loading, "{error:?}");
            return (
                error.message,
                status.rows,
                server.asked.load(Ordering::SeqCst),
            );
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the listing never came to rest");
}

#[tokio::test]
async fn tokens_that_come_by_turns_end_a_listing() {
    let page = |n: usize| objects(&[&format!("k{n}")], ["A", "B"][n % 2]);
    let (message, rows, asked) = end_of_listing(page).await;
    assert!(message.contains("in a circle"), "{message}");
    // Some pages are asked for ahead.
    assert_eq!(rows, 2);
    assert!((3..20).contains(&asked), "{asked}");
}

#[tokio::test]
async fn the_same_keys_under_fresh_tokens_end_a_listing() {
    let (message, rows, asked) = end_of_listing(|n| objects(&["k1", "k2"], &format!("t{n}"))).await;
    assert!(message.contains("k1"), "{message}");
    assert_eq!(rows, 2);
    assert!((2..20).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_thousand_empty_pages_in_a_row_end_a_listing() {
    let (message, rows, asked) = end_of_listing(|n| objects(&[], &format!("t{n}"))).await;
    assert!(message.contains("1000 pages"), "{message}");
    assert_eq!(rows, 0);
    assert!((1000..1020).contains(&asked), "{asked}");
}

#[tokio::test]
async fn an_endless_list_of_buckets_ends_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    let server = Hostile::open(|n| {
        format!(
            "<ListAllMyBucketsResult><Buckets><Bucket><Name>bucket-{n}</Name></Bucket></Buckets>\
             <ContinuationToken>t{n}</ContinuationToken></ListAllMyBucketsResult>"
        )
    })
    .await;
    let account = account(&api, &server).await;
    let listed = tokio::time::timeout(Duration::from_secs(20), api.buckets(AccountRef { account }));
    let error = listed.await.expect("an end").unwrap_err();
    assert!(error.message.contains("by name"), "{}", error.message);
    assert_eq!(server.asked.load(Ordering::SeqCst), 1000);
}
