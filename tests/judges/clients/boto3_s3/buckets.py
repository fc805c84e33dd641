"""Buckets, what is listed in them, and how refusals look."""

import checks
from checks import MIB, bucket, check, equal, true
from desk import BACKUP, DATA, PHOTOS, TILES, VERSIONS, connect, refused, s3, source


@check("list buckets")
def list_buckets():
    every = s3.list_buckets()["Buckets"]
    true({DATA, BACKUP, VERSIONS} <= {one["Name"] for one in every}, "an example bucket is missing")
    pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 3})
    paged = [one for page in pages for one in page["Buckets"]]
    equal([one["Name"] for one in paged], [one["Name"] for one in every], "the paged list")
    far = next(one for one in paged if one["Name"] == bucket("far"))
    true(far["BucketRegion"] != checks.REGION, "the far bucket's region is home")


@check("bucket facts")
def bucket_facts():
    equal(s3.get_bucket_location(Bucket=DATA)["LocationConstraint"], None, "the location")
    equal(s3.get_bucket_versioning(Bucket=VERSIONS)["Status"], "Enabled", "the versioning state")
    true("Status" not in s3.get_bucket_versioning(Bucket=PHOTOS), "versioning was never on")
    s3.put_bucket_versioning(Bucket=PHOTOS, VersioningConfiguration={"Status": "Suspended"})
    equal(s3.get_bucket_versioning(Bucket=PHOTOS)["Status"], "Suspended", "the versioning state")
    equal(s3.head_bucket(Bucket=DATA)["BucketRegion"], checks.REGION, "the region")


@check("list objects")
def list_objects():
    for operation in ("list_objects", "list_objects_v2"):
        whole = getattr(s3, operation)(Bucket=DATA)["Contents"]
        pages = s3.get_paginator(operation).paginate(Bucket=DATA, PaginationConfig={"PageSize": 2})
        paged = [one for page in pages for one in page["Contents"]]
        equal([one["Key"] for one in paged], [one["Key"] for one in whole], operation)
        row = next(one for one in whole if one["Key"] == TILES)
        equal(row["Size"], 64 * MIB, "the size")
        equal(row["ETag"], s3.head_object(Bucket=DATA, Key=TILES)["ETag"], "the ETag")
        level = getattr(s3, operation)(Bucket=DATA, Delimiter="/")
        folders = [one["Prefix"] for one in level["CommonPrefixes"]]
        true("images/" in folders, "no folder images/")
        pages = s3.get_paginator(operation).paginate(Bucket=DATA, Delimiter="/", PaginationConfig={"PageSize": 1})
        equal([one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])], folders, "paged folders")
    cold = s3.list_objects_v2(Bucket=bucket("archive"), Prefix="2019/")["Contents"][0]
    equal(cold["StorageClass"], "GLACIER", "the class")


@check("errors")
def errors():
    refused(404, "404", s3.head_object, Bucket=DATA, Key="not there")
    for wanted, call in (
        (s3.exceptions.NoSuchKey, lambda: s3.get_object(Bucket=DATA, Key="not there")),
        (s3.exceptions.NoSuchBucket, lambda: s3.list_objects_v2(Bucket="no-such-bucket-here")),
    ):
        try:
            call()
            raise AssertionError(f"{wanted.__name__} was expected")
        except wanted:
            pass
    refused(403, "AccessDenied", s3.list_objects_v2, Bucket=bucket("no-access"))
    refused(400, "InvalidArgument", s3.list_objects_v2, Bucket=DATA, ContinuationToken="!")


@check("a server in trouble")
def a_server_in_trouble():
    # The first answers 200 and an error in the body.
    refused(500, "InternalError", s3.copy_object, Bucket=BACKUP, Key="faulty/late", CopySource=source())
    refused(503, "SlowDown", s3.copy_object, Bucket=BACKUP, Key="faulty/slow", CopySource=source())
    refused(404, "404", s3.head_object, Bucket=BACKUP, Key="faulty/late")


@check("wrong keys")
def wrong_keys():
    refused(403, "SignatureDoesNotMatch", connect(aws_secret_access_key="wrong").list_buckets)
    refused(403, "InvalidAccessKeyId", connect(aws_access_key_id="AKIAWRONG").list_buckets)


@check("another region")
def another_region():
    # boto3 is told the right region by the answer, and signs again for it.
    listed = s3.list_objects_v2(Bucket=bucket("far"))
    true(listed["KeyCount"] > 0, "nothing in the far bucket")


@check("list uploads")
def list_uploads():
    given = {"Bucket": bucket("orphans")}
    whole = s3.list_multipart_uploads(**given)["Uploads"]
    pages = s3.get_paginator("list_multipart_uploads").paginate(**given, PaginationConfig={"PageSize": 2})
    paged = [one["UploadId"] for page in pages for one in page["Uploads"]]
    equal((len(whole), paged), (7, [one["UploadId"] for one in whole]), "the uploads")
