"""esdk-obs-python against the OBS endpoint: virtual hosts, native signatures or Signature V2.

The one argument is `obs` or `v2`. This SDK never raises on a refusal: it answers with the status.
"""

from obs import DeleteObjectsRequest, Object, const

import checks
from checks import check, equal
from desk import BACKUP, done, keys_of, obs, uploads_of

# Each room brings its checks; they run in this order, and the cleaning last.
import buckets  # noqa: F401
import objects  # noqa: F401
import copies  # noqa: F401
import attached  # noqa: F401


@check("clean up")
def clean_up():
    mine = [Object(row.key) for row in keys_of(BACKUP)]
    done(obs.deleteObjects(BACKUP, DeleteObjectsRequest(True, mine)))
    equal(keys_of(BACKUP), [], "keys left")
    equal(uploads_of("obs-python/"), [], "open uploads")


checks.run("esdk-obs-python", const.OBS_SDK_VERSION)
