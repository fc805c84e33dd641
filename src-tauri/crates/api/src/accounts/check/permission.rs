//! The permission behind each check, in the words of the provider's policies.

use partway_domain::DialectName;

/// Check, then the action of COS, OBS and S3.
const ACTIONS: &[(&str, &str, &str, &str)] = &[
    (
        "list_buckets",
        "name/cos:GetService",
        "obs:bucket:ListAllMyBuckets",
        "s3:ListAllMyBuckets",
    ),
    (
        "head_bucket",
        "name/cos:HeadBucket",
        "obs:bucket:HeadBucket",
        "s3:ListBucket",
    ),
    (
        "list_objects",
        "name/cos:GetBucket",
        "obs:bucket:ListBucket",
        "s3:ListBucket",
    ),
    (
        "list_versions",
        "name/cos:GetBucketObjectVersions",
        "obs:bucket:ListBucketVersions",
        "s3:ListBucketVersions",
    ),
    (
        "read_versioning",
        "name/cos:GetBucketVersioning",
        "obs:bucket:GetBucketVersioning",
        "s3:GetBucketVersioning",
    ),
    (
        "list_uploads",
        "name/cos:ListMultipartUploads",
        "obs:bucket:ListBucketMultipartUploads",
        "s3:ListBucketMultipartUploads",
    ),
    (
        "head_object",
        "name/cos:HeadObject",
        "obs:object:GetObject",
        "s3:GetObject",
    ),
    (
        "read_object",
        "name/cos:GetObject",
        "obs:object:GetObject",
        "s3:GetObject",
    ),
    (
        "read_tags",
        "name/cos:GetObjectTagging",
        "obs:object:GetObjectTagging",
        "s3:GetObjectTagging",
    ),
    (
        "read_acl",
        "name/cos:GetObjectACL",
        "obs:object:GetObjectAcl",
        "s3:GetObjectAcl",
    ),
    (
        "put_object",
        "name/cos:PutObject",
        "obs:object:PutObject",
        "s3:PutObject",
    ),
    (
        "write_tags",
        "name/cos:PutObjectTagging",
        "obs:object:PutObjectTagging",
        "s3:PutObjectTagging",
    ),
    (
        "copy_object",
        "name/cos:PutObjectCopy",
        "obs:object:PutObject",
        "s3:PutObject",
    ),
    (
        "create_upload",
        "name/cos:InitiateMultipartUpload",
        "obs:object:PutObject",
        "s3:PutObject",
    ),
    (
        "copy_part",
        "name/cos:UploadPartCopy",
        "obs:object:PutObject",
        "s3:PutObject",
    ),
    (
        "list_parts",
        "name/cos:ListParts",
        "obs:object:ListMultipartUploadParts",
        "s3:ListMultipartUploadParts",
    ),
    (
        "abort_upload",
        "name/cos:AbortMultipartUpload",
        "obs:object:AbortMultipartUpload",
        "s3:AbortMultipartUpload",
    ),
    (
        "delete_object",
        "name/cos:DeleteObject",
        "obs:object:DeleteObject",
        "s3:DeleteObject",
    ),
];

/// What a key needs for this check; `None` where no single permission decides.
pub(super) fn of(dialect: DialectName, check: &str) -> Option<&'static str> {
    let (_, cos, obs, s3) = ACTIONS.iter().find(|(name, ..)| *name == check)?;
    Some(match dialect {
        DialectName::Cos => cos,
        DialectName::Obs | DialectName::ObsV2 => obs,
        DialectName::S3 => s3,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_speaks_its_own_words() {
        for (check, ..) in ACTIONS {
            for (dialect, prefix) in [
                (DialectName::Cos, "name/cos:"),
                (DialectName::Obs, "obs:"),
                (DialectName::ObsV2, "obs:"),
                (DialectName::S3, "s3:"),
            ] {
                assert!(of(dialect, check).unwrap().starts_with(prefix), "{check}");
            }
        }
        assert_eq!(of(DialectName::S3, "reach"), None);
    }
}
