// What hangs on an object: tags, grants, versions, keys, a thaw.

import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import { GIB, bucket, check, equal, holds, region } from "../checks.mjs";
import { COS, PHOTOS, VERSIONS, at, cos, head, md5, mine, pages, read, refused, size, source } from "./desk.mjs";

check("tags", async () => {
  await cos.putObject(mine("tags", { Body: "" }));
  const Tags = [{ Key: "owner", Value: "lab 4/b=c+d" }, { Key: "kind", Value: "test" }];
  await cos.putObjectTagging(mine("tags", { Tags }));
  equal((await cos.getObjectTagging(mine("tags"))).Tags, Tags, "the tags");
  await cos.deleteObjectTagging(mine("tags"));
  // This SDK makes an empty list of the 404.
  equal((await cos.getObjectTagging(mine("tags"))).Tags, [], "the tags");
});

check("access control lists", async () => {
  await cos.putObject(mine("acl", { Body: "", ACL: "public-read" }));
  equal((await cos.getObjectAcl(mine("acl"))).ACL, "public-read", "the ACL");
  await cos.putObjectAcl(mine("acl", { ACL: "private" }));
  equal((await cos.getObjectAcl(mine("acl"))).ACL, "private", "the ACL");
  await cos.putObjectAcl(mine("acl", { GrantRead: 'id="100000000002"' }));
  const grants = (await cos.getObjectAcl(mine("acl"))).Grants;
  equal(grants.map((grant) => grant.Permission).sort(), ["FULL_CONTROL", "READ"], "the grants");
  await cos.putBucketAcl({ Bucket: PHOTOS, Region: region, ACL: "public-read" });
  equal((await cos.getBucketAcl({ Bucket: PHOTOS, Region: region })).ACL, "public-read", "the bucket's ACL");
});

check("versions", async () => {
  const asked = { Bucket: VERSIONS, Region: region };
  const rows = (page) => [...page.Versions, ...page.DeleteMarkers];
  const paged = await pages("listObjectVersions", { ...asked, MaxKeys: 2 }, rows, (page) => ({
    KeyMarker: page.NextKeyMarker,
    VersionIdMarker: page.NextVersionIdMarker,
  }));
  const whole = await cos.listObjectVersions(asked);
  equal(paged.length, rows(whole).length, "rows in pages");
  const oldest = whole.Versions.filter((row) => row.Key === "report.txt").at(-1).VersionId;
  equal(await read(at(VERSIONS, "report.txt"), { VersionId: oldest }), "First draft.\n", "the oldest version");
  await cos.putObjectCopy(mine("old", { CopySource: source("report.txt", VERSIONS, oldest) }));
  equal(await read(mine("old")), "First draft.\n", "the copy");
  const marker = whole.DeleteMarkers.find((row) => row.Key === "minutes.txt").VersionId;
  const copy = (CopySource) => cos.putObjectCopy(mine("x", { CopySource }));
  await refused(404, "NoSuchKey", copy(source("minutes.txt", VERSIONS)));
  await refused(400, "InvalidRequest", copy(source("minutes.txt", VERSIONS, marker)));
});

check("encryption", async () => {
  const made = await cos.putObject(mine("sse", { Body: "x", ServerSideEncryption: "AES256" }));
  const name = "x-cos-server-side-encryption";
  equal([made.headers[name], (await head(mine("sse")))[name]], ["AES256", "AES256"], "SSE-COS");
  await cos.putObjectCopy(
    mine("kms", { CopySource: source(), ServerSideEncryption: "cos/kms", SSEKMSKeyId: "demo-key" }),
  );
  equal((await head(mine("kms")))[name], "cos/kms", "SSE-KMS");
});

check("customer keys", async () => {
  const secret = (letter) => ({
    SSECustomerAlgorithm: "AES256",
    SSECustomerKey: Buffer.from(letter.repeat(32)).toString("base64"),
    SSECustomerKeyMD5: createHash("md5").update(letter.repeat(32)).digest("base64"),
  });
  await cos.putObject(mine("sse-c", { Body: "secret", ...secret("1") }));
  equal(await read(mine("sse-c"), secret("1")), "secret", "the body");
  for (const wrong of [{}, secret("2")]) {
    const error = await cos.getObject(mine("sse-c", wrong)).catch((error) => error);
    holds([400, 403].includes(error.statusCode), "the object was read without its key");
  }
});

check("restore", async () => {
  const given = at(bucket("archive"), "2019/ledger.tar");
  const CopySource = source(given.Key, given.Bucket);
  await refused(403, "InvalidObjectState", cos.getObject(given));
  await refused(403, "InvalidObjectState", cos.putObjectCopy(mine("cold", { CopySource })));
  const RestoreRequest = { Days: 1, CASJobParameters: { Tier: "Expedited" } };
  await cos.restoreObject({ ...given, RestoreRequest });
  const deadline = Date.now() + 20_000;
  while ((await head(given))["x-cos-restore"].includes('ongoing-request="true"')) {
    holds(Date.now() < deadline, "the thaw does not end");
    await pause(500);
  }
  await cos.putObjectCopy(mine("thawed", { CopySource }));
  equal(await size(mine("thawed")), 2 * GIB, "the size");
});
