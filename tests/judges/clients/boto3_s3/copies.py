"""Copies whole and in parts, with conditions; uploads aborted and refused."""

import hashlib
from datetime import datetime, timedelta, timezone

from boto3.s3.transfer import TransferConfig

from checks import GIB, MIB, check, equal, true
from desk import BACKUP, DATA, PART, SAMPLE, TILES, copy_parts, read, refused, s3, source, uploads_of


@check("copy")
def copy():
    made = s3.copy_object(Bucket=BACKUP, Key="boto3/copy", CopySource=source())
    equal(made["CopyObjectResult"]["ETag"], s3.head_object(Bucket=BACKUP, Key="boto3/copy")["ETag"], "the ETag")
    equal(read(BACKUP, "boto3/copy", 1 << 20, (1 << 20) + 99), read(DATA, TILES, 1 << 20, (1 << 20) + 99), "content")
    s3.put_object(Bucket=BACKUP, Key="boto3/from", Body=b"x", Metadata={"old": "1"}, Tagging="t=1")
    mine = source("boto3/from", BACKUP)
    s3.copy_object(Bucket=BACKUP, Key="boto3/kept", CopySource=mine)
    equal(s3.head_object(Bucket=BACKUP, Key="boto3/kept")["Metadata"], {"old": "1"}, "metadata kept")
    equal(len(s3.get_object_tagging(Bucket=BACKUP, Key="boto3/kept")["TagSet"]), 1, "tags kept")
    s3.copy_object(
        Bucket=BACKUP, Key="boto3/new", CopySource=mine, Metadata={"new": "2"}, MetadataDirective="REPLACE",
        Tagging="u=2", TaggingDirective="REPLACE", StorageClass="ONEZONE_IA",
    )
    found = s3.head_object(Bucket=BACKUP, Key="boto3/new")
    equal((found["Metadata"], found["StorageClass"]), ({"new": "2"}, "ONEZONE_IA"), "metadata replaced")
    equal(s3.get_object_tagging(Bucket=BACKUP, Key="boto3/new")["TagSet"], [{"Key": "u", "Value": "2"}], "new tags")
    refused(400, "InvalidRequest", s3.copy_object, Bucket=BACKUP, Key="boto3/from", CopySource=mine)
    refused(400, "InvalidRequest", s3.copy_object, Bucket=BACKUP, Key="boto3/huge", CopySource=source(SAMPLE))


@check("copy conditions")
def copy_conditions():
    etag = s3.head_object(Bucket=DATA, Key=TILES)["ETag"]
    past, future = (datetime.now(timezone.utc) + timedelta(days=days) for days in (-3000, -0.01))
    given = {"Bucket": BACKUP, "Key": "boto3/if", "CopySource": source()}
    for name, value in (
        ("CopySourceIfMatch", '"0123"'), ("CopySourceIfNoneMatch", etag),
        ("CopySourceIfUnmodifiedSince", past), ("CopySourceIfModifiedSince", future),
    ):
        refused(412, "PreconditionFailed", s3.copy_object, **given, **{name: value})
    s3.copy_object(**given, CopySourceIfMatch=etag, CopySourceIfUnmodifiedSince=past)
    refused(304, "304", s3.head_object, Bucket=DATA, Key=TILES, IfNoneMatch=etag)


@check("multipart copy")
def multipart_copy():
    key = "boto3/multipart"
    upload = s3.create_multipart_upload(
        Bucket=BACKUP, Key=key, Metadata={"by": "parts"}, ContentType="application/zip", StorageClass="STANDARD_IA",
        Tagging="kind=parts",
    )["UploadId"]
    done = copy_parts(key, upload)
    pages = s3.get_paginator("list_parts").paginate(
        Bucket=BACKUP, Key=key, UploadId=upload, PaginationConfig={"PageSize": 3}
    )
    listed = [part for page in pages for part in page["Parts"]]
    equal([(p["PartNumber"], p["ETag"], p["Size"]) for p in listed],
          [(p["PartNumber"], p["ETag"], PART) for p in done], "the parts")
    made = s3.complete_multipart_upload(Bucket=BACKUP, Key=key, UploadId=upload, MultipartUpload={"Parts": done})
    digests = b"".join(bytes.fromhex(part["ETag"].strip('"')) for part in done)
    equal(made["ETag"], f'"{hashlib.md5(digests).hexdigest()}-4"', "the ETag")
    found = s3.head_object(Bucket=BACKUP, Key=key)
    equal((found["ETag"], found["ContentLength"]), (made["ETag"], 64 * MIB), "the object")
    kept = (found["Metadata"], found["ContentType"], found["StorageClass"])
    equal(kept, ({"by": "parts"}, "application/zip", "STANDARD_IA"), "what Create said")
    edge = (PART - 50, PART + 49)
    equal(read(BACKUP, key, *edge), read(DATA, TILES, *edge), "the content across two parts")
    equal(uploads_of(key), [], "open uploads")


@check("abort")
def abort():
    key = "boto3/abort"
    upload = s3.create_multipart_upload(Bucket=BACKUP, Key=key)["UploadId"]
    copy_parts(key, upload, parts=1)
    equal(uploads_of(key), [upload], "open uploads")
    s3.abort_multipart_upload(Bucket=BACKUP, Key=key, UploadId=upload)
    equal(uploads_of(key), [], "open uploads")
    gone = {"Bucket": BACKUP, "Key": key, "UploadId": upload}
    refused(404, "NoSuchUpload", s3.list_parts, **gone)
    refused(404, "NoSuchUpload", s3.abort_multipart_upload, **gone)
    refused(404, "404", s3.head_object, Bucket=BACKUP, Key=key)


@check("complete refuses")
def complete_refuses():
    key = "boto3/refused"
    upload = s3.create_multipart_upload(Bucket=BACKUP, Key=key)["UploadId"]
    done = copy_parts(key, upload, parts=2, part=6 * MIB)
    span = "bytes=0-99"
    small = s3.upload_part_copy(
        Bucket=BACKUP, Key=key, UploadId=upload, PartNumber=3, CopySource=source(), CopySourceRange=span
    )["CopyPartResult"]
    tiny = {"PartNumber": 3, "ETag": small["ETag"]}
    complete = {"Bucket": BACKUP, "Key": key, "UploadId": upload}
    for code, parts in (
        ("InvalidPartOrder", done[::-1]),
        ("InvalidPart", [done[0] | {"ETag": '"00000000000000000000000000000000"'}]),
        ("InvalidPart", [{"PartNumber": 9, "ETag": done[0]["ETag"]}]),
        ("EntityTooSmall", [tiny, {"PartNumber": 4, "ETag": copy_fourth(key, upload)}]),
        ("MalformedXML", []),
    ):
        refused(400, code, s3.complete_multipart_upload, **complete, MultipartUpload={"Parts": parts})
    refused(
        400, "InvalidArgument", s3.upload_part_copy, Bucket=BACKUP, Key=key, UploadId=upload, PartNumber=1,
        CopySource=source(), CopySourceRange=f"bytes=0-{64 * MIB}",
    )
    s3.abort_multipart_upload(**complete)


def copy_fourth(key, upload):
    answer = s3.upload_part_copy(Bucket=BACKUP, Key=key, UploadId=upload, PartNumber=4, CopySource=source())
    return answer["CopyPartResult"]["ETag"]


@check("managed copy")
def managed_copy():
    config = TransferConfig(multipart_threshold=GIB, multipart_chunksize=GIB, max_concurrency=4)
    s3.copy(source("genome/sample-0002.bam"), BACKUP, "boto3/managed", Config=config)
    found = s3.head_object(Bucket=BACKUP, Key="boto3/managed")
    equal((found["ContentLength"], found["ETag"][-4:]), (20 * GIB, '-20"'), "the object")
    s3.copy(source(), BACKUP, "boto3/managed small", Config=config)
    true("-" not in s3.head_object(Bucket=BACKUP, Key="boto3/managed small")["ETag"], "it was copied in parts")
