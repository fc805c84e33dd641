//! Bodies as the S3 SDKs send them: in signed pieces, with trailers, with checksums.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use partway_democloud::Provider;
use sha2::{Digest, Sha256};

use super::client::{Ask, Client, Form, Reply, cloud};
use super::signer::{hex, hmac256, signing_key};

const TEXT: &str = "The quick brown fox jumps over the lazy dog";

/// Of [`TEXT`], worked out by another program.
const CRC32: &str = "QU+jOQ==";

fn ask(bucket: &str, payload: &str, wrapped: &[u8]) -> Ask {
    Ask::new("PUT", bucket, "s")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-content-sha256", payload)
        .header("x-amz-decoded-content-length", TEXT.len().to_string())
        .body(wrapped)
}

#[tokio::test]
async fn unsigned_pieces_bring_a_checksum_behind_them() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("backup");
    let (front, back) = TEXT.split_at(16);
    let wrapped = |sum: &str| {
        format!(
            "{:x}\r\n{front}\r\n{:x}\r\n{back}\r\n0\r\nx-amz-checksum-crc32:{sum}\r\n\r\n",
            front.len(),
            back.len()
        )
    };
    let put = |sum: &str| {
        ask(
            &bucket,
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            wrapped(sum).as_bytes(),
        )
        .header("x-amz-trailer", "x-amz-checksum-crc32")
    };
    let put_right = client.send(put(CRC32)).await.expect(200);
    assert_eq!(put_right.header("x-amz-checksum-crc32"), Some(CRC32));
    let read = Ask::new("GET", &bucket, "s").header("x-amz-checksum-mode", "ENABLED");
    let read = client.send(read).await.expect(200);
    assert_eq!(read.text(), TEXT);
    assert_eq!(read.header("content-encoding"), None);
    assert_eq!(read.header("x-amz-checksum-crc32"), Some(CRC32));

    let wrong = client.send(put("AAAAAA==")).await;
    wrong.expect_code(400, "BadDigest");
    let no_sum = client.send(put("nonsense")).await;
    no_sum.expect_code(400, "InvalidRequest");
    let silent = ask(
        &bucket,
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        format!("{:x}\r\n{TEXT}\r\n0\r\n\r\n", TEXT.len()).as_bytes(),
    )
    .header("x-amz-trailer", "x-amz-checksum-crc32");
    client
        .send(silent)
        .await
        .expect_code(400, "MalformedTrailerError");
    let short = ask(
        &bucket,
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        b"3\r\nThe\r\n0\r\n\r\n",
    );
    client.send(short).await.expect_code(400, "IncompleteBody");
}

/// Sends [`TEXT`] in signed pieces, with what `spoil` makes of the body.
async fn signed(client: &Client, bucket: &str, spoil: impl FnOnce(String) -> String) -> Reply {
    let pieces = [&TEXT[..10], &TEXT[10..], ""];
    let wrap = |signatures: &[String]| -> String {
        let pieces = pieces.iter().zip(signatures).map(|(piece, signature)| {
            let end = if piece.is_empty() { "" } else { "\r\n" };
            format!(
                "{:x};chunk-signature={signature}\r\n{piece}{end}",
                piece.len()
            )
        });
        pieces.collect::<String>() + "\r\n"
    };
    // The length is known before the signatures are: all of them are as long.
    let blank = vec!["0".repeat(64); 3];
    let length = wrap(&blank);
    let ask = ask(
        bucket,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        length.as_bytes(),
    );
    let (target, headers) = client.prepare(&ask);
    let header = |name: &str| {
        let found = headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.clone()).unwrap()
    };
    let stamp = header("x-amz-date");
    let (_, seed) = header("authorization")
        .rsplit_once("Signature=")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let region = &client.endpoint.region;
    let key = signing_key(&client.endpoint, &stamp[..8], region);
    let mut last = seed;
    let mut signatures = Vec::new();
    for piece in pieces {
        let string = format!(
            "AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{}/{region}/s3/aws4_request\n{last}\n{}\n{}",
            &stamp[..8],
            hex(&Sha256::digest("")),
            hex(&Sha256::digest(piece))
        );
        last = hex(&hmac256(&key, &string));
        signatures.push(last.clone());
    }
    let body = spoil(wrap(&signatures)).into_bytes();
    client.raw("PUT", &target, headers, body).await.unwrap()
}

#[tokio::test]
async fn every_signed_piece_is_checked() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("backup");
    signed(&client, &bucket, |body| body).await.expect(200);
    let truth = cloud.object(Provider::S3, &bucket, "s").unwrap();
    assert_eq!(truth.size, TEXT.len() as u64);
    cloud.delete(Provider::S3, &bucket, "s");

    let changed = signed(&client, &bucket, |body| body.replace("lazy", "busy")).await;
    changed.expect_code(403, "SignatureDoesNotMatch");
    let last = signed(&client, &bucket, |body| {
        let (front, _) = body.rsplit_once("0;chunk").unwrap();
        format!("{front}0;chunk-signature={}\r\n\r\n", "0".repeat(64))
    });
    last.await.expect_code(403, "SignatureDoesNotMatch");
    assert!(cloud.object(Provider::S3, &bucket, "s").is_none());
}

#[tokio::test]
async fn a_checksum_in_a_header_must_be_right() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("backup");
    for (algorithm, sum) in [
        ("crc32", CRC32.to_owned()),
        ("crc32c", "ImIEBA==".to_owned()),
        ("sha256", STANDARD.encode(Sha256::digest(TEXT))),
        (
            "sha1",
            STANDARD.encode(<sha1::Sha1 as sha1::Digest>::digest(TEXT)),
        ),
    ] {
        let header = format!("x-amz-checksum-{algorithm}");
        let put = |body: &str| {
            Ask::new("PUT", &bucket, "h")
                .header(&header, &sum)
                .body(body)
        };
        let done = client.send(put(TEXT)).await.expect(200);
        assert_eq!(done.header(&header), Some(sum.as_str()), "{algorithm}");
        let other = client.send(put("another text")).await;
        other.expect_code(400, "BadDigest");
    }
}

#[tokio::test]
async fn an_upload_keeps_the_checksum_it_was_begun_with() {
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let (bucket, from) = (client.example("backup"), client.example("datasets"));
    for (kind, shown) in [(None, "COMPOSITE"), (Some("FULL_OBJECT"), "FULL_OBJECT")] {
        let create = Ask::new("POST", &bucket, "c")
            .sub("uploads")
            .header("x-amz-checksum-algorithm", "CRC32");
        let create = match kind {
            Some(kind) => create.header("x-amz-checksum-type", kind),
            None => create,
        };
        let created = client.send(create).await.expect(200);
        assert_eq!(created.header("x-amz-checksum-type"), Some(shown));
        let id = created.element("UploadId").unwrap();
        let source = (from.as_str(), "images/tiles-000.zip");
        let part = client.part_copy((&bucket, "c"), &id, 1, source, Some((0, (6 << 20) - 1)));
        let part = client.send(part).await.expect(200);
        let sum = part.element("ChecksumCRC32").unwrap();
        let etag = part.element("ETag").unwrap();
        let body = |sum: &str| {
            format!(
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>{sum}</Part></CompleteMultipartUpload>"
            )
        };
        let complete = |sum: &str| {
            Ask::new("POST", &bucket, "c")
                .param("uploadId", &id)
                .xml(&body(sum))
        };
        let wrong = complete("<ChecksumCRC32>AAAAAA==</ChecksumCRC32>");
        client.send(wrong).await.expect_code(400, "InvalidPart");
        if kind.is_none() {
            client
                .send(complete(""))
                .await
                .expect_code(400, "InvalidRequest");
        }
        let right = complete(&format!("<ChecksumCRC32>{sum}</ChecksumCRC32>"));
        let done = client.send(right).await.expect(200);
        let whole = done.element("ChecksumCRC32").unwrap();
        assert_eq!(whole.ends_with("-1"), kind.is_none(), "{whole}");
        let head = Ask::new("HEAD", &bucket, "c").header("x-amz-checksum-mode", "ENABLED");
        let head = client.send(head).await.expect(200);
        assert_eq!(head.header("x-amz-checksum-crc32"), Some(whole.as_str()));
        assert_eq!(head.header("x-amz-checksum-type"), Some(shown));
        if kind.is_some() {
            let range = Ask::new("GET", &bucket, "c");
            let bytes = client.send(range).await.expect(200).body;
            assert_eq!(whole, sum, "one part is the whole object");
            let crc = crc32_by_the_book(&bytes);
            assert_eq!(STANDARD.encode(crc.to_be_bytes()), whole);
        }
    }
    let unknown = Ask::new("POST", &bucket, "c")
        .sub("uploads")
        .header("x-amz-checksum-algorithm", "CRC16");
    client
        .send(unknown)
        .await
        .expect_code(400, "InvalidRequest");
}

/// CRC-32 bit by bit, so that the server is not its own witness.
fn crc32_by_the_book(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 * (crc & 1));
        }
    }
    !crc
}

#[tokio::test]
async fn a_client_may_wait_before_it_sends_its_body() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (cloud, _folder) = cloud().await;
    let client = Client::of(&cloud, Form::S3);
    let bucket = client.example("backup");
    let (target, headers) = client.prepare(&Ask::new("PUT", &bucket, "w").body(TEXT));
    let mut head = format!("PUT {target} HTTP/1.1\r\n");
    for (name, value) in headers {
        head += &[&name, ": ", &value, "\r\n"].concat();
    }
    head += "expect: 100-continue\r\nconnection: close\r\n\r\n";
    let mut stream = tokio::net::TcpStream::connect(client.address())
        .await
        .unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(TEXT.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(cloud.object(Provider::S3, &bucket, "w").is_some());
}
