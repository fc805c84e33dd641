"""Copies whole and in parts, with conditions; uploads aborted and refused."""

import hashlib

from obs import CompletePart

from checks import GIB, MIB, check, equal, true
from desk import (
    BACKUP, COLD, DATA, PART, SAMPLE, TILES, WARM, begin, complete, copy, copy_parts, done, head, header, obs,
    read, refused, size, uploads_of,
)


@check("copy")
def copy_object():
    made = done(copy("obs-python/copy"))
    equal((made.body.etag, size("obs-python/copy")), (head("obs-python/copy").body.etag, 64 * MIB), "ETag and size")
    edge = f"{MIB}-{MIB + 99}"
    equal(read("obs-python/copy", span=edge), read(TILES, DATA, edge), "the content")
    done(obs.putContent(BACKUP, "obs-python/from", "x", {"old": "1"}))
    done(copy("obs-python/kept", "obs-python/from", BACKUP))
    equal(header(head("obs-python/kept"), "old"), "1", "metadata kept")
    given = {"directive": "REPLACE", "storageClass": "COLD"}
    done(copy("obs-python/new", "obs-python/from", BACKUP, {"new": "2"}, **given))
    found = head("obs-python/new")
    equal((header(found, "new"), header(found, "old")), ("2", None), "metadata replaced")
    equal(found.body.storageClass, COLD, "the class")
    equal(copy("obs-python/huge", SAMPLE).status, 400, "the status of a copy over 5 GiB")
    refused(404, "NoSuchKey", copy("obs-python/nothing", "not there"))


@check("copy conditions")
def copy_conditions():
    # Without its quotes: this SDK percent-encodes every header, and would send %22 for them.
    etag = head(TILES, DATA).body.etag.strip('"')
    past, future = "Tue, 01 Jan 2019 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    for given in ({"if_match": "0123"}, {"if_none_match": etag}, {"if_unmodified_since": past}):
        refused(412, "PreconditionFailed", copy("obs-python/if", **given))
    done(copy("obs-python/if", if_match=etag, if_unmodified_since=future))
    done(copy("obs-python/if", if_none_match="0123", if_modified_since=past))


@check("multipart copy")
def multipart_copy():
    key = "obs-python/multipart"
    upload = begin(key, metadata={"by": "parts"}, contentType="application/zip", storageClass="WARM")
    made = copy_parts(key, upload)
    first = done(obs.listParts(BACKUP, key, upload, maxParts=3)).body
    true(first.isTruncated, "three of four parts are all")
    second = done(obs.listParts(BACKUP, key, upload, partNumberMarker=first.nextPartNumberMarker)).body
    listed = [(one.partNumber, one.etag, one.size) for one in first.parts + second.parts]
    equal(listed, [(one.partNum, one.etag, PART) for one in made], "the parts")
    whole = done(complete(key, upload, made)).body
    digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in made)
    equal(whole.etag, f'"{hashlib.md5(digests).hexdigest()}-4"', "the ETag")
    found = head(key)
    equal((found.body.etag, found.body.contentLength), (whole.etag, 64 * MIB), "the object")
    kept = (header(found, "by"), found.body.contentType, found.body.storageClass)
    equal(kept, ("parts", "application/zip", WARM), "what Create said")
    edge = f"{PART - 50}-{PART + 49}"
    equal(read(key, span=edge), read(TILES, DATA, edge), "the content across two parts")
    equal(uploads_of(key), [], "open uploads")


@check("abort")
def abort():
    key = "obs-python/abort"
    upload = begin(key)
    copy_parts(key, upload, parts=1)
    equal(uploads_of(key), [upload], "open uploads")
    done(obs.abortMultipartUpload(BACKUP, key, upload))
    equal(uploads_of(key), [], "open uploads")
    refused(404, "NoSuchUpload", obs.listParts(BACKUP, key, upload))
    refused(404, "NoSuchUpload", obs.abortMultipartUpload(BACKUP, key, upload))
    equal(obs.getObjectMetadata(BACKUP, key).status, 404, "the status of no object")


@check("complete refuses")
def complete_refuses():
    key = "obs-python/refused"
    upload = begin(key)
    # This SDK puts the parts in order by itself, so a wrong order cannot be tried.
    made = copy_parts(key, upload, parts=2, part=MIB)
    refused(400, "InvalidPart", complete(key, upload, [CompletePart(1, '"' + "0" * 32 + '"')]))
    small = done(obs.copyPart(BACKUP, key, 1, upload, f"/{DATA}/{TILES}", "0-99")).body
    refused(400, "EntityTooSmall", complete(key, upload, [CompletePart(1, small.etag), made[1]]))
    true(obs.copyPart(BACKUP, key, 1, upload, f"/{DATA}/{TILES}", f"0-{64 * MIB}").status in (400, 416), "past the end")
    done(obs.abortMultipartUpload(BACKUP, key, upload))


@check("huge multipart copy")
def huge_multipart_copy():
    key, huge = "obs-python/huge", f"/{DATA}/genome/sample-0002.bam"
    upload = begin(key)
    made = []
    for number in range(1, 6):
        span = f"{(number - 1) * 4 * GIB}-{number * 4 * GIB - 1}"
        made.append(CompletePart(number, done(obs.copyPart(BACKUP, key, number, upload, huge, span)).body.etag))
    done(complete(key, upload, made))
    equal(size(key), 20 * GIB, "the size")
