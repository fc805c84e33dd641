//! The list of buckets, and what a bucket says of itself.

use std::ops::Bound;

use super::Scene;
use super::elsewhere::region_header;
use super::grants::{self, Of};
use super::parts::number;
use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::seed::OWNER;
use crate::store::bucket::{Bucket, Versioning};
use crate::text::{iso, iso_seconds};
use crate::xml::{Element, Xml};

/// `ListBuckets`: all regions.
pub(super) fn list(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (limit_name, most) = match call.form {
        Form::Cos => ("max-keys", 2000),
        Form::Obs | Form::ObsAmz => ("max-keys", 1000),
        Form::S3 => ("max-buckets", 10_000),
    };
    let limit = number(call, limit_name, most)?.min(most);
    let after = match call.form {
        Form::S3 => call.param("continuation-token"),
        _ => call.param("marker"),
    };
    let region = match call.form {
        Form::Cos => call.param("region"),
        Form::S3 => call.param("bucket-region"),
        Form::Obs | Form::ObsAmz => None,
    };
    let prefix = call
        .param("prefix")
        .filter(|_| call.form == Form::S3)
        .unwrap_or("");
    let mut rest = scene.store.buckets.iter().filter(|(name, bucket)| {
        name.starts_with(prefix)
            && after.is_none_or(|after| name.as_str() > after)
            && region.is_none_or(|region| region.is_empty() || bucket.region == region)
    });
    let page: Vec<(&String, &Bucket)> = rest.by_ref().take(limit).collect();
    let next = page
        .last()
        .map(|(name, _)| (*name).clone())
        .filter(|_| rest.next().is_some());
    let located = call.form != Form::ObsAmz || call.vendor("location").is_some_and(|v| v == "true");

    Ok(Answer::xml(call, "ListAllMyBucketsResult", |xml| {
        xml.nest("Owner", |xml| {
            xml.leaf("ID", OWNER);
            if call.form != Form::Obs {
                xml.leaf("DisplayName", OWNER);
            }
        });
        xml.nest("Buckets", |xml| {
            for (name, bucket) in page {
                xml.nest("Bucket", |xml| one(xml, call.form, name, bucket, located));
            }
        });
        match call.form {
            Form::S3 => {
                if let Some(next) = &next {
                    xml.leaf("ContinuationToken", next);
                }
            }
            Form::Cos | Form::Obs | Form::ObsAmz => {
                xml.leaf("IsTruncated", next.is_some().to_string());
                if let Some(next) = &next {
                    xml.leaf("NextMarker", next);
                }
            }
        }
    }))
}

fn one(xml: &mut Xml, form: Form, name: &str, bucket: &Bucket, located: bool) {
    xml.leaf("Name", name);
    match form {
        Form::Cos => {
            xml.leaf("Location", &bucket.region);
            xml.leaf("CreationDate", iso_seconds(bucket.created));
            xml.leaf("BucketType", "cos");
        }
        Form::Obs | Form::ObsAmz => {
            xml.leaf("CreationDate", iso(bucket.created));
            if located {
                xml.leaf("Location", &bucket.region);
            }
            if form == Form::Obs {
                xml.leaf("BucketType", "OBJECT");
            }
        }
        Form::S3 => {
            xml.leaf("CreationDate", iso(bucket.created));
            xml.leaf("BucketRegion", &bucket.region);
            xml.leaf("BucketArn", format!("arn:aws:s3:::{name}"));
        }
    }
}

/// `HeadBucket`.
pub(super) fn head(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let bucket = scene.bucket(scene.call.bucket()?)?;
    Ok(Answer::empty(200).with(region_header(scene.call.form), &bucket.region))
}

/// `GetBucketLocation`.
pub(super) fn location(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let region = scene.bucket(call.bucket()?)?.region.as_str();
    let (root, text) = match call.form {
        Form::Cos => ("LocationConstraint", format!("cos.{region}")),
        Form::Obs => ("Location", region.to_owned()),
        Form::ObsAmz => ("LocationConstraint", region.to_owned()),
        // The oldest region has no name of its own.
        Form::S3 if region == "us-east-1" => ("LocationConstraint", String::new()),
        Form::S3 => ("LocationConstraint", region.to_owned()),
    };
    // The S3-compatible form wraps the element once more than S3 does.
    if call.form == Form::ObsAmz {
        return Ok(Answer::xml(call, "CreateBucketConfiguration", |xml| {
            xml.leaf(root, text);
        }));
    }
    Ok(Answer::xml(call, root, |xml| xml.data(&text)))
}

/// `GetBucketVersioning`: empty when it was never on.
pub(super) fn versioning(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let versioning = scene.bucket(scene.call.bucket()?)?.versioning;
    Ok(Answer::xml(
        scene.call,
        "VersioningConfiguration",
        |xml| match versioning {
            Versioning::Off => {}
            Versioning::Enabled => xml.leaf("Status", "Enabled"),
            Versioning::Suspended => xml.leaf("Status", "Suspended"),
        },
    ))
}

/// `PutBucketVersioning`. Once on, it can only be suspended.
pub(super) fn set_versioning(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let body = Element::read(&call.body, "VersioningConfiguration")?;
    let state = match body.text_of("Status").map(str::trim) {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        _ => return Err(Refusal::malformed_xml()),
    };
    let name = call.bucket()?;
    scene
        .store
        .change_bucket(name, |bucket| bucket.versioning = state)?;
    Ok(Answer::empty(200))
}

/// `CreateBucket`, in the region the request came in by or names in its body.
pub(super) fn create(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let name = call.bucket()?;
    check_name(call, name)?;
    let access = grants::in_headers(call, Of::Bucket)?.unwrap_or_default();
    let region = wanted_region(call)?;
    if let Some(there) = scene.store.buckets.get(name) {
        let again = match call.form {
            Form::Cos => false,
            Form::Obs | Form::ObsAmz => there.region == region,
            Form::S3 => there.region == region && region == "us-east-1",
        };
        if !again {
            let message = "The bucket is yours already.";
            return Err(Refusal::new(409, "BucketAlreadyOwnedByYou", message));
        }
    } else {
        scene.store.ensure_bucket(name, &region)?;
        scene
            .store
            .change_bucket(name, |bucket| bucket.access = access)?;
    }
    Ok(Answer::empty(200).with("location", format!("/{name}")))
}

/// What all three take: 3 to 63 of lower-case letters, digits, hyphens; COS wants its `-<APPID>`.
fn check_name(call: &Call, name: &str) -> Result<(), Refusal> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let legal = match call.provider {
        Provider::Cos => {
            name.ends_with(&format!("-{OWNER}")) && name.len() <= 60 && name.chars().all(plain)
        }
        Provider::Obs | Provider::S3 => {
            (3..=63).contains(&name.len()) && name.chars().all(|c| plain(c) || c == '.')
        }
    };
    if legal && !name.starts_with(['-', '.']) && !name.ends_with(['-', '.']) {
        return Ok(());
    }
    let message = format!("{name} is no name for a bucket here.");
    Err(Refusal::new(400, "InvalidBucketName", message))
}

fn wanted_region(call: &Call) -> Result<String, Refusal> {
    if call.body.is_empty() || call.form == Form::Cos {
        return Ok(call.region.clone());
    }
    let body = Element::read(&call.body, "CreateBucketConfiguration")?;
    let named = body
        .text_of("LocationConstraint")
        .or_else(|| body.text_of("Location"));
    Ok(match named.map(str::trim) {
        None | Some("") => call.region.clone(),
        Some(region) => region.to_owned(),
    })
}

/// `DeleteBucket`: only an empty one, uploads and old versions included.
pub(super) fn delete(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let name = scene.call.bucket()?;
    let bucket = scene.bucket(name)?;
    if bucket.next(Bound::Unbounded).is_some() || !bucket.uploads.is_empty() {
        let message = "The bucket still holds objects, versions or uploads.";
        return Err(Refusal::new(409, "BucketNotEmpty", message));
    }
    scene.store.drop_bucket(name)?;
    Ok(Answer::empty(204))
}
