// Buckets, what is listed in them, and how refusals look.

import { MIB, bucket, check, equal, holds, region } from "../checks.mjs";
import {
  BACKUP, DATA, PHOTOS, TILES, VERSIONS, at, connect, cos, head, keysOf, refused, size, source, uploadsOf,
} from "./desk.mjs";

check("list buckets", async () => {
  const every = (await cos.getService()).Buckets;
  const names = every.map((one) => one.Name);
  holds([DATA, BACKUP, VERSIONS].every((name) => names.includes(name)), "an example bucket is missing");
  const far = every.find((one) => one.Name === bucket("far"));
  holds(far.Location !== region, "the far bucket's region is home");
});

check("bucket facts", async () => {
  const place = { Bucket: DATA, Region: region };
  equal((await cos.getBucketLocation(place)).LocationConstraint, `cos.${region}`, "the location");
  const photos = { Bucket: PHOTOS, Region: region };
  await cos.putBucketVersioning({ ...photos, VersioningConfiguration: { Status: "Suspended" } });
  equal((await cos.getBucketVersioning(photos)).VersioningConfiguration.Status, "Suspended", "the versioning state");
  const { VersioningConfiguration } = await cos.getBucketVersioning({ Bucket: VERSIONS, Region: region });
  equal(VersioningConfiguration.Status, "Enabled", "the versioning state");
  equal((await cos.headBucket(place)).headers["x-cos-bucket-region"], region, "the region");
});

check("list objects", async () => {
  const { Contents, CommonPrefixes } = await cos.getBucket({ Bucket: DATA, Region: region });
  const paged = await keysOf(DATA, { MaxKeys: 2 });
  equal(paged.map((row) => row.Key), Contents.map((row) => row.Key), "the paged list");
  equal(CommonPrefixes, [], "folders without a delimiter");
  const row = Contents.find((row) => row.Key === TILES);
  equal([row.Size, row.ETag], [String(64 * MIB), (await head(at(DATA, TILES))).etag], "size and ETag");
  const level = await cos.getBucket({ Bucket: DATA, Region: region, Delimiter: "/" });
  holds(level.CommonPrefixes.some((one) => one.Prefix === "images/"), "no folder images/");
  equal((await keysOf(bucket("archive"), { Prefix: "2019/" }))[0].StorageClass, "ARCHIVE", "the class");
});

check("errors", async () => {
  await refused(404, "404", cos.headObject(at(DATA, "not there")));
  await refused(404, "NoSuchKey", cos.getObject(at(DATA, "not there")));
  await refused(404, "NoSuchBucket", cos.getBucket({ Bucket: "nobody-1250000000", Region: region }));
  await refused(403, "AccessDenied", cos.getBucket({ Bucket: bucket("no-access"), Region: region }));
});

check("a server in trouble", async () => {
  // The first answers 200 and an error in the body; this SDK tries it again, and then it works.
  const made = await cos.putObjectCopy(at(BACKUP, "faulty/late", { CopySource: source() }));
  holds(made.ETag, "the copy has no ETag");
  const again = await cos.putObjectCopy(at(BACKUP, "faulty/slow", { CopySource: source() }));
  holds(again.ETag, "the copy has no ETag");
});

check("wrong keys", async () => {
  const place = { Bucket: DATA, Region: region };
  await refused(403, "SignatureDoesNotMatch", connect({ SecretKey: "wrong" }).getBucket(place));
  await refused(403, "InvalidAccessKeyId", connect({ SecretId: "AKIDwrong" }).getBucket(place));
});

check("another region", async () => {
  const Bucket = bucket("far");
  await refused(404, "NoSuchBucket", cos.getBucket({ Bucket, Region: region }));
  const far = (await cos.getService()).Buckets.find((one) => one.Name === Bucket);
  holds((await cos.getBucket({ Bucket, Region: far.Location })).Contents.length > 0, "nothing in the far bucket");
});

check("list uploads", async () => {
  const Bucket = bucket("orphans");
  const whole = (await cos.multipartList({ Bucket, Region: region })).Upload.map((one) => one.UploadId);
  equal([whole.length, await uploadsOf("", Bucket, { MaxUploads: 2 })], [7, whole], "the uploads");
});
