"""What hangs on an object: tags, grants, versions, keys, a thaw."""

import time

from checks import GIB, MIB, bucket, check, equal, true
from desk import BACKUP, PHOTOS, VERSIONS, copy_parts, read, refused, s3, source


@check("tags")
def tags():
    given = {"Bucket": BACKUP, "Key": "boto3/tags"}
    s3.put_object(**given, Body=b"")
    wanted = [{"Key": "größe", "Value": "a/b=c&d+e"}, {"Key": "leer", "Value": ""}]
    s3.put_object_tagging(**given, Tagging={"TagSet": wanted})
    equal(s3.get_object_tagging(**given)["TagSet"], wanted, "the tags")
    s3.delete_object_tagging(**given)
    equal(s3.get_object_tagging(**given)["TagSet"], [], "the tags")
    many = [{"Key": str(number), "Value": ""} for number in range(11)]
    refused(400, "BadRequest", s3.put_object_tagging, **given, Tagging={"TagSet": many})


@check("access control lists")
def access_control_lists():
    given = {"Bucket": BACKUP, "Key": "boto3/acl"}
    s3.put_object(**given, Body=b"", ACL="public-read")
    public = s3.get_object_acl(**given)
    equal(sorted(grant["Permission"] for grant in public["Grants"]), ["FULL_CONTROL", "READ"], "the grants")
    s3.put_object_acl(**given, ACL="private")
    private = s3.get_object_acl(**given)
    equal([grant["Permission"] for grant in private["Grants"]], ["FULL_CONTROL"], "the grants")
    s3.put_object_acl(**given, AccessControlPolicy={"Owner": public["Owner"], "Grants": public["Grants"]})
    equal(len(s3.get_object_acl(**given)["Grants"]), 2, "the number of grants")
    s3.put_object_acl(**given, GrantRead='id="100000000002"')
    granted = {grant["Grantee"].get("ID"): grant["Permission"] for grant in s3.get_object_acl(**given)["Grants"]}
    equal(granted.get("100000000002"), "READ", "the grant")
    s3.put_bucket_acl(Bucket=PHOTOS, ACL="public-read")
    equal(len(s3.get_bucket_acl(Bucket=PHOTOS)["Grants"]), 2, "the number of grants")


@check("versions")
def versions():
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=VERSIONS, PaginationConfig={"PageSize": 2})
    rows = [row for page in pages for kind in ("Versions", "DeleteMarkers") for row in page.get(kind, [])]
    whole = s3.list_object_versions(Bucket=VERSIONS)
    equal(len(rows), len(whole["Versions"]) + len(whole["DeleteMarkers"]), "rows in pages")
    oldest = [row for row in whole["Versions"] if row["Key"] == "report.txt"][-1]["VersionId"]
    equal(read(VERSIONS, "report.txt", VersionId=oldest), b"First draft.\n", "the oldest version")
    copied = s3.copy_object(
        Bucket=BACKUP, Key="boto3/old", CopySource=source("report.txt", VERSIONS, VersionId=oldest)
    )
    equal(copied["CopySourceVersionId"], oldest, "the version copied")
    equal(read(BACKUP, "boto3/old"), b"First draft.\n", "the copy")
    marker = next(row for row in whole["DeleteMarkers"] if row["Key"] == "minutes.txt")["VersionId"]
    refused(405, "405", s3.head_object, Bucket=VERSIONS, Key="minutes.txt", VersionId=marker)
    from_marker = source("minutes.txt", VERSIONS)
    refused(404, "NoSuchKey", s3.copy_object, Bucket=BACKUP, Key="boto3/x", CopySource=from_marker)
    from_marker["VersionId"] = marker
    refused(400, "InvalidRequest", s3.copy_object, Bucket=BACKUP, Key="boto3/x", CopySource=from_marker)


@check("version life")
def version_life():
    given = {"Bucket": VERSIONS, "Key": "boto3/life"}
    first, second = (s3.put_object(**given, Body=body)["VersionId"] for body in (b"1", b"2"))
    marker = s3.delete_object(**given)
    true(marker["DeleteMarker"], "no delete marker was made")
    refused(404, "404", s3.head_object, **given)
    s3.delete_object(**given, VersionId=marker["VersionId"])
    equal(s3.head_object(**given)["VersionId"], second, "the current version")
    s3.delete_object(**given, VersionId=second)
    equal(read(**{"bucket_name": VERSIONS, "key": "boto3/life"}), b"1", "what is left")
    s3.delete_object(**given, VersionId=first)
    equal(s3.list_object_versions(Bucket=VERSIONS, Prefix="boto3/").get("Versions"), None, "versions left")


@check("encryption")
def encryption():
    for asked in (
        {"ServerSideEncryption": "AES256"},
        {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:aws:kms:us-east-1:125000000000:key/demo"},
    ):
        key = "boto3/" + asked["ServerSideEncryption"]
        made = s3.copy_object(Bucket=BACKUP, Key=key, CopySource=source(), **asked)
        found = s3.head_object(Bucket=BACKUP, Key=key)
        for name, value in asked.items():
            equal((made[name], found[name]), (value, value), name)


@check("customer keys")
def customer_keys():
    one, two = ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": letter * 32} for letter in "12")
    given = {"Bucket": BACKUP, "Key": "boto3/sse-c"}
    made = s3.put_object(**given, Body=b"secret", **one)
    equal(made["SSECustomerAlgorithm"], "AES256", "the algorithm")
    equal(s3.get_object(**given, **one)["Body"].read(), b"secret", "the body")
    refused(400, "400", s3.head_object, **given)
    refused(403, "AccessDenied", s3.get_object, **given, **two)
    opened = {f"CopySource{name}": value for name, value in one.items()}
    s3.copy_object(Bucket=BACKUP, Key="boto3/sse-c 2", CopySource=source("boto3/sse-c", BACKUP), **opened, **two)
    equal(read(BACKUP, "boto3/sse-c 2", **two), b"secret", "the copy")
    upload = s3.create_multipart_upload(**given, **two)["UploadId"]
    done = copy_parts("boto3/sse-c", upload, **two)
    s3.complete_multipart_upload(**given, UploadId=upload, MultipartUpload={"Parts": done}, **two)
    equal(s3.head_object(**given, **two)["ContentLength"], 64 * MIB, "the size")


@check("restore")
def restore():
    given = {"Bucket": bucket("archive"), "Key": "2019/ledger.tar"}
    cold = source(given["Key"], given["Bucket"])
    refused(403, "InvalidObjectState", s3.get_object, **given)
    refused(403, "InvalidObjectState", s3.copy_object, Bucket=BACKUP, Key="boto3/cold", CopySource=cold)
    s3.restore_object(**given, RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": "Expedited"}})
    refused(409, "RestoreAlreadyInProgress", s3.restore_object, **given, RestoreRequest={"Days": 1})
    deadline = time.monotonic() + 20
    while 'ongoing-request="true"' in s3.head_object(**given)["Restore"]:
        true(time.monotonic() < deadline, "the thaw does not end")
        time.sleep(0.5)
    s3.copy_object(Bucket=BACKUP, Key="boto3/thawed", CopySource=cold)
    equal(s3.head_object(Bucket=BACKUP, Key="boto3/thawed")["ContentLength"], 2 * GIB, "the size")
