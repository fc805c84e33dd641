"""What hangs on an object: tags, grants, versions, keys, a thaw."""

import time

from obs import ExtensionGrant, GetObjectHeader, SseCHeader, SseKmsHeader, Versions

from checks import GIB, MIB, bucket, check, equal, true
from desk import (
    BACKUP, NATIVE, PHOTOS, VERSIONS, begin, complete, copy, copy_parts, done, head, obs, put, read, refused,
    size,
)


@check("tags")
def tags():
    put("obs-python/tags")
    wanted = {"owner": "lab 4:b&c+d", "kind": ""}
    done(obs.setObjectTagging(BACKUP, "obs-python/tags", wanted))
    found = done(obs.getObjectTagging(BACKUP, "obs-python/tags")).body.tags
    equal({tag.key: tag.value for tag in found}, wanted, "the tags")
    done(obs.deleteObjectTagging(BACKUP, "obs-python/tags"))
    equal(done(obs.getObjectTagging(BACKUP, "obs-python/tags")).body.tags, [], "the tags")


@check("access control lists")
def access_control_lists():
    put("obs-python/acl", acl="public-read")
    public = done(obs.getObjectAcl(BACKUP, "obs-python/acl")).body
    equal(sorted(grant.permission for grant in public.grants), ["FULL_CONTROL", "READ"], "the grants")
    done(obs.setObjectAcl(BACKUP, "obs-python/acl", aclControl="private"))
    private = done(obs.getObjectAcl(BACKUP, "obs-python/acl")).body
    equal([grant.permission for grant in private.grants], ["FULL_CONTROL"], "the grants")
    done(obs.setObjectAcl(BACKUP, "obs-python/acl", acl=public))
    again = done(obs.getObjectAcl(BACKUP, "obs-python/acl")).body
    equal(len(again.grants), 2, "the number of grants")
    put("obs-python/granted", extensionGrants=[ExtensionGrant("100000000002", "READ")])
    granted = done(obs.getObjectAcl(BACKUP, "obs-python/granted")).body.grants
    readers = [grant.grantee.grantee_id for grant in granted if grant.permission == "READ"]
    equal(readers, ["100000000002"], "the readers")
    done(obs.setBucketAcl(PHOTOS, aclControl="public-read"))
    equal(len(done(obs.getBucketAcl(PHOTOS)).body.grants) > 1, True, "a bucket with a grant to everyone")


@check("versions")
def versions():
    rows, asked = [], Versions(max_keys=2)
    while True:
        page = done(obs.listVersions(VERSIONS, asked)).body
        rows += page.versions + page.markers
        if not page.head.isTruncated:
            break
        asked.key_marker, asked.version_id_marker = page.head.nextKeyMarker, page.head.nextVersionIdMarker
    whole = done(obs.listVersions(VERSIONS)).body
    equal(len(rows), len(whole.versions) + len(whole.markers), "rows in pages")
    oldest = [row for row in whole.versions if row.key == "report.txt"][-1].versionId
    equal(read("report.txt", VERSIONS, version=oldest), b"First draft.\n", "the oldest version")
    copied = done(copy("obs-python/old", "report.txt", VERSIONS, version=oldest))
    equal(copied.body.copySourceVersionId, oldest, "the version copied")
    equal(read("obs-python/old"), b"First draft.\n", "the copy")
    marker = next(row for row in whole.markers if row.key == "minutes.txt").versionId
    refused(404, "NoSuchKey", copy("obs-python/x", "minutes.txt", VERSIONS))
    equal(copy("obs-python/x", "minutes.txt", VERSIONS, version=marker).status, 400, "the status of a marker")


@check("version life")
def version_life():
    key = "obs-python/life"
    first, second = (put(key, body, VERSIONS).body.versionId for body in ("1", "2"))
    marker = done(obs.deleteObject(VERSIONS, key)).body
    true(marker.deleteMarker, "no delete marker was made")
    equal(obs.getObjectMetadata(VERSIONS, key).status, 404, "the status")
    done(obs.deleteObject(VERSIONS, key, marker.versionId))
    equal(head(key, VERSIONS).body.versionId, second, "the current version")
    done(obs.deleteObject(VERSIONS, key, second))
    equal(read(key, VERSIONS), b"1", "what is left")
    done(obs.deleteObject(VERSIONS, key, first))
    equal(done(obs.listVersions(VERSIONS, Versions(prefix="obs-python/"))).body.versions, [], "versions left")


@check("encryption")
def encryption():
    put("obs-python/kms", sseHeader=SseKmsHeader.getInstance())
    equal(head("obs-python/kms").body.sseKms, "kms" if NATIVE else "aws:kms", "SSE-KMS")
    made = done(copy("obs-python/kms 2", destSseHeader=SseKmsHeader.getInstance("demo-key")))
    true(made.body.sseKms, "the copy does not tell of its encryption")


@check("customer keys")
def customer_keys():
    one, two = (SseCHeader.getInstance(letter * 32) for letter in "12")
    key = "obs-python/sse-c"
    put(key, "secret", sseHeader=one)
    equal(read(key, secret=one), b"secret", "the body")
    for secret in (None, two):
        answer = obs.getObject(BACKUP, key, headers=GetObjectHeader(sseHeader=secret))
        true(answer.status in (400, 403), f"the status without the key is {answer.status}")
    done(copy(f"{key} 2", key, BACKUP, sourceSseHeader=one, destSseHeader=two))
    equal(read(f"{key} 2", secret=two), b"secret", "the copy")
    upload = begin(key, sseHeader=two)
    done(complete(key, upload, copy_parts(key, upload, destSseHeader=two)))
    equal(size(key, sseHeader=two), 64 * MIB, "the size")


@check("restore")
def restore():
    archive, key = bucket("archive"), "2019/ledger.tar"
    refused(403, "InvalidObjectState", obs.getObject(archive, key))
    refused(403, "InvalidObjectState", copy("obs-python/cold", key, archive))
    done(obs.restoreObject(archive, key, 1, "Expedited"))
    refused(409, "RestoreAlreadyInProgress", obs.restoreObject(archive, key, 1, "Expedited"))
    deadline = time.monotonic() + 20
    while 'ongoing-request="true"' in head(key, archive).body.restore:
        true(time.monotonic() < deadline, "the thaw does not end")
        time.sleep(0.5)
    done(copy("obs-python/thawed", key, archive))
    equal(size("obs-python/thawed"), 2 * GIB, "the size")
