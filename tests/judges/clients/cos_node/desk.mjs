// What all rooms share: the client, the keys they use, and how an answer is judged.

import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MIB, accessKey, bucket, equal, holds, region, secretKey, url } from "../checks.mjs";

// Its package need not lie beside this script.
export const COS = createRequire(join(process.env.PARTWAY_NODE_MODULES, "here.js"))("cos-nodejs-sdk-v5");

export const DATA = bucket("datasets");
export const BACKUP = bucket("backup");
export const PHOTOS = bucket("photos");
export const VERSIONS = bucket("versions");
export const TILES = "images/tiles-000.zip";
export const SAMPLE = "genome/sample-0001.bam";
export const PART = 16 * MIB;

// Where it remembers uploads that it could resume.
export const memory = mkdtempSync(join(tmpdir(), "partway-cos-node-"));

// The demo cloud is its proxy: so the host names are those of a real endpoint, without a port, and
// nothing has to resolve them.
export const connect = (changes = {}) =>
  new COS({
    SecretId: accessKey,
    SecretKey: secretKey,
    Protocol: "http:",
    Domain: "{Bucket}.cos.{Region}.localhost",
    ServiceDomain: `cos.${region}.localhost`,
    Proxy: url,
    ConfCwd: memory,
    AutoSwitchHost: false,
    ChunkRetryTimes: 0,
    ...changes,
  });

export const cos = connect();

export const at = (Bucket, Key, more = {}) => ({ Bucket, Key, Region: region, ...more });
export const mine = (name, more = {}) => at(BACKUP, `cos-node/${name}`, more);

/** A copy source as this SDK wants it, with the vendor's own domain. */
export const source = (key = TILES, from = DATA, version = "") =>
  `${from}.cos.${region}.myqcloud.com/${encodeURIComponent(key).replaceAll("%2F", "/")}` +
  (version && `?versionId=${version}`);

export async function refused(status, code, promise) {
  const error = await promise.then(
    () => undefined,
    (error) => error,
  );
  holds(error, `${code} was expected, and it succeeded`);
  equal([error.statusCode, error.code], [status, code], "the error");
}

export const head = (where) => cos.headObject(where).then((answer) => answer.headers);
export const size = async (where) => Number((await head(where))["content-length"]);
export const read = async (where, more = {}) => (await cos.getObject({ ...where, ...more })).Body.toString("latin1");
export const md5 = (data) => createHash("md5").update(data).digest("hex");

export async function copyParts(where, UploadId, count = 4, part = PART) {
  const Parts = [];
  for (let PartNumber = 1; PartNumber <= count; PartNumber++) {
    const CopySourceRange = `bytes=${(PartNumber - 1) * part}-${PartNumber * part - 1}`;
    const { ETag } = await cos.uploadPartCopy({
      ...where, UploadId, PartNumber, CopySource: source(), CopySourceRange,
    });
    Parts.push({ PartNumber, ETag });
  }
  return Parts;
}

/** Every row of a paged list; `next` makes the next question's parameters from an answer. */
export async function pages(call, asked, rows, next) {
  const found = [];
  for (;;) {
    const page = await cos[call](asked);
    found.push(...rows(page));
    if (page.IsTruncated !== "true") return found;
    holds(found.length < 10_000, "the list does not end");
    asked = { ...asked, ...next(page) };
  }
}

export const keysOf = (Bucket, more = {}) =>
  pages("getBucket", { Bucket, Region: region, EncodingType: "url", ...more }, (page) => page.Contents, (page) => ({
    Marker: decodeURIComponent(page.NextMarker),
  })).then((rows) => rows.map((row) => ({ ...row, Key: decodeURIComponent(row.Key) })));

export const uploadsOf = (Prefix, Bucket = BACKUP, more = {}) =>
  pages("multipartList", { Bucket, Region: region, Prefix, ...more }, (page) => page.Upload, (page) => ({
    KeyMarker: page.NextKeyMarker,
    UploadIdMarker: page.NextUploadIdMarker,
  })).then((rows) => rows.map((row) => row.UploadId));
