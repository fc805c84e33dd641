"""What all rooms share: the client, the keys they use, and how an answer is judged."""

from qcloud_cos import CosConfig, CosS3Client, CosServiceError

import checks
from checks import MIB, bucket, equal, true

checks.name_localhost()

DATA, BACKUP, VERSIONS, PHOTOS = map(bucket, ("datasets", "backup", "versions", "photos"))
TILES, SAMPLE = "images/tiles-000.zip", "genome/sample-0001.bam"
ENDPOINT = f"cos.{checks.REGION}.localhost"
PART = 16 * MIB


def connect(key=checks.ACCESS_KEY, secret=checks.SECRET_KEY):
    return CosS3Client(
        CosConfig(Scheme="http", Endpoint=ENDPOINT, ServiceDomain=ENDPOINT, SecretId=key, SecretKey=secret), retry=0
    )


cos = connect()


def refused(status, code, call, *given, **arguments):
    """The call must end in this typed error."""
    try:
        call(*given, **arguments)
    except CosServiceError as error:
        equal((error.get_status_code(), error.get_error_code()), (status, code), "the error")
        return
    raise AssertionError(f"{code} was expected, and it succeeded")


def source(key=TILES, bucket_name=DATA, **more):
    return {"Bucket": bucket_name, "Key": key, "Endpoint": ENDPOINT} | more


def head(key, bucket_name=BACKUP, **more):
    return cos.head_object(bucket_name, key, **more)


def size(key, bucket_name=BACKUP, **more):
    return int(head(key, bucket_name, **more)["Content-Length"])


def read(key, bucket_name=BACKUP, **more):
    return cos.get_object(bucket_name, key, **more)["Body"].get_raw_stream().read()


def copy_parts(key, upload, parts=4, part=PART, **more):
    done = []
    for number in range(1, parts + 1):
        span = f"bytes={(number - 1) * part}-{number * part - 1}"
        answer = cos.upload_part_copy(BACKUP, key, number, upload, source(), span, **more)
        done.append({"PartNumber": number, "ETag": answer["ETag"]})
    return done


def uploads_of(key):
    return [one["UploadId"] for one in cos.list_multipart_uploads(BACKUP, Prefix=key).get("Upload", [])]


def pages(call, rows, markers, **arguments):
    """Every row of a paged list; `markers` leads from names in the answer to arguments."""
    found = []
    while True:
        page = call(**arguments)
        found += [row for kind in rows for row in page.get(kind, [])]
        if page["IsTruncated"] != "true":
            return found
        true(len(found) < 10_000, "the list does not end")
        arguments |= {argument: page[name] for name, argument in markers.items()}
