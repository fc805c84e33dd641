"""Objects read, written, deleted, and named as oddly as can be."""

import base64
import hashlib
import io
import urllib.error
import urllib.request

from checks import MIB, bucket, check, equal, true
from desk import BACKUP, DATA, SAMPLE, TILES, cos, head, pages, read, refused, size, source


@check("head")
def head_object():
    found = head(SAMPLE, DATA)
    equal(found["Content-Length"], str(1 << 40), "the size")
    equal(found["x-cos-meta-sequencer"], "Example 9000", "metadata")
    equal(found["Content-Language"], "en", "the language")
    true(found["ETag"].endswith('-1024"'), "the ETag does not tell of parts")
    true(int(found["x-cos-hash-crc64ecma"]) > 0, "no CRC-64")
    equal(head("checkpoints/model.safetensors", DATA)["x-cos-storage-class"], "STANDARD_IA", "the class")
    true("x-cos-storage-class" not in head(TILES, DATA), "the standard class is told")


@check("ranges")
def ranges():
    equal(read(TILES, DATA, Range="bytes=5-9"), read(TILES, DATA, Range="bytes=0-15")[5:10], "bytes 5 to 9")
    refused(416, "InvalidRange", cos.get_object, DATA, TILES, Range=f"bytes={64 * MIB}-")


@check("put and get")
def put_and_get():
    body = "höchst klein".encode()
    made = cos.put_object(
        BACKUP, body, "cos-python/small", EnableMD5=True, ContentType="text/x-small", CacheControl="no-store",
        Metadata={"x-cos-meta-who": "me"}, StorageClass="STANDARD_IA", Tagging="a=1&b=zwei%20drei",
    )
    equal(made["ETag"], f'"{hashlib.md5(body).hexdigest()}"', "the ETag")
    found = cos.get_object(BACKUP, "cos-python/small")
    equal(found["Body"].get_raw_stream().read(), body, "the body")
    kept = [found[name] for name in ("Content-Type", "x-cos-meta-who", "Cache-Control", "x-cos-storage-class")]
    equal(kept, ["text/x-small", "me", "no-store", "STANDARD_IA"], "what was kept")
    wrong = base64.b64encode(hashlib.md5(b"other").digest())
    refused(400, "BadDigest", cos.put_object, BACKUP, body, "cos-python/bad", ContentMD5=wrong)


@check("uploads in parts")
def uploads_in_parts():
    body = bytes(range(256)) * 4096 * 5
    cos.upload_file_from_buffer(BACKUP, "cos-python/buffer", io.BytesIO(body), PartSize=2, MAXThread=2)
    found = cos.get_object(BACKUP, "cos-python/buffer")
    true(found["ETag"].endswith('-3"'), "the ETag does not tell of three parts")
    content = found["Body"].get_raw_stream().read()
    equal(hashlib.md5(content).digest(), hashlib.md5(body).digest(), "the content")


@check("delete many")
def delete_many():
    keys = [f"cos-python/many/{name}" for name in ("a", "b & <c>", "é", "+ %2F")]
    for key in keys:
        cos.put_object(BACKUP, b"", key)
    objects = [{"Key": key} for key in [*keys, "cos-python/many/never there"]]
    answer = cos.delete_objects(BACKUP, {"Object": objects, "Quiet": "false"})
    equal(sorted(one["Key"] for one in answer["Deleted"]), sorted(one["Key"] for one in objects), "what is gone")
    true("Contents" not in cos.list_objects(BACKUP, Prefix="cos-python/many/"), "keys are left")


@check("presigned")
def presigned():
    key = "cos-python/presigned é+ /x"
    put = cos.get_presigned_url(BACKUP, key, "PUT", Expired=60)
    urllib.request.urlopen(urllib.request.Request(put, data=b"by hand", method="PUT")).close()
    get = cos.get_presigned_download_url(BACKUP, key, Expired=60, Params={"response-content-type": "text/x-shown"})
    with urllib.request.urlopen(get) as answer:
        equal((answer.read(), answer.headers["content-type"]), (b"by hand", "text/x-shown"), "the answer")
    stale = cos.get_presigned_url(BACKUP, key, "GET", Expired=-10)
    for url in (stale, get.replace("presigned", "presigneD")):
        try:
            urllib.request.urlopen(url).close()
            raise AssertionError("a stale or changed URL was accepted")
        except urllib.error.HTTPError as error:
            equal(error.code, 403, "the status")


@check("odd keys")
def odd_keys():
    odd = bucket("odd-keys")
    # This SDK asks for encoded keys, and sends `./` as `.%2F`, so that nothing takes a key for a path.
    rows = pages(cos.list_objects, ["Contents"], {"NextMarker": "Marker"}, Bucket=odd, MaxKeys=7)
    keys = [row["Key"] for row in rows]
    true(len(keys) > 35, "odd keys are missing from the list")
    for key in keys:
        if key.endswith(".."):
            continue  # `requests` would ask for the folder above.
        found = size(key, odd)
        cos.copy_object(BACKUP, f"cos-python/odd/{key}", source(key, odd))
        equal(len(read(f"cos-python/odd/{key}", KeySimplifyCheck=False)), found, repr(key))
        cos.delete_object(BACKUP, f"cos-python/odd/{key}")
    true("Contents" not in cos.list_objects(BACKUP, Prefix="cos-python/odd/"), "keys are left")
