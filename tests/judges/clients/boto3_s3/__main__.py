"""boto3 against the S3 endpoint: virtual hosts, Signature Version 4."""

import boto3

import checks
from checks import check, equal
from desk import BACKUP, s3, uploads_of

# Each room brings its checks; they run in this order, and the cleaning last.
import buckets  # noqa: F401
import objects  # noqa: F401
import copies  # noqa: F401
import attached  # noqa: F401


@check("clean up")
def clean_up():
    paged = s3.get_paginator("list_objects_v2").paginate(Bucket=BACKUP)
    mine = [{"Key": row["Key"]} for page in paged for row in page.get("Contents", [])]
    s3.delete_objects(Bucket=BACKUP, Delete={"Objects": mine, "Quiet": True})
    equal(s3.list_objects_v2(Bucket=BACKUP)["KeyCount"], 0, "keys left")
    equal(uploads_of("boto3/"), [], "open uploads")


checks.run("boto3", boto3.__version__)
