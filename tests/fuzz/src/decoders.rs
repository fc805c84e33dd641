//! The decoders: every operation reads any answer.
//!
//! Inputs are as [`Answer::of`] reads them. Whatever comes, an operation answers the same twice,
//! takes no refusal for success, believes no body that lost its end, and its errors point to no
//! stranger's region.

use std::fmt::Debug;

use partway_domain::{Addressing, DialectName};
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::{Endpoint, is_region};
use partway_protocol::error::WireError;
use partway_protocol::op::{Operation, Target};
use partway_protocol::wire::Response;

use crate::answer::Answer;

mod buckets;
mod copies;
mod lists;
mod objects;
mod subject;

/// One operation and what must hold of what it reads.
type Decoder = (&'static str, fn(&Answer));

/// The names of all operations that some target decodes, for the test that none is forgotten.
pub const OPERATIONS: &[&str] = &names();

/// Copies, parts and completions: success is proven by the body.
pub fn answers_to_copies(input: &[u8]) {
    decode(copies::ALL, input);
}

/// Lists of buckets, objects, versions, uploads and parts.
pub fn answers_with_lists(input: &[u8]) {
    decode(lists::ALL, input);
}

/// Heads, bytes, tags, grants, deletions and restores of objects.
pub fn answers_about_objects(input: &[u8]) {
    decode(objects::ALL, input);
}

/// Location, versioning, grants and heads of buckets.
pub fn answers_about_buckets(input: &[u8]) {
    decode(buckets::ALL, input);
}

const COUNT: usize = copies::ALL.len() + lists::ALL.len() + objects::ALL.len() + buckets::ALL.len();

const fn names() -> [&'static str; COUNT] {
    let mut names = [""; COUNT];
    let families = [copies::ALL, lists::ALL, objects::ALL, buckets::ALL];
    let (mut family, mut at) = (0, 0);
    while family < families.len() {
        let mut row = 0;
        while row < families[family].len() {
            names[at] = families[family][row].0;
            row += 1;
            at += 1;
        }
        family += 1;
    }
    names
}

/// The operation the input names, or any of the family.
fn decode(family: &[Decoder], input: &[u8]) {
    let answer = Answer::of(input);
    let named = family.iter().find(|(name, _)| *name == answer.operation);
    let (_, decoder) = named.unwrap_or(&family[answer.operation.len() % family.len()]);
    decoder(&answer);
}

fn endpoint(name: DialectName) -> Endpoint {
    let (host, region) = match name {
        DialectName::Cos => ("cos.ap-guangzhou.myqcloud.com", "ap-guangzhou"),
        DialectName::Obs => ("obs.cn-north-4.myhuaweicloud.com", "cn-north-4"),
        DialectName::ObsV2 => ("obs.eu-de.otc.t-systems.com", "eu-de"),
        DialectName::S3 => ("s3.eu-west-1.amazonaws.com", "eu-west-1"),
    };
    Endpoint::new("https", host, region, Addressing::VirtualHost)
}

/// Reads an answer, and judges an error here; a success is for the caller.
fn read<O>(answer: &Answer, operation: &O) -> Option<O::Output>
where
    O: Operation,
    O::Output: PartialEq + Debug,
{
    read_also(answer, operation, &[])
}

/// As `read`, where refusals with some statuses can mean that all is well.
fn read_also<O>(answer: &Answer, operation: &O, also: &[u16]) -> Option<O::Output>
where
    O: Operation,
    O::Output: PartialEq + Debug,
{
    let endpoint = endpoint(answer.dialect);
    let target = Target {
        dialect: dialect(answer.dialect),
        endpoint: &endpoint,
    };
    let response = &answer.response;
    let outcome = operation.response(target, response);
    assert_eq!(operation.response(target, response), outcome);
    match outcome {
        Ok(output) => {
            let status = response.status;
            assert!(
                (200..300).contains(&status) || also.contains(&status),
                "{status}"
            );
            Some(output)
        }
        Err(error) => {
            check_error(&error, &endpoint, response);
            None
        }
    }
}

/// As `read`, where the body alone is the proof: without its end it proves nothing.
fn read_body<O>(answer: &Answer, operation: &O) -> Option<O::Output>
where
    O: Operation,
    O::Output: PartialEq + Debug,
{
    let output = read(answer, operation)?;
    let body = &answer.response.body;
    let end = body.iter().rposition(|byte| *byte == b'>');
    let cut = Answer {
        operation: String::new(),
        dialect: answer.dialect,
        response: Response {
            body: body[..end.expect("a success without an element")].to_vec(),
            ..answer.response.clone()
        },
    };
    assert_eq!(read(&cut, operation), None, "a body without its end");
    Some(output)
}

fn check_error(error: &WireError, endpoint: &Endpoint, response: &Response) {
    assert_eq!(error.status, response.status);
    if error.outcome_unknown {
        assert!((200..300).contains(&response.status), "{}", response.status);
    }
    if let Some(region) = &error.region {
        assert!(is_region(region), "{region:?}");
        assert!(endpoint.owns(&endpoint.in_region(region).host));
    }
    // Who points to a stranger is not believed about the region either.
    assert!(error.stranger.is_none() || error.region.is_none());
    let headers: usize = response
        .headers
        .iter()
        .map(|(n, v)| n.len() + v.len())
        .sum();
    // Bytes that are no text become three.
    let heard = (headers + response.body.len()) * 3 + 1024;
    assert!(error.to_string().len() <= heard);
    let failure = error.failure(Some("bucket"), Some("key"));
    assert!(!failure.message.is_empty() && failure.message.len() <= heard * 2);
    assert_eq!(failure.kind, error.kind);
}
