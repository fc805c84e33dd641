//! Building and signing the request there are most of.

use std::hint::black_box;

use partway_domain::{ByteRange, PartNumber, UploadId};
use partway_protocol::credential::Credential;
use partway_protocol::op::{Conditions, CopySource, Operation, UploadPartCopy};

use super::place::{Region, bucket, key};

/// 2026-09-21, and every ten requests a second later.
const BEGINNING: i64 = 1_790_000_000;

/// Bytes of a part.
const PART: u64 = 128 << 20;

pub(super) fn sign(region: &Region, rounds: u32) {
    let endpoint = region.endpoint();
    let credential = Credential {
        access_key: "AKIDEXAMPLE0123456789".to_owned(),
        secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        token: None,
    };
    let operation = operation(region);
    for round in 0..rounds {
        let number = round % 10_000;
        let start = u64::from(number) * PART;
        let operation = UploadPartCopy {
            number: PartNumber::new(number + 1).expect("a part number"),
            range: ByteRange::new(start, start + PART).expect("a range"),
            ..operation.clone()
        };
        let request = operation.request(region.target(&endpoint));
        let mut request = request.expect("the request can be made");
        let seconds = BEGINNING + i64::from(round / 10);
        region
            .dialect()
            .sign(&mut request, &endpoint, &credential, seconds)
            .expect("the request can be signed");
        black_box(request);
    }
}

fn operation(region: &Region) -> UploadPartCopy {
    UploadPartCopy {
        bucket: bucket("backup"),
        key: key(),
        upload_id: UploadId::parse("0004B9894A22E5B1888A1E29F8236E2D").expect("an upload id"),
        number: PartNumber::new(1).expect("a part number"),
        source: CopySource {
            bucket: bucket("datasets"),
            key: key(),
            version: None,
            endpoint: region.endpoint(),
            customer_key: None,
        },
        conditions: Conditions::default(),
        range: ByteRange::new(0, PART).expect("a range"),
        customer_key: None,
    }
}
