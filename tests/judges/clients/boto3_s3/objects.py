"""Objects read, written, deleted, and named as oddly as can be."""

import base64
import hashlib
import io
import time
import urllib.error
import urllib.request

from boto3.s3.transfer import TransferConfig

import checks
from checks import GIB, MIB, bucket, check, equal, true
from desk import BACKUP, DATA, SAMPLE, TILES, connect, read, refused, s3, source


@check("head")
def head():
    found = s3.head_object(Bucket=DATA, Key=SAMPLE)
    equal(found["ContentLength"], 1 << 40, "the size")
    equal(found["Metadata"], {"sequencer": "Example 9000", "consent": "research-only"}, "metadata")
    equal(found["ContentLanguage"], "en", "the language")
    true(found["ETag"].endswith('-1024"'), "the ETag does not tell of parts")
    model = s3.head_object(Bucket=DATA, Key="checkpoints/model.safetensors")
    equal(model["StorageClass"], "STANDARD_IA", "the class")
    parts = s3.head_object(Bucket=DATA, Key=SAMPLE, PartNumber=1)
    equal((parts["PartsCount"], parts["ContentLength"]), (1024, GIB), "the first part")


@check("ranges")
def ranges():
    equal(read(DATA, TILES, 5, 9), read(DATA, TILES, 0, 15)[5:10], "bytes 5 to 9")
    tail = s3.get_object(Bucket=DATA, Key=TILES, Range="bytes=-7")
    equal(tail["ContentRange"], f"bytes {64 * MIB - 7}-{64 * MIB - 1}/{64 * MIB}", "the tail")
    refused(416, "InvalidRange", read, bucket_name=DATA, key=TILES, first=64 * MIB, last=64 * MIB)


@check("put and get")
def put_and_get():
    body = "höchst klein".encode()
    made = s3.put_object(
        Bucket=BACKUP, Key="boto3/small", Body=body, ContentType="text/x-small", Metadata={"who": "me"},
        CacheControl="no-store", StorageClass="STANDARD_IA", Tagging="a=1&b=zwei%20drei",
    )
    equal(made["ETag"], f'"{hashlib.md5(body).hexdigest()}"', "the ETag")
    found = s3.get_object(Bucket=BACKUP, Key="boto3/small")
    equal(found["Body"].read(), body, "the body")
    kept = (found["ContentType"], found["Metadata"], found["CacheControl"], found["StorageClass"])
    equal(kept, ("text/x-small", {"who": "me"}, "no-store", "STANDARD_IA"), "what was kept")
    equal(found["TagCount"], 2, "the number of tags")
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    refused(400, "BadDigest", s3.put_object, Bucket=BACKUP, Key="boto3/bad", Body=body, ContentMD5=wrong)
    refused(412, "PreconditionFailed", s3.put_object, Bucket=BACKUP, Key="boto3/small", Body=b"", IfNoneMatch="*")


@check("checksums")
def checksums():
    for algorithm in ("CRC32", "SHA256", "CRC64NVME"):
        try:
            made = s3.put_object(Bucket=BACKUP, Key="boto3/sum", Body=b"123456789", ChecksumAlgorithm=algorithm)
        except Exception as problem:
            # Only a build of botocore with its C library knows the newest one.
            if type(problem).__name__ == "MissingDependencyException":
                continue
            raise
        name = f"Checksum{algorithm}"
        found = s3.get_object(Bucket=BACKUP, Key="boto3/sum", ChecksumMode="ENABLED")
        equal(found["Body"].read(), b"123456789", "the body")
        if algorithm in ("CRC32", "CRC64NVME"):
            equal(made[name], {"CRC32": "y/Q5Jg==", "CRC64NVME": "rosUhgp5mYg="}[algorithm], name)
        equal(found[name], made[name], name)
    refused(
        400, "BadDigest", s3.put_object, Bucket=BACKUP, Key="boto3/sum", Body=b"123456789", ChecksumCRC32="AAAAAA=="
    )


@check("streamed upload")
def streamed_upload():
    body = bytes(range(256)) * 4096 * 11
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=2)
    s3.upload_fileobj(io.BytesIO(body), BACKUP, "boto3/streamed", Config=config)
    found = s3.get_object(Bucket=BACKUP, Key="boto3/streamed")
    true(found["ETag"].endswith('-3"'), "the ETag does not tell of three parts")
    equal(hashlib.md5(found["Body"].read()).digest(), hashlib.md5(body).digest(), "the content")


@check("delete many")
def delete_many():
    keys = [f"boto3/many/{name}" for name in ("a", "b & <c>", "é\u2028", "+ %2F")]
    for key in keys:
        s3.put_object(Bucket=BACKUP, Key=key, Body=b"")
    objects = [{"Key": key} for key in [*keys, "boto3/many/never there"]]
    answer = s3.delete_objects(Bucket=BACKUP, Delete={"Objects": objects})
    equal(sorted(one["Key"] for one in answer["Deleted"]), sorted(one["Key"] for one in objects), "what is gone")
    equal(s3.list_objects_v2(Bucket=BACKUP, Prefix="boto3/many/")["KeyCount"], 0, "keys left")


@check("presigned")
def presigned():
    given = {"Bucket": BACKUP, "Key": "boto3/presigned é+ /x"}
    put = s3.generate_presigned_url("put_object", Params=given | {"ContentType": "text/x-given"}, ExpiresIn=60)
    sent = urllib.request.Request(put, data=b"by hand", method="PUT", headers={"Content-Type": "text/x-given"})
    urllib.request.urlopen(sent).close()
    shown = given | {"ResponseContentType": "text/x-shown", "ResponseContentDisposition": 'inline; filename="ä"'}
    get = s3.generate_presigned_url("get_object", Params=shown, ExpiresIn=60)
    with urllib.request.urlopen(get) as answer:
        equal((answer.read(), answer.headers["content-type"]), (b"by hand", "text/x-shown"), "the answer")
    short = s3.generate_presigned_url("get_object", Params=given, ExpiresIn=1)
    time.sleep(2.1)
    for url in (short, get.replace("presigned", "presigneD")):
        try:
            urllib.request.urlopen(url).close()
            raise AssertionError("a stale or changed URL was accepted")
        except urllib.error.HTTPError as error:
            equal(error.code, 403, "the status")


@check("odd keys")
def odd_keys():
    odd = bucket("odd-keys")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=odd, PaginationConfig={"PageSize": 7})
    keys = [row["Key"] for page in pages for row in page["Contents"]]
    true(len(keys) > 35, "odd keys are missing from the list")
    for key in keys:
        size = s3.head_object(Bucket=odd, Key=key)["ContentLength"]
        s3.copy_object(Bucket=BACKUP, Key=f"boto3/odd/{key}", CopySource=source(key, odd))
        equal(len(read(BACKUP, f"boto3/odd/{key}")), size, repr(key))
        s3.delete_object(Bucket=BACKUP, Key=f"boto3/odd/{key}")
    equal(s3.list_objects_v2(Bucket=BACKUP, Prefix="boto3/odd/")["KeyCount"], 0, "keys left")


@check("path style")
def path_style():
    direct = connect("path", checks.URL)
    equal(direct.head_object(Bucket=DATA, Key=TILES)["ContentLength"], 64 * MIB, "the size")
    direct.copy_object(Bucket=BACKUP, Key="boto3/path/../style", CopySource=source())
    true(direct.list_objects_v2(Bucket=BACKUP, Prefix="boto3/path/")["KeyCount"] == 1, "the copy is not there")
