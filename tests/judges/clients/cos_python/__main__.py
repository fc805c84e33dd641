"""cos-python-sdk-v5 against the COS endpoint: virtual hosts, q-sign signatures."""

import qcloud_cos

import checks
from checks import check, equal, true
from desk import BACKUP, cos, pages, uploads_of

# Each room brings its checks; they run in this order, and the cleaning last.
import buckets  # noqa: F401
import objects  # noqa: F401
import copies  # noqa: F401
import attached  # noqa: F401


@check("clean up")
def clean_up():
    mine = pages(cos.list_objects, ["Contents"], {"NextMarker": "Marker"}, Bucket=BACKUP)
    cos.delete_objects(BACKUP, {"Object": [{"Key": row["Key"]} for row in mine], "Quiet": "true"})
    true("Contents" not in cos.list_objects(BACKUP), "keys are left")
    equal(uploads_of("cos-python/"), [], "open uploads")


checks.run("cos-python-sdk-v5", qcloud_cos.version.__version__)
