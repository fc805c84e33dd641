//! Header names on the wire, which programs of the vendors look for letter by letter.

use partway_democloud::Provider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::cloud;

#[tokio::test]
async fn header_names_are_spelled_as_the_vendors_servers_do() {
    let (cloud, _folder) = cloud().await;
    for (provider, own) in [
        (Provider::Cos, "x-cos-request-id"),
        (Provider::Obs, "x-obs-request-id"),
        (Provider::S3, "x-amz-request-id"),
    ] {
        let url = &cloud.endpoints().of(provider).url;
        let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap())
            .await
            .unwrap();
        // Two requests on one connection: each answer has a head of its own.
        for ending in ["keep-alive", "close"] {
            let request = format!(
                "GET /nobody/x HTTP/1.1\r\nhost: localhost\r\nconnection: {ending}\r\n\r\n"
            );
            stream.write_all(request.as_bytes()).await.unwrap();
        }
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        for name in [own, "Content-Type", "Content-Length", "Date", "Server"] {
            let line = format!("\r\n{name}: ");
            assert_eq!(text.matches(&line).count(), 2, "{name} in {text}");
        }
    }
}
