"""Copies whole and in parts, with conditions; uploads aborted and refused."""

from qcloud_cos import CosClientError, CosServiceError

from checks import GIB, MIB, check, equal, true
from desk import (
    BACKUP, DATA, PART, SAMPLE, TILES, copy_parts, cos, head, pages, read, refused, size, source, uploads_of,
)


@check("copy")
def copy():
    made = cos.copy_object(BACKUP, "cos-python/copy", source())
    found = head("cos-python/copy")
    equal((made["ETag"], made["CRC64"]), (found["ETag"], found["x-cos-hash-crc64ecma"]), "ETag and CRC-64")
    equal(found["x-cos-hash-crc64ecma"], head(TILES, DATA)["x-cos-hash-crc64ecma"], "the CRC-64")
    cos.put_object(BACKUP, b"x", "cos-python/from", Metadata={"x-cos-meta-old": "1"})
    mine = source("cos-python/from", BACKUP)
    cos.copy_object(BACKUP, "cos-python/kept", mine)
    equal(head("cos-python/kept")["x-cos-meta-old"], "1", "metadata kept")
    cos.copy_object(
        BACKUP, "cos-python/new", mine, CopyStatus="Replaced", Metadata={"x-cos-meta-new": "2"}, StorageClass="ARCHIVE"
    )
    found = head("cos-python/new")
    equal((found["x-cos-meta-new"], found["x-cos-storage-class"]), ("2", "ARCHIVE"), "metadata replaced")
    true("x-cos-meta-old" not in found, "old metadata is still there")
    refused(400, "EntityTooLarge", cos.copy_object, BACKUP, "cos-python/huge", source(SAMPLE))


@check("copy conditions")
def copy_conditions():
    etag = head(TILES, DATA)["ETag"]
    past, future = "Tue, 01 Jan 2019 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    for name, value in (
        ("CopySourceIfMatch", '"0123"'), ("CopySourceIfNoneMatch", etag),
        ("CopySourceIfUnmodifiedSince", past), ("CopySourceIfMatch", '"' + "0" * 32 + '"'),
    ):
        refused(412, "PreconditionFailed", cos.copy_object, BACKUP, "cos-python/if", source(), **{name: value})
    cos.copy_object(
        BACKUP, "cos-python/if", source(), CopySourceIfMatch=etag, CopySourceIfUnmodifiedSince=future
    )


@check("multipart copy")
def multipart_copy():
    key = "cos-python/multipart"
    upload = cos.create_multipart_upload(
        BACKUP, key, Metadata={"x-cos-meta-by": "parts"}, ContentType="application/zip", StorageClass="STANDARD_IA"
    )["UploadId"]
    done = copy_parts(key, upload)
    listed = pages(
        cos.list_parts, ["Part"], {"NextPartNumberMarker": "PartNumberMarker"},
        Bucket=BACKUP, Key=key, UploadId=upload, MaxParts=3,
    )
    equal([(int(one["PartNumber"]), one["ETag"], one["Size"]) for one in listed],
          [(one["PartNumber"], one["ETag"], str(PART)) for one in done], "the parts")
    made = cos.complete_multipart_upload(BACKUP, key, upload, {"Part": done})
    found = head(key)
    equal((found["ETag"], found["Content-Length"]), (made["ETag"], str(64 * MIB)), "the object")
    true(made["ETag"].endswith('-4"'), "the ETag does not tell of four parts")
    equal(found["x-cos-hash-crc64ecma"], head(TILES, DATA)["x-cos-hash-crc64ecma"], "the CRC-64")
    kept = [found[name] for name in ("x-cos-meta-by", "Content-Type", "x-cos-storage-class")]
    equal(kept, ["parts", "application/zip", "STANDARD_IA"], "what Create said")
    edge = f"bytes={PART - 50}-{PART + 49}"
    equal(read(key, Range=edge), read(TILES, DATA, Range=edge), "the content across two parts")
    equal(uploads_of(key), [], "open uploads")


@check("abort")
def abort():
    key = "cos-python/abort"
    upload = cos.create_multipart_upload(BACKUP, key)["UploadId"]
    copy_parts(key, upload, parts=1)
    equal(uploads_of(key), [upload], "open uploads")
    cos.abort_multipart_upload(BACKUP, key, upload)
    equal(uploads_of(key), [], "open uploads")
    refused(404, "NoSuchUpload", cos.list_parts, BACKUP, key, upload)
    refused(404, "NoSuchUpload", cos.abort_multipart_upload, BACKUP, key, upload)
    true(not cos.object_exists(BACKUP, key), "an aborted upload left an object")


@check("complete refuses")
def complete_refuses():
    key = "cos-python/refused"
    upload = cos.create_multipart_upload(BACKUP, key)["UploadId"]
    done = copy_parts(key, upload, parts=2, part=MIB)
    small = [{"PartNumber": 1, "ETag": cos.upload_part_copy(BACKUP, key, 1, upload, source(), "bytes=0-99")["ETag"]}]
    for code, parts in (
        ("InvalidPartOrder", done[::-1]),
        ("InvalidPart", [{"PartNumber": 1, "ETag": '"00000000000000000000000000000000"'}]),
        ("EntityTooSmall", small + done[1:]),
    ):
        refused(400, code, cos.complete_multipart_upload, BACKUP, key, upload, {"Part": parts})
    past_end = f"bytes=0-{64 * MIB}"
    refused(416, "InvalidRange", cos.upload_part_copy, BACKUP, key, 1, upload, source(), past_end)
    cos.abort_multipart_upload(BACKUP, key, upload)


@check("managed copy")
def managed_copy():
    # In parts only where the class changes: otherwise this SDK trusts the server with one request.
    huge = source("genome/sample-0002.bam")
    cos.copy(BACKUP, "cos-python/managed", huge, PartSize=1024, MAXThread=4, StorageClass="STANDARD_IA")
    found = head("cos-python/managed")
    equal((found["Content-Length"], found["ETag"][-4:]), (str(20 * GIB), '-20"'), "the object")
    equal(found["x-cos-storage-class"], "STANDARD_IA", "the class")
    cos.copy(BACKUP, "cos-python/managed small", source())
    equal(size("cos-python/managed small"), 64 * MIB, "the size")
    try:
        cos.copy(BACKUP, "cos-python/nothing", source("not there"))
        raise AssertionError("nothing was copied, and it succeeded")
    except (CosServiceError, CosClientError):
        pass
