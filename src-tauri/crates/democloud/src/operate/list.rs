//! Listings of a bucket: objects (two generations), versions, open uploads.

use std::ops::Bound;

use super::elsewhere::region_header;
use super::parts::number;
use super::{Scene, attach, quoted};
use crate::answer::Answer;
use crate::call::{Call, Form};
use crate::listing::{self, Page, Row, Wanted};
use crate::percent;
use crate::quirk::RepeatedPage;
use crate::refusal::Refusal;
use crate::seed::OWNER;
use crate::store::bucket::Versioning;
use crate::store::object::Restore;
use crate::text::{iso, unbase64};
use crate::xml::Xml;

/// Entries on a page, on all three providers.
const PAGE: usize = 1000;

/// What every listing is asked with.
struct Asked<'a> {
    call: &'a Call,
    prefix: &'a str,
    delimiter: &'a str,
    limit: usize,
    encoded: bool,
}

impl<'a> Asked<'a> {
    fn read(call: &'a Call, limit_name: &str) -> Result<Self, Refusal> {
        let page = match limit_name {
            "max-uploads" => call.switches.uploads_page,
            _ => call.switches.objects_page,
        };
        let page = page.map_or(PAGE, |page| page as usize);
        let encoding = call.param("encoding-type").filter(|text| !text.is_empty());
        if encoding.is_some_and(|text| text != "url") {
            return Err(Refusal::invalid_argument("encoding-type can only be url."));
        }
        let delimiter = call.param("delimiter").unwrap_or("");
        if call.form == Form::Cos && delimiter.chars().count() > 1 {
            return Err(Refusal::invalid_argument("The delimiter is one character."));
        }
        Ok(Asked {
            call,
            prefix: call.param("prefix").unwrap_or(""),
            delimiter,
            limit: number(call, limit_name, page)?.min(page),
            encoded: encoding.is_some(),
        })
    }

    /// The marker, unless a switch makes this server forget it.
    fn heeded<'m>(&self, marker: &'m str) -> &'m str {
        match self.call.switches.repeated_page {
            RepeatedPage::Never => marker,
            RepeatedPage::Encoded if !self.encoded => marker,
            RepeatedPage::Encoded | RepeatedPage::Always => "",
        }
    }

    fn wanted(&self, after: &'a str) -> Wanted<'a> {
        Wanted {
            prefix: self.prefix,
            delimiter: self.delimiter,
            after,
            limit: self.limit,
        }
    }

    /// A key-like value, encoded if that was asked for. S3 writes a space as `+`.
    fn coded(&self, text: &str) -> String {
        if !self.encoded {
            return text.to_owned();
        }
        let coded = percent::encode_path(text);
        match self.call.form {
            Form::S3 => coded.replace("%20", "+"),
            Form::Cos | Form::Obs | Form::ObsAmz => coded,
        }
    }

    /// What every listing repeats of its question.
    fn head(&self, xml: &mut Xml, bucket: &str, limit_name: &str) {
        let bucket_name = if limit_name == "MaxUploads" {
            "Bucket"
        } else {
            "Name"
        };
        xml.leaf(bucket_name, bucket);
        if self.encoded {
            let name = match self.call.form {
                Form::Cos if limit_name == "MaxUploads" => "Encoding-Type",
                _ => "EncodingType",
            };
            xml.leaf(name, "url");
        }
        xml.leaf("Prefix", self.coded(self.prefix));
        if !self.delimiter.is_empty() {
            xml.leaf("Delimiter", self.coded(self.delimiter));
        }
        xml.leaf(limit_name, self.limit.to_string());
    }

    fn common_prefixes(&self, xml: &mut Xml, prefixes: &[String]) {
        for prefix in prefixes {
            xml.nest("CommonPrefixes", |xml| {
                xml.leaf("Prefix", self.coded(prefix));
            });
        }
    }

    fn contents(&self, xml: &mut Xml, rows: &[Row], with_owner: bool, now: i64) {
        for row in rows {
            xml.nest("Contents", |xml| {
                xml.leaf("Key", self.coded(&row.key));
                xml.leaf("LastModified", iso(row.modified));
                xml.leaf("ETag", quoted(&row.etag));
                xml.leaf("Size", row.size.to_string());
                if with_owner {
                    owner(xml);
                }
                xml.leaf(
                    "StorageClass",
                    attach::class_name(self.call.form, &row.class),
                );
                if let Some(restore) = row.restore {
                    self.restored(xml, restore, now);
                }
            });
        }
    }
}

impl Asked<'_> {
    /// How the thaw of a cold object goes: COS always tells, S3 when it is asked, OBS never.
    fn restored(&self, xml: &mut Xml, restore: Restore, now: i64) {
        match self.call.form {
            Form::Cos => {
                let word = if now < restore.ready {
                    "ONGOING"
                } else {
                    "DONE"
                };
                xml.leaf("RestoreStatus", word);
            }
            Form::S3 if self.call.vendor("optional-object-attributes").is_some() => {
                xml.nest("RestoreStatus", |xml| {
                    let ongoing = now < restore.ready;
                    xml.leaf("IsRestoreInProgress", ongoing.to_string());
                    if !ongoing {
                        xml.leaf("RestoreExpiryDate", iso(restore.expires));
                    }
                });
            }
            Form::S3 | Form::Obs | Form::ObsAmz => {}
        }
    }
}

fn owner(xml: &mut Xml) {
    xml.nest("Owner", |xml| {
        xml.leaf("ID", OWNER);
        xml.leaf("DisplayName", OWNER);
    });
}

/// `ListObjects`, first generation.
pub(super) fn objects(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let name = call.bucket()?;
    let asked = Asked::read(call, "max-keys")?;
    let now = scene.now;
    let marker = call.param("marker").unwrap_or("");
    let wanted = asked.wanted(asked.heeded(marker));
    let page = listing::objects(scene.bucket(name)?, wanted, scene.library);
    // S3 gives the next marker only where the caller could not work it out from the last key.
    let tells = call.form != Form::S3 || !asked.delimiter.is_empty();
    let answer = Answer::xml(call, "ListBucketResult", |xml| {
        asked.head(xml, name, "MaxKeys");
        xml.leaf("Marker", asked.coded(marker));
        if let Some(next) = page.next.as_ref().filter(|_| tells) {
            xml.leaf("NextMarker", asked.coded(next));
        }
        xml.leaf("IsTruncated", page.next.is_some().to_string());
        asked.contents(xml, &page.rows, true, now);
        asked.common_prefixes(xml, &page.prefixes);
    });
    Ok(located(scene, name, answer))
}

/// `ListObjectsV2`: the token is the last key, disguised.
pub(super) fn objects_v2(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let name = call.bucket()?;
    let asked = Asked::read(call, "max-keys")?;
    let start = call.param("start-after").unwrap_or("");
    let token = call
        .param("continuation-token")
        .filter(|token| !token.is_empty());
    let after = match token {
        None => start.to_owned(),
        Some(token) => unbase64(token)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| Refusal::invalid_argument("The continuation token is incorrect."))?,
    };
    let page: Page<Row> = listing::objects(
        scene.bucket(name)?,
        asked.wanted(asked.heeded(&after)),
        scene.library,
    );
    let now = scene.now;
    let with_owner = call.param("fetch-owner") == Some("true");
    let answer = Answer::xml(call, "ListBucketResult", |xml| {
        asked.head(xml, name, "MaxKeys");
        if let Some(token) = token {
            xml.leaf("ContinuationToken", token);
        }
        if !start.is_empty() {
            xml.leaf("StartAfter", asked.coded(start));
        }
        xml.leaf(
            "KeyCount",
            (page.rows.len() + page.prefixes.len()).to_string(),
        );
        xml.leaf("IsTruncated", page.next.is_some().to_string());
        if let Some(next) = &page.next {
            xml.leaf("NextContinuationToken", crate::text::base64(next));
        }
        asked.contents(xml, &page.rows, with_owner, now);
        asked.common_prefixes(xml, &page.prefixes);
    });
    Ok(located(scene, name, answer))
}

/// `ListObjectVersions`: versions and delete markers interleaved, newest first within a key.
pub(super) fn versions(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let name = call.bucket()?;
    let asked = Asked::read(call, "max-keys")?;
    let key_marker = call.param("key-marker").unwrap_or("");
    let id_marker = call.param("version-id-marker").filter(|id| !id.is_empty());
    if id_marker.is_some() && key_marker.is_empty() {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(Refusal::invalid_argument(message));
    }
    let bucket = scene.bucket(name)?;
    // Where versions were never kept, COS leaves their ids empty.
    let nameless = call.form == Form::Cos && bucket.versioning == Versioning::Off;
    let id_text = |id: &str| {
        if nameless {
            String::new()
        } else {
            id.to_owned()
        }
    };
    let page = listing::versions(bucket, asked.wanted(key_marker), id_marker, scene.library);
    let answer = Answer::xml(call, "ListVersionsResult", |xml| {
        asked.head(xml, name, "MaxKeys");
        xml.leaf("KeyMarker", asked.coded(key_marker));
        xml.leaf("VersionIdMarker", id_marker.unwrap_or(""));
        if let Some(next) = &page.next {
            xml.leaf("NextKeyMarker", asked.coded(&next.key));
            xml.leaf("NextVersionIdMarker", id_text(&next.version_id));
        }
        xml.leaf("IsTruncated", page.next.is_some().to_string());
        for row in &page.rows {
            let version = &row.version;
            let kind = if version.marker {
                "DeleteMarker"
            } else {
                "Version"
            };
            xml.nest(kind, |xml| {
                xml.leaf("Key", asked.coded(&row.key));
                xml.leaf("VersionId", id_text(version.id_text()));
                xml.leaf("IsLatest", row.latest.to_string());
                xml.leaf("LastModified", iso(version.modified));
                if !version.marker {
                    xml.leaf("ETag", quoted(&version.etag));
                    xml.leaf("Size", version.size.to_string());
                    let class = attach::class_name(call.form, version.attached.class());
                    xml.leaf("StorageClass", class);
                }
                owner(xml);
            });
        }
        asked.common_prefixes(xml, &page.prefixes);
    });
    Ok(located(scene, name, answer))
}

/// COS and OBS name the bucket's region on every listing.
fn located(scene: &Scene<'_>, name: &str, answer: Answer) -> Answer {
    match scene.store.buckets.get(name) {
        Some(bucket) => answer.with(region_header(scene.call.form), &bucket.region),
        None => answer,
    }
}

/// `ListMultipartUploads`, by key and then by upload id.
pub(super) fn uploads(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let name = call.bucket()?;
    let asked = Asked::read(call, "max-uploads")?;
    let key_marker = call.param("key-marker").unwrap_or("");
    let id_marker = call.param("upload-id-marker").unwrap_or("");
    let bucket = scene.bucket(name)?;

    // One walk over keys; each key then brings its uploads, and the page is cut at the limit.
    let next_key = |from: Bound<&str>| {
        let from = match from {
            Bound::Included(key) => Bound::Included((key.to_owned(), String::new())),
            Bound::Excluded(key) => Bound::Excluded((key.to_owned(), "\u{10ffff}".to_owned())),
            Bound::Unbounded => Bound::Unbounded,
        };
        let mut after = bucket.uploads.range((from, Bound::Unbounded));
        after.next().map(|((key, _), _)| key.clone())
    };
    let of_key = |key: &str, after: &str| {
        let from = Bound::Excluded((key.to_owned(), after.to_owned()));
        let all = bucket.uploads.range((from, Bound::Unbounded));
        let mine = all
            .take_while(|((other, _), _)| other == key)
            .map(|(_, upload)| upload);
        mine.collect::<Vec<_>>()
    };
    let mut rows = if id_marker.is_empty() {
        Vec::new()
    } else {
        of_key(key_marker, id_marker)
    };
    let page = listing::page(asked.wanted(key_marker), next_key, |key| {
        Some(of_key(key, ""))
    });
    rows.extend(page.rows.into_iter().flatten());
    let mut prefixes = page.prefixes;
    let mut truncated = page.next.is_some();
    while rows.len() + prefixes.len() > asked.limit {
        truncated = true;
        match (rows.last(), prefixes.last()) {
            (Some(row), Some(prefix)) if *prefix > row.key => drop(prefixes.pop()),
            (Some(_), _) => drop(rows.pop()),
            (None, _) => drop(prefixes.pop()),
        }
    }
    let last_row = rows.last().map(|row| (row.key.clone(), row.id.clone()));
    let last_prefix = prefixes
        .last()
        .map(|prefix| (prefix.clone(), String::new()));
    let next = last_row.max(last_prefix).filter(|_| truncated);

    Ok(Answer::xml(call, "ListMultipartUploadsResult", |xml| {
        asked.head(xml, name, "MaxUploads");
        xml.leaf("KeyMarker", asked.coded(key_marker));
        xml.leaf("UploadIdMarker", id_marker);
        if let Some((key, id)) = &next {
            xml.leaf("NextKeyMarker", asked.coded(key));
            xml.leaf("NextUploadIdMarker", id);
        }
        xml.leaf("IsTruncated", truncated.to_string());
        for upload in &rows {
            xml.nest("Upload", |xml| {
                xml.leaf("Key", asked.coded(&upload.key));
                xml.leaf("UploadId", &upload.id);
                xml.nest("Initiator", |xml| {
                    xml.leaf("ID", upload.initiator());
                    xml.leaf("DisplayName", upload.initiator());
                });
                owner(xml);
                let class = attach::class_name(call.form, upload.attached.class());
                xml.leaf("StorageClass", class);
                xml.leaf("Initiated", iso(upload.initiated));
            });
        }
        asked.common_prefixes(xml, &prefixes);
    }))
}
