"""rclone against the S3 endpoint with Signature V4, or against the OBS endpoint with Signature V2.

The one argument is `s3` or `v2`. rclone is a program, so it is told everything by its environment.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import checks
from checks import GIB, MIB, bucket, check, equal, true

V4 = sys.argv[1] == "s3"
DATA, BACKUP, VERSIONS = (f"demo:{bucket(word)}" for word in ("datasets", "backup", "versions"))
COLD = f"demo:{bucket('archive')}/2019"
TILES, SAMPLE = "images/tiles-000.zip", "genome/sample-0001.bam"

FOLDER = tempfile.TemporaryDirectory()
RCLONE = os.path.join(os.path.dirname(sys.executable), "rclone")
CONFIG = os.path.join(FOLDER.name, "rclone.conf")
with open(CONFIG, "w", encoding="utf-8") as file:
    file.write(
        f"[demo]\ntype = s3\nprovider = Other\nendpoint = {checks.URL}\nregion = {checks.REGION}\n"
        f"access_key_id = {checks.ACCESS_KEY}\nsecret_access_key = {checks.SECRET_KEY}\n"
        f"v2_auth = {str(not V4).lower()}\nno_check_bucket = true\n"
    )


def attempt(*words, body=None):
    """Runs it once, without its own second tries."""
    patience = ["--config", CONFIG, "--retries", "1", "--low-level-retries", "1", "--use-json-log=false"]
    return subprocess.run([RCLONE, *words, *patience], input=body, capture_output=True, timeout=60, check=False)


def rclone(*words, body=None):
    """What it printed; it must succeed."""
    ended = attempt(*words, body=body)
    if ended.returncode != 0:
        raise AssertionError(f"rclone {' '.join(words)}: {ended.stderr.decode().strip()[-400:]}")
    return ended.stdout


def told(*words):
    return json.loads(rclone(*words))


def refused(code, *words):
    """It must fail, and know why."""
    ended = attempt(*words)
    true(ended.returncode != 0, f"{code} was expected, and it succeeded")
    true(code in ended.stderr.decode(), f"it does not speak of {code}: {ended.stderr.decode()[-300:]}")


def rows(place, *more):
    return told("lsjson", place, "--recursive", "--files-only", *more)


def stat(place, *more):
    """One object; rclone takes a place without one for a folder."""
    found = told("lsjson", place, "--stat", *more)
    true(not found["IsDir"], f"{place} is not there")
    return found


def cat(place, first, count, *more):
    return rclone("cat", place, "--offset", str(first), "--count", str(count), *more)


def put(name, body=b"x", *more):
    rclone("rcat", f"{BACKUP}/rclone/{name}", *more, body=body)


def uploads(place):
    (found,) = told("backend", "list-multipart-uploads", place).values()
    return found or []


@check("list buckets")
def list_buckets():
    names = {row["Name"] for row in told("lsjson", "demo:")}
    true({bucket(word) for word in ("datasets", "backup", "versions")} <= names, "an example bucket is missing")


@check("list objects")
def list_objects():
    whole = rows(DATA)
    for version in ("1", "2"):
        paged = rows(DATA, "--s3-list-version", version, "--s3-list-chunk", "2")
        equal([row["Path"] for row in paged], [row["Path"] for row in whole], f"the paged list, version {version}")
    equal(next(row for row in whole if row["Path"] == TILES)["Size"], 64 * MIB, "the size")
    true("images/" in rclone("lsf", DATA).decode().split(), "no folder images/")


@check("head")
def head():
    found = stat(f"{DATA}/{SAMPLE}", "--metadata")
    equal(found["Size"], 1 << 40, "the size")
    kept = found["Metadata"]
    equal((kept["sequencer"], kept["content-language"]), ("Example 9000", "en"), "metadata")
    model = stat(f"{DATA}/checkpoints/model.safetensors", "--metadata")
    equal(model["Metadata"]["tier"], "STANDARD_IA", "the class")


@check("errors")
def errors():
    refused("directory not found", "lsjson", "demo:nobody-has-this-bucket")
    refused("AccessDenied", "lsjson", f"demo:{bucket('no-access')}")
    refused("object not found", "deletefile", f"{DATA}/not there")
    refused("InvalidObjectState", "copyto", f"{COLD}/ledger.tar", f"{BACKUP}/rclone/cold")


@check("a server in trouble")
def a_server_in_trouble():
    # The first answers 200 and an error in the body; rclone tries both again, and then they work.
    for key in ("faulty/late", "faulty/slow"):
        rclone("copyto", f"{DATA}/{TILES}", f"{BACKUP}/{key}")
        equal(stat(f"{BACKUP}/{key}")["Size"], 64 * MIB, "the size")


@check("wrong keys")
def wrong_keys():
    refused("SignatureDoesNotMatch", "lsjson", "demo:", "--s3-secret-access-key", "wrong")
    refused("InvalidAccessKeyId", "lsjson", "demo:", "--s3-access-key-id", "WRONG")


@check("ranges")
def ranges():
    equal(cat(f"{DATA}/{TILES}", 5, 5), cat(f"{DATA}/{TILES}", 0, 16)[5:10], "bytes 5 to 9")


@check("put and get")
def put_and_get():
    body = "höchst klein".encode()
    given = ["--s3-storage-class", "STANDARD_IA", "--header-upload", "content-type: text/x-small"]
    put("small", body, *given, "--metadata", "--metadata-set", "who=me")
    equal(rclone("cat", f"{BACKUP}/rclone/small"), body, "the body")
    found = stat(f"{BACKUP}/rclone/small", "--metadata", "--hash")
    equal(found["Hashes"]["md5"], hashlib.md5(body).hexdigest(), "the MD5")
    kept = (found["MimeType"], found["Metadata"]["who"], found["Metadata"]["tier"])
    equal(kept, ("text/x-small", "me", "STANDARD_IA"), "what was kept")


@check("uploads in parts")
def uploads_in_parts():
    path = os.path.join(FOLDER.name, "parts")
    with open(path, "wb") as parts:
        parts.write(bytes(range(256)) * 4096 * 12)
    cutoff = ["--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M"]
    rclone("copyto", path, f"{BACKUP}/rclone/parts", *cutoff)
    back = os.path.join(FOLDER.name, "back")
    rclone("copyto", f"{BACKUP}/rclone/parts", back)
    with open(path, "rb") as sent, open(back, "rb") as came:
        true(sent.read() == came.read(), "the content came back changed")


@check("copy")
def copy():
    rclone("copyto", f"{DATA}/{TILES}", f"{BACKUP}/rclone/copy")
    both = [stat(place, "--hash") for place in (f"{DATA}/{TILES}", f"{BACKUP}/rclone/copy")]
    equal(both[1]["Hashes"], both[0]["Hashes"], "the MD5")
    equal(cat(f"{BACKUP}/rclone/copy", MIB, 99), cat(f"{DATA}/{TILES}", MIB, 99), "the content")


@check("multipart copy")
def multipart_copy():
    rclone("copyto", f"{DATA}/{TILES}", f"{BACKUP}/rclone/multipart", "--s3-copy-cutoff", "16M", "--metadata")
    equal(stat(f"{BACKUP}/rclone/multipart")["Size"], 64 * MIB, "the size")
    edge = (16 * MIB - 50, 100)
    equal(cat(f"{BACKUP}/rclone/multipart", *edge), cat(f"{DATA}/{TILES}", *edge), "the content across two parts")
    equal(uploads(BACKUP), [], "open uploads")


@check("huge multipart copy")
def huge_multipart_copy():
    rclone("copyto", f"{DATA}/{SAMPLE}", f"{BACKUP}/rclone/huge", "--metadata")
    found = stat(f"{BACKUP}/rclone/huge", "--metadata")
    equal((found["Size"], found["Metadata"]["sequencer"]), (1 << 40, "Example 9000"), "size and metadata")


@check("a folder")
def a_folder():
    rclone("copy", f"{DATA}/images", f"{BACKUP}/rclone/images", "--s3-copy-cutoff", "64M")
    rclone("check", f"{DATA}/images", f"{BACKUP}/rclone/images", "--one-way", "--size-only")
    equal(len(rows(f"{BACKUP}/rclone/images")), 3, "the objects copied")
    rclone("purge", f"{BACKUP}/rclone/images")
    equal(attempt("lsf", f"{BACKUP}/rclone/images").stdout, b"", "what is left")


@check("list uploads and clean up")
def list_uploads():
    orphans = f"demo:{bucket('orphans')}"
    found = uploads(orphans)
    equal(len(found), 7, "the number of uploads")
    true(all(one["UploadId"] and one["Key"] for one in found), "an upload without a name")
    rclone("backend", "cleanup", orphans, "-o", "max-age=1s")
    equal(uploads(orphans), [], "open uploads")


@check("versions")
def versions():
    listed = rows(VERSIONS, "--s3-versions", "--s3-list-chunk", "2")
    reports = sorted(row["Path"] for row in listed if row["Path"].startswith("report"))
    equal(len(reports), 3, "the versions of one object")
    # All but the current one wear their time in the name; the oldest comes first.
    oldest = next(name for name in reports if name != "report.txt")
    equal(rclone("cat", f"{VERSIONS}/{oldest}", "--s3-versions"), b"First draft.\n", "the oldest version")
    rclone("copyto", f"{VERSIONS}/{oldest}", f"{BACKUP}/rclone/old", "--s3-versions")
    equal(rclone("cat", f"{BACKUP}/rclone/old"), b"First draft.\n", "the copy")
    equal(rclone("backend", "versioning", VERSIONS).decode().strip().strip('"'), "Enabled", "the versioning state")


@check("odd keys")
def odd_keys():
    odd = f"demo:{bucket('odd-keys')}"
    # To rclone a key is a path: what no path can be, it writes with look-alikes of its own, and some
    # of them it does not find again. In the older listing it decodes the last key of a page twice.
    found = rows(odd, "--s3-list-version", "2", "--s3-list-chunk", "7")
    true(len(found) > 25, "odd keys are missing from the list")
    for row in found:
        path = row["Path"]
        if path != path.strip(" /") or "\uff0e" in path or "//" in path or not path.isprintable():
            continue
        equal(len(rclone("cat", f"{odd}/{path}")), row["Size"], repr(path))
        rclone("copyto", f"{odd}/{path}", f"{BACKUP}/rclone/odd/{path}")
    true(len(rows(f"{BACKUP}/rclone/odd")) > 20, "copies are missing")


@check("access control lists")
def access_control_lists():
    put("acl", b"x", "--s3-acl", "public-read")
    equal(stat(f"{BACKUP}/rclone/acl")["Size"], 1, "the size")
    rclone("copyto", f"{BACKUP}/rclone/acl", f"{BACKUP}/rclone/acl 2", "--s3-acl", "private")


@check("customer keys")
def customer_keys():
    one, two = (["--s3-sse-customer-algorithm", "AES256", "--s3-sse-customer-key", letter * 32] for letter in "12")
    put("sse-c", b"secret", *one)
    place = f"{BACKUP}/rclone/sse-c"
    equal(rclone("cat", place, *one), b"secret", "the body")
    for wrong in ([], two):
        true(attempt("cat", place, *wrong).stdout != b"secret", "the object was read without its key")
    rclone("copyto", place, f"{place} 2", *one)
    equal(rclone("cat", f"{place} 2", *one), b"secret", "the copy")


# For the following rclone wants V4: it signs links in no other way, leaves `restore` out of a V2
# signature, and changes classes only on AWS.
if V4:

    @check("restore")
    def restore():
        answer = told("backend", "restore", COLD, "-o", "priority=Standard", "-o", "lifetime=1")
        equal([one["Status"] for one in answer], ["OK"], "the restore")
        deadline = time.monotonic() + 20
        while attempt("copyto", f"{COLD}/ledger.tar", f"{BACKUP}/rclone/thawed").returncode != 0:
            true(time.monotonic() < deadline, "the thaw does not end")
            time.sleep(0.5)
        equal(stat(f"{BACKUP}/rclone/thawed")["Size"], 2 * GIB, "the size")

    @check("change the class")
    def change_the_class():
        put("tier")
        rclone("settier", "STANDARD_IA", f"{BACKUP}/rclone/tier", "--s3-provider", "AWS")
        equal(stat(f"{BACKUP}/rclone/tier", "--s3-provider", "AWS")["Tier"], "STANDARD_IA", "the class")

    @check("presigned")
    def presigned():
        put("presigned é+ x", b"by hand")
        url = rclone("link", f"{BACKUP}/rclone/presigned é+ x", "--expire", "1m").decode().strip()
        with urllib.request.urlopen(url) as answer:
            equal(answer.read(), b"by hand", "the answer")
        try:
            urllib.request.urlopen(url.replace("presigned", "presigneD")).close()
            raise AssertionError("a changed URL was accepted")
        except urllib.error.HTTPError as error:
            equal(error.code, 403, "the status")

    @check("virtual hosts")
    def virtual_hosts():
        # The demo cloud is its proxy, so that nothing has to resolve the names.
        virtual = [
            "--s3-endpoint", f"http://s3.{checks.REGION}.localhost", "--s3-force-path-style=false",
            "--http-proxy", checks.URL,
        ]
        equal(stat(f"{DATA}/{TILES}", *virtual)["Size"], 64 * MIB, "the size")
        rclone("copyto", f"{DATA}/{TILES}", f"{BACKUP}/rclone/virtual", "--s3-copy-cutoff", "16M", *virtual)
        equal(stat(f"{BACKUP}/rclone/virtual")["Size"], 64 * MIB, "the size")


@check("clean up")
def clean_up():
    rclone("delete", BACKUP)
    equal(rows(BACKUP), [], "what is left")
    equal(uploads(BACKUP), [], "open uploads")


checks.run("rclone", rclone("version").split()[1].decode().lstrip("v"))
FOLDER.cleanup()
