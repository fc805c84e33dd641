"""What hangs on an object: tags, grants, versions, keys, a thaw."""

import base64
import hashlib
import time

from qcloud_cos import CosServiceError

from checks import GIB, MIB, bucket, check, equal, true
from desk import BACKUP, PHOTOS, VERSIONS, copy_parts, cos, head, pages, read, refused, size, source


@check("tags")
def tags():
    key = "cos-python/tags"
    cos.put_object(BACKUP, b"", key)
    wanted = [{"Key": "owner", "Value": "lab 4/b=c+d"}, {"Key": "kind", "Value": "test"}]
    cos.put_object_tagging(BACKUP, key, {"TagSet": {"Tag": wanted}})
    equal(cos.get_object_tagging(BACKUP, key)["TagSet"]["Tag"], wanted, "the tags")
    cos.delete_object_tagging(BACKUP, key)
    refused(404, "NoSuchTagSet", cos.get_object_tagging, BACKUP, key)


@check("access control lists")
def access_control_lists():
    key = "cos-python/acl"
    cos.put_object(BACKUP, b"", key, ACL="public-read")
    equal(cos.get_object_acl(BACKUP, key)["CannedACL"], "public-read", "the ACL")
    cos.put_object_acl(BACKUP, key, ACL="private")
    equal(cos.get_object_acl(BACKUP, key)["CannedACL"], "private", "the ACL")
    cos.put_object_acl(BACKUP, key, GrantRead='id="100000000002"')
    grants = cos.get_object_acl(BACKUP, key)["AccessControlList"]["Grant"]
    equal(sorted(grant["Permission"] for grant in grants), ["FULL_CONTROL", "READ"], "the grants")
    cos.put_object_acl(BACKUP, key, ACL="default")
    equal(cos.get_object_acl(BACKUP, key)["CannedACL"], "default", "the ACL")
    cos.put_bucket_acl(PHOTOS, ACL="public-read")
    equal(cos.get_bucket_acl(PHOTOS)["CannedACL"], "public-read", "the bucket's ACL")


@check("versions")
def versions():
    markers = {"NextKeyMarker": "KeyMarker", "NextVersionIdMarker": "VersionIdMarker"}
    kinds = ["Version", "DeleteMarker"]
    paged = pages(cos.list_objects_versions, kinds, markers, Bucket=VERSIONS, MaxKeys=2)
    whole = cos.list_objects_versions(VERSIONS)
    equal(len(paged), len(whole["Version"]) + len(whole["DeleteMarker"]), "rows in pages")
    oldest = [row for row in whole["Version"] if row["Key"] == "report.txt"][-1]["VersionId"]
    equal(read("report.txt", VERSIONS, VersionId=oldest), b"First draft.\n", "the oldest version")
    cos.copy_object(BACKUP, "cos-python/old", source("report.txt", VERSIONS, VersionId=oldest))
    equal(read("cos-python/old"), b"First draft.\n", "the copy")
    marker = next(row for row in whole["DeleteMarker"] if row["Key"] == "minutes.txt")["VersionId"]
    gone = source("minutes.txt", VERSIONS)
    refused(404, "NoSuchKey", cos.copy_object, BACKUP, "cos-python/x", gone)
    gone["VersionId"] = marker
    refused(400, "InvalidRequest", cos.copy_object, BACKUP, "cos-python/x", gone)


@check("version life")
def version_life():
    key = "cos-python/life"
    first, second = (cos.put_object(VERSIONS, body, key)["x-cos-version-id"] for body in (b"1", b"2"))
    marker = cos.delete_object(VERSIONS, key)
    equal(marker["x-cos-delete-marker"], "true", "the delete marker")
    refused(404, "NoSuchResource", cos.head_object, VERSIONS, key)
    cos.delete_object(VERSIONS, key, VersionId=marker["x-cos-version-id"])
    equal(head(key, VERSIONS)["x-cos-version-id"], second, "the current version")
    cos.delete_object(VERSIONS, key, VersionId=second)
    equal(read(key, VERSIONS), b"1", "what is left")
    cos.delete_object(VERSIONS, key, VersionId=first)
    true("Version" not in cos.list_objects_versions(VERSIONS, Prefix="cos-python/"), "versions are left")


@check("encryption")
def encryption():
    key = "cos-python/sse"
    made = cos.put_object(BACKUP, b"x", key, ServerSideEncryption="AES256")
    equal((made["x-cos-server-side-encryption"], head(key)["x-cos-server-side-encryption"]), ("AES256",) * 2, "SSE-COS")
    context = base64.b64encode(b'{"a":"b"}').decode()
    kms = {"ServerSideEncryption": "cos/kms", "SSEKMSKeyId": "demo-key", "SSEKMSContext": context}
    cos.copy_object(BACKUP, key, source(), **kms)
    found = head(key)
    names = ("x-cos-server-side-encryption", "x-cos-server-side-encryption-cos-kms-key-id")
    equal([found[name] for name in names], ["cos/kms", "demo-key"], "SSE-KMS")


@check("customer keys")
def customer_keys():
    def secret(letter):
        raw = letter.encode() * 32
        md5 = base64.b64encode(hashlib.md5(raw).digest()).decode()
        sent = base64.b64encode(raw).decode()
        return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": sent, "SSECustomerKeyMD5": md5}

    one, two = secret("1"), secret("2")
    key = "cos-python/sse-c"
    cos.put_object(BACKUP, b"secret", key, **one)
    equal(read(key, **one), b"secret", "the body")
    for keys in ({}, two):
        try:
            cos.get_object(BACKUP, key, **keys)
            raise AssertionError("the object was read without its key")
        except CosServiceError as error:
            true(error.get_status_code() in (400, 403), "the status is neither 400 nor 403")
    opened = {f"CopySource{name}": value for name, value in one.items()}
    cos.copy_object(BACKUP, f"{key} 2", source(key, BACKUP), **opened, **two)
    equal(read(f"{key} 2", **two), b"secret", "the copy")
    upload = cos.create_multipart_upload(BACKUP, key, **two)["UploadId"]
    done = copy_parts(key, upload, **two)
    cos.complete_multipart_upload(BACKUP, key, upload, {"Part": done}, **two)
    equal(size(key, **two), 64 * MIB, "the size")


@check("restore")
def restore():
    archive, key = bucket("archive"), "2019/ledger.tar"
    cold = source(key, archive)
    refused(403, "InvalidObjectState", cos.get_object, archive, key)
    refused(403, "InvalidObjectState", cos.copy_object, BACKUP, "cos-python/cold", cold)
    cos.restore_object(archive, key, {"Days": 1, "CASJobParameters": {"Tier": "Expedited"}})
    deadline = time.monotonic() + 20
    while 'ongoing-request="true"' in head(key, archive)["x-cos-restore"]:
        true(time.monotonic() < deadline, "the thaw does not end")
        time.sleep(0.5)
    cos.copy_object(BACKUP, "cos-python/thawed", cold)
    equal(size("cos-python/thawed"), 2 * GIB, "the size")
