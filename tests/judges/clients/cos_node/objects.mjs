// Objects read, written, deleted, and named as oddly as can be.

import { setTimeout as pause } from "node:timers/promises";

import { MIB, bucket, check, equal, holds, region, url } from "../checks.mjs";
import {
  BACKUP, DATA, SAMPLE, TILES, at, cos, head, keysOf, md5, mine, read, refused, size, source,
} from "./desk.mjs";

check("head", async () => {
  const found = await head(at(DATA, SAMPLE));
  equal(found["content-length"], String(2 ** 40), "the size");
  equal(found["x-cos-meta-sequencer"], "Example 9000", "metadata");
  holds(found.etag.endsWith('-1024"'), "the ETag does not tell of parts");
  holds(/^\d+$/.test(found["x-cos-hash-crc64ecma"]), "no CRC-64");
  const model = await head(at(DATA, "checkpoints/model.safetensors"));
  equal(model["x-cos-storage-class"], "STANDARD_IA", "the class");
});

check("ranges", async () => {
  const tiles = at(DATA, TILES);
  const first = await read(tiles, { Range: "bytes=0-15" });
  equal(await read(tiles, { Range: "bytes=5-9" }), first.slice(5, 10), "bytes 5 to 9");
  await refused(416, "InvalidRange", cos.getObject({ ...tiles, Range: `bytes=${64 * MIB}-` }));
});

check("put and get", async () => {
  const Body = Buffer.from("höchst klein");
  const kept = { ContentType: "text/x-small", CacheControl: "no-store", "x-cos-meta-who": "me" };
  const made = await cos.putObject(mine("small", { Body, ...kept, StorageClass: "STANDARD_IA" }));
  equal(made.ETag, `"${md5(Body)}"`, "the ETag");
  const found = await cos.getObject(mine("small"));
  equal(found.Body, Body, "the body");
  const names = ["content-type", "cache-control", "x-cos-meta-who", "x-cos-storage-class"];
  equal(names.map((name) => found.headers[name]), ["text/x-small", "no-store", "me", "STANDARD_IA"], "what was kept");
  await refused(400, "BadDigest", cos.putObject(mine("bad", { Body, ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" })));
});

check("uploads in parts", async () => {
  const Body = Buffer.alloc(5 * MIB, "0123456789");
  const upload = await cos.multipartInit(mine("parts"));
  const Parts = [];
  for (let PartNumber = 1; PartNumber <= 3; PartNumber++) {
    const piece = Body.subarray((PartNumber - 1) * 2 * MIB, PartNumber * 2 * MIB);
    const { ETag } = await cos.multipartUpload(mine("parts", { UploadId: upload.UploadId, PartNumber, Body: piece }));
    Parts.push({ PartNumber, ETag });
  }
  const made = await cos.multipartComplete(mine("parts", { UploadId: upload.UploadId, Parts }));
  const found = await cos.getObject(mine("parts"));
  equal([found.headers.etag, md5(found.Body)], [made.ETag, md5(Body)], "ETag and content");
});

check("delete many", async () => {
  const keys = ["a", "b & <c>", "é", "+ %2F"].map((name) => `cos-node/many/${name}`);
  for (const key of keys) await cos.putObject(at(BACKUP, key, { Body: "" }));
  const Objects = [...keys, "cos-node/many/never there"].map((Key) => ({ Key }));
  const { Deleted } = await cos.deleteMultipleObject({ Bucket: BACKUP, Region: region, Objects });
  equal(Deleted.map((one) => one.Key).sort(), Objects.map((one) => one.Key).sort(), "what is gone");
  equal(await keysOf(BACKUP, { Prefix: "cos-node/many/" }), [], "keys left");
});

check("presigned", async () => {
  await cos.putObject(mine("presigned é+ /x", { Body: "by hand" }));
  const sign = (more) =>
    new Promise((resolve, reject) => {
      const asked = mine("presigned é+ /x", { Sign: true, ...more });
      cos.getObjectUrl(asked, (error, data) => (error ? reject(error) : resolve(data.Url)));
    });
  // The name of the host leads nowhere: it is sent along, and the address is the demo cloud's.
  const fetchSigned = async (signed) => {
    const { host, pathname, search } = new URL(signed);
    const { request } = await import("node:http");
    return new Promise((resolve, reject) => {
      const sent = request(url, { path: pathname + search, headers: { host } }, (answer) => {
        let body = "";
        answer.on("data", (piece) => (body += piece));
        answer.on("end", () => resolve([answer.statusCode, body, answer.headers["content-type"]]));
      });
      sent.on("error", reject).end();
    });
  };
  const good = await sign({ Expires: 60, Query: { "response-content-type": "text/x-shown" } });
  equal(await fetchSigned(good), [200, "by hand", "text/x-shown"], "the answer");
  equal((await fetchSigned(good.replace("presigned", "presigneD")))[0], 403, "the status of a changed URL");
  const short = await sign({ Expires: 1 });
  await pause(2100);
  equal((await fetchSigned(short))[0], 403, "the status of a stale URL");
});

check("odd keys", async () => {
  const odd = bucket("odd-keys");
  const keys = (await keysOf(odd, { MaxKeys: 7 })).map((row) => row.Key);
  holds(keys.length > 35, "odd keys are missing from the list");
  for (const key of keys) {
    // Node's URLs take such a key for a path, and this SDK sends it through them.
    if (/(^|\/)\.\.?(\/|$)/.test(key)) continue;
    const there = mine(`odd/${key}`);
    const length = await size(at(odd, key));
    await cos.putObjectCopy({ ...there, CopySource: source(key, odd) });
    equal((await read(there)).length, length, inspectKey(key));
    await cos.deleteObject(there);
  }
  equal(await keysOf(BACKUP, { Prefix: "cos-node/odd/" }), [], "keys left");
});

const inspectKey = (key) => JSON.stringify(key);
