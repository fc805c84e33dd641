// Copies whole and in parts, with conditions; uploads aborted and refused.

import { GIB, MIB, check, equal, holds } from "../checks.mjs";
import {
  BACKUP, DATA, PART, SAMPLE, TILES, at, connect, copyParts, cos, head, mine, pages, read, refused, size,
  source, uploadsOf,
} from "./desk.mjs";

check("copy", async () => {
  const made = await cos.putObjectCopy(mine("copy", { CopySource: source() }));
  const found = await head(mine("copy"));
  equal(made.ETag, found.etag, "the ETag");
  equal(found["x-cos-hash-crc64ecma"], (await head(at(DATA, TILES)))["x-cos-hash-crc64ecma"], "the CRC-64");
  await cos.putObject(mine("from", { Body: "x", "x-cos-meta-old": "1" }));
  const CopySource = source("cos-node/from", BACKUP);
  await cos.putObjectCopy(mine("kept", { CopySource }));
  equal((await head(mine("kept")))["x-cos-meta-old"], "1", "metadata kept");
  await cos.putObjectCopy(
    mine("new", { CopySource, MetadataDirective: "Replaced", "x-cos-meta-new": "2", StorageClass: "ARCHIVE" }),
  );
  const replaced = await head(mine("new"));
  const names = ["x-cos-meta-new", "x-cos-meta-old", "x-cos-storage-class"];
  equal(names.map((name) => replaced[name]), ["2", undefined, "ARCHIVE"], "metadata replaced");
  await refused(400, "EntityTooLarge", cos.putObjectCopy(mine("huge", { CopySource: source(SAMPLE) })));
});

check("copy conditions", async () => {
  const { etag } = await head(at(DATA, TILES));
  const [past, future] = ["Tue, 01 Jan 2019 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"];
  const copy = (given) => cos.putObjectCopy(mine("if", { CopySource: source(), ...given }));
  for (const given of [
    { CopySourceIfMatch: '"0123"' },
    { CopySourceIfNoneMatch: etag },
    { CopySourceIfUnmodifiedSince: past },
  ]) {
    await refused(412, "PreconditionFailed", copy(given));
  }
  await copy({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: future });
  await copy({ CopySourceIfNoneMatch: '"0123"', CopySourceIfModifiedSince: past });
});

check("multipart copy", async () => {
  const made = mine("multipart");
  const given = { ContentType: "application/zip", StorageClass: "STANDARD_IA", "x-cos-meta-by": "parts" };
  const { UploadId } = await cos.multipartInit({ ...made, ...given });
  const Parts = await copyParts(made, UploadId);
  const listed = await pages("multipartListPart", { ...made, UploadId, MaxParts: 3 }, (page) => page.Part, (page) => ({
    PartNumberMarker: page.NextPartNumberMarker,
  }));
  equal(
    listed.map((one) => [Number(one.PartNumber), one.ETag, one.Size]),
    Parts.map((one) => [one.PartNumber, one.ETag, String(PART)]),
    "the parts",
  );
  const { ETag } = await cos.multipartComplete({ ...made, UploadId, Parts });
  const found = await head(made);
  equal([found.etag, found["content-length"]], [ETag, String(64 * MIB)], "the object");
  equal(found["x-cos-hash-crc64ecma"], (await head(at(DATA, TILES)))["x-cos-hash-crc64ecma"], "the CRC-64");
  const names = ["x-cos-meta-by", "content-type", "x-cos-storage-class"];
  equal(names.map((name) => found[name]), ["parts", "application/zip", "STANDARD_IA"], "what Create said");
  const edge = { Range: `bytes=${PART - 50}-${PART + 49}` };
  equal(await read(made, edge), await read(at(DATA, TILES), edge), "the content across two parts");
  equal(await uploadsOf(made.Key), [], "open uploads");
});

check("abort", async () => {
  const given = mine("abort");
  const { UploadId } = await cos.multipartInit(given);
  await copyParts(given, UploadId, 1);
  equal(await uploadsOf(given.Key), [UploadId], "open uploads");
  await cos.multipartAbort({ ...given, UploadId });
  equal(await uploadsOf(given.Key), [], "open uploads");
  await refused(404, "NoSuchUpload", cos.multipartListPart({ ...given, UploadId }));
  await refused(404, "NoSuchUpload", cos.multipartAbort({ ...given, UploadId }));
  await refused(404, "404", cos.headObject(given));
});

check("complete refuses", async () => {
  const given = mine("refused");
  const { UploadId } = await cos.multipartInit(given);
  const Parts = await copyParts(given, UploadId, 2, MIB);
  const complete = (Parts) => cos.multipartComplete({ ...given, UploadId, Parts });
  await refused(400, "InvalidPartOrder", complete(Parts.toReversed?.() ?? [...Parts].reverse()));
  await refused(400, "InvalidPart", complete([{ PartNumber: 1, ETag: `"${"0".repeat(32)}"` }]));
  const copy = { ...given, UploadId, PartNumber: 1, CopySource: source() };
  const small = await cos.uploadPartCopy({ ...copy, CopySourceRange: "bytes=0-99" });
  await refused(400, "EntityTooSmall", complete([{ PartNumber: 1, ETag: small.ETag }, Parts[1]]));
  await refused(416, "InvalidRange", cos.uploadPartCopy({ ...copy, CopySourceRange: `bytes=0-${64 * MIB}` }));
  await cos.multipartAbort({ ...given, UploadId });
});

check("sliced copy, broken off and resumed", async () => {
  const given = mine("sliced", {
    CopySource: source("genome/sample-0002.bam"), CopySliceSize: GIB, CopyChunkSize: GIB,
  });
  const sliced = (breaks) => {
    const client = connect({ CopyChunkParallelLimit: 1, CopySourceParser: parse });
    const sent = [];
    client.on("before-send", (request) => {
      const part = request.qs?.partNumber;
      if (part === undefined) return;
      sent.push(Number(part));
      // From here on the network is gone.
      if (sent.length > breaks) request.proxy = "http://127.0.0.1:9";
    });
    return client.sliceCopyFile(given).then(
      () => ({ done: true, sent }),
      () => ({ done: false, sent }),
    );
  };
  const first = await sliced(5);
  holds(!first.done && first.sent.length > 5, "the first try did not break off");
  const [upload, ...others] = await uploadsOf(given.Key);
  holds(upload && others.length === 0, "there is not one upload to go on with");
  const second = await sliced(Infinity);
  holds(second.done, "the second try failed");
  equal(second.sent, Array.from({ length: 15 }, (_, index) => index + 6), "the parts of the second try");
  equal([await size(given), (await uploadsOf(given.Key)).length], [20 * GIB, 0], "size and open uploads");
});

/** Where a copy source points, for an SDK that heads it by itself. */
function parse(text) {
  const [, Bucket, Region, Key] = /^([^.]+)\.cos\.([^.]+)\.[^/]+\/(.+)$/.exec(text);
  return { Bucket, Region, Key };
}
