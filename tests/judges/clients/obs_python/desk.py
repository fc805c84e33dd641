"""What all rooms share: the client, the keys they use, and how an answer is judged."""

import sys

from obs import (
    CompleteMultipartUploadRequest, CompletePart, CopyObjectHeader, GetObjectHeader, GetObjectRequest,
    ListMultipartUploadsRequest, ObsClient, PutObjectHeader,
)

import checks
from checks import MIB, bucket, equal

checks.name_localhost()

NATIVE = sys.argv[1] == "obs"
DATA, BACKUP, VERSIONS, PHOTOS = map(bucket, ("datasets", "backup", "versions", "photos"))
TILES, SAMPLE = "images/tiles-000.zip", "genome/sample-0001.bam"
WARM, COLD = ("WARM", "COLD") if NATIVE else ("STANDARD_IA", "GLACIER")
PART = 16 * MIB


def connect(server=f"http://obs.{checks.REGION}.localhost", key=checks.ACCESS_KEY, secret=checks.SECRET_KEY, **more):
    # The native form is found out by asking the server, as this SDK does by itself.
    more |= {"signature": sys.argv[1], "is_signature_negotiation": NATIVE, "max_retry_count": 0}
    return ObsClient(access_key_id=key, secret_access_key=secret, server=server, **more)


obs = connect()


def done(answer):
    """The answer, which must be good."""
    if answer.status >= 300:
        raise AssertionError(f"refused with {answer.status} {answer.errorCode}: {answer.errorMessage}")
    return answer


def refused(status, code, answer):
    equal((answer.status, answer.errorCode), (status, code), "the refusal")


def header(answer, name):
    return dict(answer.header).get(name)


def head(key, bucket_name=BACKUP, **more):
    return done(obs.getObjectMetadata(bucket_name, key, **more))


def size(key, bucket_name=BACKUP, **more):
    return head(key, bucket_name, **more).body.contentLength


def read(key, bucket_name=BACKUP, span=None, version=None, secret=None):
    wanted = GetObjectRequest(versionId=version) if version else None
    headers = GetObjectHeader(range=span, sseHeader=secret)
    answer = obs.getObject(bucket_name, key, getObjectRequest=wanted, headers=headers, loadStreamInMemory=True)
    return done(answer).body.buffer or b""


def put(key, content="x", bucket_name=BACKUP, **more):
    return done(obs.putContent(bucket_name, key, content, headers=PutObjectHeader(**more)))


def copy(key, from_key=TILES, from_bucket=DATA, metadata=None, version=None, **more):
    return obs.copyObject(from_bucket, from_key, BACKUP, key, metadata, CopyObjectHeader(**more), version)


def begin(key, **more):
    return done(obs.initiateMultipartUpload(BACKUP, key, **more)).body.uploadId


def copy_parts(key, upload, parts=4, part=PART, **more):
    made = []
    for number in range(1, parts + 1):
        span = f"{(number - 1) * part}-{number * part - 1}"
        answer = done(obs.copyPart(BACKUP, key, number, upload, f"/{DATA}/{TILES}", span, **more))
        made.append(CompletePart(number, answer.body.etag))
    return made


def complete(key, upload, parts):
    return obs.completeMultipartUpload(BACKUP, key, upload, CompleteMultipartUploadRequest(parts))


def uploads_of(prefix, bucket_name=BACKUP, **more):
    """Every open upload, page by page."""
    found, asked = [], ListMultipartUploadsRequest(prefix=prefix, **more)
    while True:
        page = done(obs.listMultipartUploads(bucket_name, asked)).body
        found += [one.uploadId for one in page.upload]
        if not page.isTruncated:
            return found
        asked.key_marker, asked.upload_id_marker = page.nextKeyMarker, page.nextUploadIdMarker


def keys_of(bucket_name, prefix=None, page_size=None):
    """Every row, page by page; keys travel encoded."""
    found, marker = [], None
    while True:
        page = done(obs.listObjects(bucket_name, prefix, marker, page_size, encoding_type="url")).body
        found += page.contents
        if not page.is_truncated:
            return found
        marker = page.next_marker
