"""What all rooms share: the client, the keys they use, and how an answer is judged."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import checks
from checks import MIB, bucket, equal

checks.name_localhost()

DATA, BACKUP, VERSIONS, PHOTOS = map(bucket, ("datasets", "backup", "versions", "photos"))
TILES, SAMPLE = "images/tiles-000.zip", "genome/sample-0001.bam"
PART = 16 * MIB


def connect(style="virtual", endpoint=f"http://s3.{checks.REGION}.localhost", **changes):
    given = {
        "aws_access_key_id": checks.ACCESS_KEY,
        "aws_secret_access_key": checks.SECRET_KEY,
        "region_name": checks.REGION,
    }
    # Left alone, it signs URLs with the older version that new regions no longer take.
    config = Config(
        signature_version="s3v4", s3={"addressing_style": style}, retries={"total_max_attempts": 1}
    )
    return boto3.client("s3", endpoint_url=endpoint, config=config, **(given | changes))


s3 = connect()


def refused(status, code, call, **arguments):
    """The call must end in this typed error."""
    try:
        call(**arguments)
    except ClientError as error:
        found = (error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"])
        equal(found, (status, code), "the error")
        return error
    raise AssertionError(f"{code} was expected, and it succeeded")


def read(bucket_name, key, first=None, last=None, **more):
    if first is not None:
        more["Range"] = f"bytes={first}-{last}"
    return s3.get_object(Bucket=bucket_name, Key=key, **more)["Body"].read()


def source(key=TILES, bucket_name=DATA, **more):
    return {"Bucket": bucket_name, "Key": key} | more


def copy_parts(key, upload, parts=4, from_key=TILES, part=PART, **more):
    """Copies the first bytes of an object as parts; the list that Complete wants."""
    done = []
    for number in range(1, parts + 1):
        span = f"bytes={(number - 1) * part}-{number * part - 1}"
        answer = s3.upload_part_copy(
            Bucket=BACKUP, Key=key, UploadId=upload, PartNumber=number,
            CopySource=source(from_key), CopySourceRange=span, **more,
        )
        done.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
    return done


def uploads_of(key):
    listed = s3.list_multipart_uploads(Bucket=BACKUP, Prefix=key).get("Uploads", [])
    return [upload["UploadId"] for upload in listed]
