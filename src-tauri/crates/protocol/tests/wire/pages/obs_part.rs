//! "Upload Part - Copy" of OBS in its S3-compatible form, one page in two mark-ups; the native
//! form differs in the prefix only.

use partway_domain::{Bucket, ByteRange, DialectName, Key, PartNumber, UploadId};
use partway_protocol::op::{CopySource, CustomerKey, UploadPartCopy};

use super::printed;
use crate::fixture::{endpoint, read};
use crate::sample::{part_copy, sent, signed, vendor};

const BOTH: [DialectName; 2] = [DialectName::ObsV2, DialectName::Obs];
const KEY: &str = "K7QkYpBkM5+hcs27fsNkUnNVaobncnLht/rCB2o/9Cw=";
const KEY_MD5: &str = "4XvB3tbNTN+tIEVa0/fGaQ==";

fn sample(name: DialectName) -> UploadPartCopy {
    UploadPartCopy {
        bucket: Bucket::parse("bucketname").unwrap(),
        key: Key::parse("newobject").unwrap(),
        upload_id: UploadId::parse("VCVsb2FkIElEIGZvciBlbZZpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZR")
            .unwrap(),
        number: PartNumber::new(1).unwrap(),
        source: CopySource {
            bucket: Bucket::parse("source-bucket").unwrap(),
            key: Key::parse("sourceobject").unwrap(),
            version: None,
            endpoint: endpoint(name, "region-1"),
            customer_key: None,
        },
        range: ByteRange::new(500, 6_291_457).unwrap(),
        ..part_copy(name)
    }
}

#[test]
fn the_request_is_that_of_the_sample() {
    for name in BOTH {
        let request = sent(name, &sample(name));
        assert_eq!(request.method.as_str(), "PUT");
        assert_eq!(
            request.target(),
            "/newobject?partNumber=1&uploadId=VCVsb2FkIElEIGZvciBlbZZpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZR"
        );
        assert!(
            request.host.starts_with("bucketname.obs."),
            "{}",
            request.host
        );
        let header = |header: &str| request.header(&vendor(name, header)).map(str::to_owned);
        assert_eq!(
            header("copy-source").as_deref(),
            Some("/source-bucket/sourceobject")
        );
        assert_eq!(
            header("copy-source-range").as_deref(),
            Some("bytes=500-6291456")
        );
        assert!(request.body.is_empty(), "no elements, so no body");
    }
}

#[test]
fn date_and_authorization_are_sent() {
    for (name, word) in [(DialectName::ObsV2, "AWS "), (DialectName::Obs, "OBS ")] {
        let request = signed(name, &sample(name));
        let authorization = request.header("authorization").unwrap();
        let (id, signature) = authorization
            .strip_prefix(word)
            .and_then(|rest| rest.split_once(':'))
            .unwrap_or_else(|| panic!("{authorization}"));
        assert_eq!(id, "EXAMPLEID");
        assert_eq!(signature.len(), 28, "20 bytes in base64");
        assert_eq!(
            request.header("date"),
            Some("Sat, 14 Mar 2026 09:26:53 GMT")
        );
        assert_eq!(request.header("host"), Some(request.host.as_str()));
    }
}

#[test]
fn a_federated_user_is_known_by_the_token() {
    let request = signed(DialectName::ObsV2, &sample(DialectName::ObsV2));
    assert_eq!(request.header("x-amz-security-token"), Some("EXAMPLETOKEN"));
    let request = signed(DialectName::Obs, &sample(DialectName::Obs));
    assert_eq!(request.header("x-obs-security-token"), Some("EXAMPLETOKEN"));
}

/// Three headers for the part and three for the source, each three complete.
#[test]
fn customer_keys_come_with_algorithm_and_digest() {
    let key = || CustomerKey::parse_checked(KEY, KEY_MD5).ok();
    for name in BOTH {
        let plain = sample(name);
        let part = UploadPartCopy {
            customer_key: key(),
            source: CopySource {
                customer_key: key(),
                ..plain.source.clone()
            },
            ..plain.clone()
        };
        let request = sent(name, &part);
        for prefix in ["", "copy-source-"] {
            for (rest, value) in [("algorithm", "AES256"), ("key", KEY), ("key-MD5", KEY_MD5)] {
                let header = format!("{prefix}server-side-encryption-customer-{rest}");
                assert_eq!(
                    request.header(&vendor(name, &header)),
                    Some(value),
                    "{header}"
                );
            }
        }
        let silent = sent(name, &plain);
        let said = silent
            .headers
            .iter()
            .any(|(header, _)| header.contains("customer"));
        assert!(!said, "{name}");
    }
}

/// The printed answer: another order, a namespace, a declaration of its own, blanks everywhere.
#[test]
fn the_printed_answer_is_read() {
    let answer = "HTTP/1.1 200 OK \n Server: OBS\n \
        x-amz-id-2: Vvag1LuByRx9e6j5Onimru9pO4ZVKnJ2Qz7/C1NPcfTWAtRPfTaOFg== \n \
        x-amz-request-id: 656c76696e6727732072657175657374 \n \
        x-reserved: amazon, aws and amazon web services are trademarks \n \
        Content-Type: application/xml\n Date: Mon, 11 Apr 2011 20:34:56 GMT   \n \
        Transfer-Encoding: chunked\n\n \
        <?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?> \n \
        <CopyPartResult xmlns=\"http://obs.example.com/doc/2015-06-30/\"> \n \
        <LastModified>2009-10-28T22:32:00</LastModified> \
        <ETag>\"9b2cf535f27731c974343645a3985328\"</ETag>  \n </CopyPartResult> \n";
    let copied = read(
        DialectName::ObsV2,
        &sample(DialectName::ObsV2),
        &printed(answer),
    )
    .unwrap();
    assert_eq!(copied.etag.as_str(), "9b2cf535f27731c974343645a3985328");
}

#[test]
fn encryption_is_read_from_the_headers() {
    let read_with = |headers: &str| {
        let answer = format!(
            "HTTP/1.1 200 OK\n{headers}\n\n<CopyPartResult><ETag>\"a\"</ETag></CopyPartResult>"
        );
        let copied = read(
            DialectName::ObsV2,
            &sample(DialectName::ObsV2),
            &printed(&answer),
        );
        copied.unwrap().encrypted.expect("it is said")
    };
    let id = "arn:aws:kms:sichuan:domainiddomainiddomainiddoma0001:key/4f1cd4de";
    let service = read_with(&format!(
        "x-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: {id}"
    ));
    assert_eq!(service.algorithm, "aws:kms");
    assert_eq!(service.key_id.as_deref(), Some(id));
    let customer = read_with(&format!(
        "x-amz-server-side-encryption-customer-algorithm: AES256\n\
         x-amz-server-side-encryption-customer-key-MD5: {KEY_MD5}"
    ));
    assert_eq!(customer.algorithm, "AES256");
    assert_eq!(customer.customer_key_md5.as_deref(), Some(KEY_MD5));
}

/// The request id of a refusal, which the provider's support asks for.
#[test]
fn the_id_of_a_refused_request_is_kept() {
    let answer = "HTTP/1.1 403 Forbidden\nx-amz-request-id: R1\nx-amz-id-2: R2\n\n\
                  <Error><Code>AccessDenied</Code><RequestId>R3</RequestId></Error>";
    let error = read(
        DialectName::ObsV2,
        &sample(DialectName::ObsV2),
        &printed(answer),
    )
    .unwrap_err();
    assert_eq!(error.request_id.as_deref(), Some("R1"));
    // The second one is better than none.
    let answer = "HTTP/1.1 503 Slow\nx-amz-id-2: R2\n\n";
    let error = read(
        DialectName::ObsV2,
        &sample(DialectName::ObsV2),
        &printed(answer),
    )
    .unwrap_err();
    assert_eq!(error.request_id.as_deref(), Some("R2"));
}
