//! Which API operation a request asks for.

use http::Method;

use crate::call::{Call, Form};
use crate::quirk::ListV2;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// An operation by its API name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Operation {
            $($(#[$doc])* $name,)*
        }

        impl Operation {
            /// The API name, as faults and the request log spell it.
            pub(crate) const fn word(self) -> &'static str {
                match self {
                    $(Operation::$name => stringify!($name),)*
                }
            }
        }
    };
}

operations! {
    ListBuckets,
    HeadBucket,
    /// `HEAD /?apiversion`: how OBS SDKs ask, unsigned, whether the native form is understood.
    HeadApiVersion,
    GetBucketLocation,
    GetBucketVersioning,
    PutBucketVersioning,
    GetBucketAcl,
    PutBucketAcl,
    CreateBucket,
    DeleteBucket,
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    ListMultipartUploads,
    DeleteObjects,
    HeadObject,
    GetObject,
    PutObject,
    CopyObject,
    DeleteObject,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    ListParts,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    GetObjectTagging,
    PutObjectTagging,
    DeleteObjectTagging,
    RestoreObject,
    GetObjectAcl,
    PutObjectAcl,
    /// Anything the vendors have and this cloud has not.
    Unknown,
}

/// Parameters that turn a request into an operation that is not here.
const ELSEWHERE: &[&str] = &[
    "accelerate",
    "analytics",
    "append",
    "attributes",
    "backtosource",
    "cors",
    "customdomain",
    "directcoldaccess",
    "domain",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "logging",
    "metadata",
    "metrics",
    "modify",
    "notification",
    "object-lock",
    "origin",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "quota",
    "referer",
    "rename",
    "replication",
    "requestPayment",
    "retention",
    "select",
    "select-type",
    "storageClass",
    "storagePolicy",
    "storageinfo",
    "strict-signature",
    "torrent",
    "truncate",
    "website",
];

impl Operation {
    /// The API name, to be kept.
    pub(crate) fn name(self) -> String {
        self.word().to_owned()
    }

    /// Finds the operation of a request.
    pub(crate) fn of(call: &Call) -> Operation {
        if ELSEWHERE.iter().any(|name| call.has(name)) {
            return Operation::Unknown;
        }
        match (&call.bucket, &call.key) {
            (None, _) => of_service(call),
            (Some(_), None) => of_bucket(call),
            (Some(_), Some(_)) => of_object(call),
        }
    }

    /// Whether the request's body is an XML document.
    pub(crate) fn takes_xml(self) -> bool {
        matches!(
            self,
            Operation::DeleteObjects
                | Operation::CompleteMultipartUpload
                | Operation::PutObjectTagging
                | Operation::RestoreObject
                | Operation::PutBucketAcl
                | Operation::PutObjectAcl
                | Operation::PutBucketVersioning
        )
    }

    /// Whether the answer may hold an `<Error>` although its status is 200.
    pub(crate) fn is_slow_write(self) -> bool {
        matches!(
            self,
            Operation::CopyObject | Operation::UploadPartCopy | Operation::CompleteMultipartUpload
        )
    }
}

fn of_service(call: &Call) -> Operation {
    match call.method {
        Method::GET => Operation::ListBuckets,
        Method::HEAD if call.has("apiversion") => Operation::HeadApiVersion,
        _ => Operation::Unknown,
    }
}

fn of_bucket(call: &Call) -> Operation {
    match call.method {
        Method::HEAD if call.has("apiversion") => Operation::HeadApiVersion,
        Method::HEAD => Operation::HeadBucket,
        Method::POST if call.has("delete") => Operation::DeleteObjects,
        Method::PUT if call.has("acl") => Operation::PutBucketAcl,
        Method::PUT if call.has("versioning") => Operation::PutBucketVersioning,
        Method::PUT if call.query.is_empty() => Operation::CreateBucket,
        Method::DELETE if call.query.is_empty() => Operation::DeleteBucket,
        Method::GET => {
            if call.has("location") {
                Operation::GetBucketLocation
            } else if call.has("versioning") {
                Operation::GetBucketVersioning
            } else if call.has("acl") {
                Operation::GetBucketAcl
            } else if call.has("uploads") {
                Operation::ListMultipartUploads
            } else if call.has("versions") {
                Operation::ListObjectVersions
            } else if call.has("tagging") || call.has("restore") {
                Operation::Unknown
            } else if call.param("list-type") == Some("2")
                && call.form != Form::Cos
                && call.switches.list_v2 != ListV2::Ignored
            {
                Operation::ListObjectsV2
            } else {
                Operation::ListObjects
            }
        }
        _ => Operation::Unknown,
    }
}

fn of_object(call: &Call) -> Operation {
    let source = call.vendor("copy-source").is_some();
    match call.method {
        Method::HEAD => Operation::HeadObject,
        Method::GET if call.has("uploadId") => Operation::ListParts,
        Method::GET if call.has("tagging") => Operation::GetObjectTagging,
        Method::GET if call.has("acl") => Operation::GetObjectAcl,
        Method::GET => Operation::GetObject,
        Method::PUT if call.has("tagging") => Operation::PutObjectTagging,
        Method::PUT if call.has("acl") => Operation::PutObjectAcl,
        Method::PUT if call.has("uploadId") || call.has("partNumber") => {
            if source {
                Operation::UploadPartCopy
            } else {
                Operation::UploadPart
            }
        }
        Method::PUT if source => Operation::CopyObject,
        Method::PUT => Operation::PutObject,
        Method::POST if call.has("uploads") => Operation::CreateMultipartUpload,
        Method::POST if call.has("uploadId") => Operation::CompleteMultipartUpload,
        Method::POST if call.has("restore") => Operation::RestoreObject,
        Method::DELETE if call.has("tagging") => Operation::DeleteObjectTagging,
        // An empty upload id leaves a plain DELETE of the object, which is what makes it dangerous.
        Method::DELETE if call.param("uploadId").is_some_and(|id| !id.is_empty()) => {
            Operation::AbortMultipartUpload
        }
        Method::DELETE => Operation::DeleteObject,
        _ => Operation::Unknown,
    }
}
