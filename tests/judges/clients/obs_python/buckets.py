"""Buckets, what is listed in them, and how refusals look."""

import checks
from checks import MIB, bucket, check, equal, true
from desk import (
    BACKUP, COLD, DATA, PHOTOS, TILES, VERSIONS, connect, copy, done, head, keys_of, obs, refused, uploads_of,
)


@check("list buckets")
def list_buckets():
    every = done(obs.listBuckets()).body.buckets
    true({DATA, BACKUP, VERSIONS} <= {one.name for one in every}, "an example bucket is missing")
    far = next(one for one in every if one.name == bucket("far"))
    true(far.location and far.location != checks.REGION, "the far bucket's region is home")
    first = done(obs.listBuckets(maxKeys=2)).body
    second = done(obs.listBuckets(maxKeys=2, marker=first.nextMarker)).body
    names = [one.name for page in (first, second) for one in page.buckets]
    equal(names, [one.name for one in every][:4], "two pages")


@check("bucket facts")
def bucket_facts():
    equal(done(obs.getBucketLocation(DATA)).body.location, checks.REGION, "the location")
    equal(done(obs.getBucketVersioning(VERSIONS)).body, "Enabled", "the versioning state")
    done(obs.setBucketVersioning(PHOTOS, "Suspended"))
    equal(done(obs.getBucketVersioning(PHOTOS)).body, "Suspended", "the versioning state")
    equal(done(obs.getBucketMetadata(DATA)).body.location, checks.REGION, "the region")
    equal(obs.headBucket("nobody-has-this").status, 404, "the status of no bucket")


@check("list objects")
def list_objects():
    whole = done(obs.listObjects(DATA)).body
    equal([row.key for row in keys_of(DATA, page_size=2)], [row.key for row in whole.contents], "the paged list")
    row = next(row for row in whole.contents if row.key == TILES)
    equal((row.size, row.etag), (64 * MIB, head(TILES, DATA).body.etag), "size and ETag")
    level = done(obs.listObjects(DATA, delimiter="/")).body
    folders = [one.prefix for one in level.commonPrefixs]
    true("images/" in folders, "no folder images/")
    paged, marker = [], None
    for _ in folders:
        page = done(obs.listObjects(DATA, None, marker, 1, "/")).body
        paged += [one.prefix for one in page.commonPrefixs]
        marker = page.next_marker
    equal(paged, folders, "the paged folders")
    equal(keys_of(bucket("archive"), "2019/")[0].storageClass, COLD, "the class")


@check("errors")
def errors():
    equal(obs.getObjectMetadata(DATA, "not there").status, 404, "the status of no object")
    refused(404, "NoSuchKey", obs.getObject(DATA, "not there"))
    refused(403, "AccessDenied", obs.listObjects(bucket("no-access")))
    answer = obs.listObjects("nobody-has-this")
    equal(answer.status, 404, "the status of no bucket")
    true(answer.requestId, "a refusal has no request id")


@check("a server in trouble")
def a_server_in_trouble():
    # The first answers 200 and an error in the body, in which this SDK finds no ETag.
    equal(copy("faulty/late").body.etag, None, "the ETag in an error")
    refused(503, "SlowDown", copy("faulty/slow"))
    equal(obs.getObjectMetadata(BACKUP, "faulty/late").status, 404, "the status of no object")


@check("wrong keys")
def wrong_keys():
    refused(403, "SignatureDoesNotMatch", connect(secret="wrong").listObjects(DATA))
    refused(403, "InvalidAccessKeyId", connect(key="WRONG").listObjects(DATA))


@check("another region")
def another_region():
    far = next(one for one in done(obs.listBuckets()).body.buckets if one.name == bucket("far"))
    true(300 <= obs.listObjects(far.name).status < 500, "a bucket of another region is listed here")
    there = connect(f"http://obs.{far.location}.localhost")
    true(done(there.listObjects(far.name)).body.contents, "nothing in the far bucket")


@check("list uploads")
def list_uploads():
    whole = done(obs.listMultipartUploads(bucket("orphans"))).body.upload
    paged = uploads_of(None, bucket("orphans"), max_uploads=2)
    equal((len(whole), paged), (7, [one.uploadId for one in whole]), "the uploads")
