//! Trying one bucket with one small object, and taking everything away again.

use partway_domain::{
    ByteRange, Capability, DialectName, ETag, Failure, FailureKind, Key, PartNumber, Prefix,
    Support, UploadId,
};
use partway_engine::capability::evidence;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::{self, Attributes, Conditions, Terms};
use uuid::Uuid;

use super::look::Look;
use super::removal::Made;
use super::report::Test;
use super::shape::{CompleteIfNew, WholePart};
use crate::error::ApiError;

/// Says in the bucket what it is, should it ever be left there.
const BODY: &[u8] =
    b"Partway made this to find out what this server can do. It may be deleted at any time.\n";

/// A tag no object has.
const NO_SUCH_ETAG: &str = "00000000000000000000000000000000";

/// Checks that need the probe object, in order.
const AFTER_PUT: [&str; 6] = [
    "write_tags",
    "copy_object",
    "create_upload",
    "copy_part",
    "list_parts",
    "abort_upload",
];

/// Capabilities that only an upload shows.
const BY_UPLOAD: [Capability; 4] = [
    Capability::PartCopy,
    Capability::PartCopyConditions,
    Capability::ListParts,
    Capability::ConditionalComplete,
];

/// One probe: an object, and a copy of it that is also the target of an upload.
struct Probe<'a> {
    look: &'a Look<'a>,
    key: Key,
    copy: Key,
    endpoint: Endpoint,
    /// The only part, and its bytes: all of the object.
    part: (PartNumber, ByteRange),
    made: Made,
}

impl Look<'_> {
    /// Writes one object below `prefix`, tries with it what reading cannot show, and removes
    /// everything it made, whatever happened. What stays nevertheless is named.
    pub(super) async fn probe(&self, prefix: &Prefix, test: &mut Test) {
        let mut probe = match self.prepare(prefix) {
            Ok(probe) => probe,
            Err(error) => return test.failed("put_object", error),
        };
        if probe.put(test).await {
            if !self.object_seen {
                self.object(test, &probe.key, BODY.len() as u64).await;
            }
            probe.tags(test).await;
            let copied = probe.copy_object(test).await;
            probe.upload(copied, test).await;
            probe.made.remove(self, test).await;
        } else {
            self.no_object(test);
            let why = "Not tried: the probe object could not be written.";
            for name in AFTER_PUT {
                test.unknown(name, why);
            }
            test.unsettled(BY_UPLOAD, why);
            test.unsettled([Capability::CopyConditions], why);
            // The answer may have been lost, not the object.
            probe.made.remove_unsure(self, test).await;
        }
    }

    fn prepare(&self, prefix: &Prefix) -> Result<Probe<'_>, ApiError> {
        let word = Uuid::new_v4().simple().to_string();
        let name = format!("{}.partway-probe-{}", prefix.as_str(), &word[..12]);
        let wrong = |error: String| ApiError::input("probe", error);
        let parse = |name: String| Key::parse(name).map_err(|error| wrong(error.to_string()));
        let home = Endpoint::of(self.account).map_err(|error| wrong(error.to_string()))?;
        let endpoint = match &self.region {
            Some(region) => home.in_region(region),
            None => home,
        };
        let part = PartNumber::new(1).zip(ByteRange::new(0, BODY.len() as u64));
        Ok(Probe {
            look: self,
            key: parse(name.clone())?,
            copy: parse(format!("{name}-copy"))?,
            endpoint,
            part: part.ok_or_else(|| wrong("the probe object has no bytes".to_owned()))?,
            made: Made::default(),
        })
    }
}

impl Probe<'_> {
    async fn put(&mut self, test: &mut Test) -> bool {
        let put = op::PutObject {
            bucket: self.look.bucket.clone(),
            key: self.key.clone(),
            body: BODY.to_vec(),
            attributes: Attributes {
                headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
                ..Attributes::default()
            },
            terms: Terms::default(),
        };
        self.made.objects.push(self.key.clone());
        let name = self.key.as_str().to_owned();
        let written = self
            .look
            .check(test, "put_object", None, &put, |_| {
                format!("Objects can be written: {name:?}.")
            })
            .await;
        if written.is_none() {
            return false;
        }
        let head = op::HeadObject {
            bucket: self.look.bucket.clone(),
            key: self.key.clone(),
            version: None,
            customer_key: None,
        };
        if let Ok(found) = self.look.send(&head).await {
            self.look.learn_from_head(test, &head, &found).await;
        }
        true
    }

    async fn tags(&self, test: &mut Test) {
        let tagging = Some(Capability::Tagging);
        let tags = vec![("made-by".to_owned(), "partway".to_owned())];
        let put = op::PutObjectTagging {
            bucket: self.look.bucket.clone(),
            key: self.key.clone(),
            version: None,
            tags: tags.clone(),
        };
        let get = op::GetObjectTagging {
            bucket: self.look.bucket.clone(),
            key: self.key.clone(),
            version: None,
        };
        let written = self
            .look
            .check(test, "write_tags", tagging, &put, |()| {
                "Tags can be written.".to_owned()
            })
            .await;
        if written.is_some()
            && let Ok(kept) = self.look.send(&get).await
            && kept != tags
        {
            test.learn(
                tagging,
                Support::Absent,
                "PutObjectTagging answered, but the tag did not come back",
            );
        }
    }

    /// Whether the copy is there afterwards.
    async fn copy_object(&mut self, test: &mut Test) -> bool {
        self.made.objects.push(self.copy.clone());
        let honoured = Some(Capability::CopyConditions);
        let tried = self.look.send(&self.copy_of(unmeetable())).await;
        learn_condition(test, honoured, "CopyObject", tried.as_ref().err());
        let plain = self.copy_of(Conditions::None);
        let copied = self
            .look
            .check(test, "copy_object", None, &plain, |_| {
                "Objects can be copied by one request.".to_owned()
            })
            .await;
        copied.is_some()
    }

    async fn upload(&mut self, copied: bool, test: &mut Test) {
        let create = op::CreateMultipartUpload {
            bucket: self.look.bucket.clone(),
            key: self.copy.clone(),
            attributes: Attributes::default(),
            checksum: false,
            terms: Terms::default(),
        };
        self.made.uploads_of = Some(self.copy.clone());
        let created = self
            .look
            .check(test, "create_upload", None, &create, |_| {
                "Multipart uploads can be begun.".to_owned()
            })
            .await;
        let Some(upload_id) = created else {
            let why = "Not tried: no upload could be begun.";
            for name in ["copy_part", "list_parts", "abort_upload"] {
                test.unknown(name, why);
            }
            test.unsettled(BY_UPLOAD, why);
            return;
        };
        self.made.upload = Some(upload_id.clone());
        self.list_uploads(&upload_id, test).await;
        let part = self.copy_part(&upload_id, test).await;
        self.list_parts(&upload_id, test).await;
        if let Some(etag) = part
            && copied
            && self.look.account.dialect == DialectName::S3
        {
            self.complete_if_new(&upload_id, etag, test).await;
        } else {
            test.unsettled(
                [Capability::ConditionalComplete],
                "Not tried: it needs a copied object and a copied part.",
            );
        }
        self.made.abort(self.look, test).await;
    }

    async fn list_uploads(&self, upload_id: &UploadId, test: &mut Test) {
        let Ok(prefix) = Prefix::parse(self.copy.as_str()) else {
            return;
        };
        let list = op::ListMultipartUploads {
            bucket: self.look.bucket.clone(),
            prefix,
            cursor: None,
            encoded: false,
        };
        let capability = Some(Capability::ListUploads);
        match self.look.send(&list).await {
            Ok(page)
                if page
                    .uploads
                    .iter()
                    .any(|listed| listed.upload_id == *upload_id) =>
            {
                test.learn(
                    capability,
                    Support::Present,
                    "ListMultipartUploads showed the probe's upload",
                );
            }
            Err(failure) if failure.kind == FailureKind::NotSupported => {
                test.learn(capability, Support::Absent, &evidence(&failure));
            }
            _ => {}
        }
    }

    async fn copy_part(&self, upload_id: &UploadId, test: &mut Test) -> Option<ETag> {
        let honoured = Some(Capability::PartCopyConditions);
        let tried = self.look.send(&self.part_of(upload_id, unmeetable())).await;
        learn_condition(test, honoured, "UploadPartCopy", tried.as_ref().err());
        let plain = self.part_of(upload_id, Conditions::None);
        let copied = self
            .look
            .check(
                test,
                "copy_part",
                Some(Capability::PartCopy),
                &plain,
                |_| "Parts can be copied.".to_owned(),
            )
            .await;
        copied.map(|part| part.etag)
    }

    async fn list_parts(&self, upload_id: &UploadId, test: &mut Test) {
        let list = op::ListParts {
            bucket: self.look.bucket.clone(),
            key: self.copy.clone(),
            upload_id: upload_id.clone(),
            after: None,
        };
        self.look
            .check(
                test,
                "list_parts",
                Some(Capability::ListParts),
                &list,
                |page| format!("Parts can be listed: {}.", page.parts.len()),
            )
            .await;
    }

    /// The copy stands under the upload's key, so a Complete that may not replace it must fail.
    async fn complete_if_new(&mut self, upload_id: &UploadId, etag: ETag, test: &mut Test) {
        let complete = CompleteIfNew(op::CompleteMultipartUpload {
            bucket: self.look.bucket.clone(),
            key: self.copy.clone(),
            upload_id: upload_id.clone(),
            parts: vec![(self.part.0, etag)],
            size: BODY.len() as u64,
            customer_key: None,
        });
        let capability = Some(Capability::ConditionalComplete);
        match self.look.send(&complete).await {
            Ok(_) => {
                self.made.upload = None;
                test.learn(
                    capability,
                    Support::Absent,
                    "CompleteMultipartUpload with if-none-match replaced an object",
                );
            }
            Err(failure) if failure.status == Some(412) => test.learn(
                capability,
                Support::Present,
                "CompleteMultipartUpload with if-none-match answered HTTP 412",
            ),
            Err(failure) if failure.kind == FailureKind::NotSupported => {
                test.learn(capability, Support::Absent, &evidence(&failure));
            }
            Err(failure) => test.undecided(capability, &failure),
        }
    }

    fn copy_of(&self, conditions: Conditions) -> op::CopyObject {
        op::CopyObject {
            bucket: self.look.bucket.clone(),
            key: self.copy.clone(),
            source: self.source(),
            conditions,
            size: BODY.len() as u64,
            replace: None,
            tagging: None,
            storage_class: None,
            terms: Terms::default(),
        }
    }

    fn part_of(&self, upload_id: &UploadId, conditions: Conditions) -> WholePart {
        WholePart(op::UploadPartCopy {
            bucket: self.look.bucket.clone(),
            key: self.copy.clone(),
            upload_id: upload_id.clone(),
            number: self.part.0,
            source: self.source(),
            conditions,
            range: self.part.1,
            customer_key: None,
        })
    }

    fn source(&self) -> op::CopySource {
        op::CopySource {
            bucket: self.look.bucket.clone(),
            key: self.key.clone(),
            version: None,
            endpoint: self.endpoint.clone(),
            customer_key: None,
        }
    }
}

fn unmeetable() -> Conditions {
    ETag::parse(NO_SUCH_ETAG).map_or(Conditions::None, Conditions::matching)
}

/// A condition that cannot hold was sent: only 412 shows that it is honoured, and only success
/// that it is not.
fn learn_condition(
    test: &mut Test,
    capability: Option<Capability>,
    operation: &str,
    refused: Option<&Failure>,
) {
    match refused {
        None => test.learn(
            capability,
            Support::Absent,
            &format!("{operation} ignored a copy-source-if-match that cannot hold"),
        ),
        Some(failure) if failure.status == Some(412) => test.learn(
            capability,
            Support::Present,
            &format!("{operation} answered HTTP 412 to a copy-source-if-match that cannot hold"),
        ),
        Some(failure) => test.undecided(capability, failure),
    }
}
