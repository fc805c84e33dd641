"""Buckets, what is listed in them, and how refusals look."""

import checks
from checks import MIB, bucket, check, equal, true
from desk import BACKUP, DATA, PHOTOS, TILES, VERSIONS, connect, cos, head, pages, refused, source


@check("list buckets")
def list_buckets():
    every = cos.list_buckets()["Buckets"]["Bucket"]
    true({DATA, BACKUP, VERSIONS} <= {one["Name"] for one in every}, "an example bucket is missing")
    far = next(one for one in every if one["Name"] == bucket("far"))
    there = cos.list_buckets(Region=far["Location"])["Buckets"]["Bucket"]
    equal([one["Name"] for one in there], [bucket("far")], "the buckets of the far region")
    first = cos.list_buckets(MaxKeys=2)
    second = cos.list_buckets(MaxKeys=2, Marker=first["NextMarker"])
    names = [one["Name"] for page in (first, second) for one in page["Buckets"]["Bucket"]]
    equal(names, [one["Name"] for one in every][:4], "two pages")


@check("bucket facts")
def bucket_facts():
    equal(cos.get_bucket_location(DATA)["LocationConstraint"], f"cos.{checks.REGION}", "the location")
    equal(cos.get_bucket_versioning(VERSIONS)["Status"], "Enabled", "the versioning state")
    cos.put_bucket_versioning(PHOTOS, "Suspended")
    equal(cos.get_bucket_versioning(PHOTOS)["Status"], "Suspended", "the versioning state")
    equal(cos.head_bucket(DATA)["x-cos-bucket-region"], checks.REGION, "the region")
    true(cos.bucket_exists(DATA) and not cos.bucket_exists("nobody-1250000000"), "which buckets exist")


@check("list objects")
def list_objects():
    whole = cos.list_objects(DATA)["Contents"]
    paged = pages(cos.list_objects, ["Contents"], {"NextMarker": "Marker"}, Bucket=DATA, MaxKeys=2)
    equal([row["Key"] for row in paged], [row["Key"] for row in whole], "the paged list")
    row = next(row for row in whole if row["Key"] == TILES)
    equal((row["Size"], row["ETag"]), (str(64 * MIB), head(TILES, DATA)["ETag"]), "size and ETag")
    level = cos.list_objects(DATA, Delimiter="/")
    folders = [one["Prefix"] for one in level["CommonPrefixes"]]
    true("images/" in folders, "no folder images/")
    paged = pages(
        cos.list_objects, ["CommonPrefixes"], {"NextMarker": "Marker"}, Bucket=DATA, Delimiter="/", MaxKeys=1
    )
    equal([one["Prefix"] for one in paged], folders, "the paged folders")
    cold = cos.list_objects(bucket("archive"), Prefix="2019/")["Contents"][0]
    equal(cold["StorageClass"], "ARCHIVE", "the class")


@check("errors")
def errors():
    refused(404, "NoSuchResource", cos.head_object, DATA, "not there")
    refused(404, "NoSuchKey", cos.get_object, DATA, "not there")
    refused(404, "NoSuchBucket", cos.list_objects, "nobody-1250000000")
    refused(403, "AccessDenied", cos.list_objects, bucket("no-access"))
    refused(404, "NoSuchBucket", cos.list_objects, bucket("far"))
    true(not cos.object_exists(DATA, "not there"), "an object that is not there exists")


@check("a server in trouble")
def a_server_in_trouble():
    # The first answers 200 and an error in the body.
    refused(200, "InternalError", cos.copy_object, BACKUP, "faulty/late", source())
    refused(503, "SlowDown", cos.copy_object, BACKUP, "faulty/slow", source())
    true(not cos.object_exists(BACKUP, "faulty/late"), "it was copied all the same")


@check("wrong keys")
def wrong_keys():
    refused(403, "SignatureDoesNotMatch", connect(secret="wrong").list_objects, DATA)
    refused(403, "InvalidAccessKeyId", connect(key="AKIDwrong").list_objects, DATA)


@check("list uploads")
def list_uploads():
    whole = cos.list_multipart_uploads(bucket("orphans"))["Upload"]
    paged = pages(
        cos.list_multipart_uploads, ["Upload"],
        {"NextKeyMarker": "KeyMarker", "NextUploadIdMarker": "UploadIdMarker"},
        Bucket=bucket("orphans"), MaxUploads=2,
    )
    equal((len(whole), [one["UploadId"] for one in paged]), (7, [one["UploadId"] for one in whole]), "the uploads")
