// cos-nodejs-sdk-v5 against the COS endpoint: virtual hosts, q-sign signatures.

import { rmSync } from "node:fs";

import { check, equal, region, run } from "../checks.mjs";
import { BACKUP, COS, cos, keysOf, memory, uploadsOf } from "./desk.mjs";

// Each room brings its checks; they run in this order, and the cleaning last.
import "./buckets.mjs";
import "./objects.mjs";
import "./copies.mjs";
import "./attached.mjs";

check("clean up", async () => {
  const Objects = (await keysOf(BACKUP)).map(({ Key }) => ({ Key }));
  await cos.deleteMultipleObject({ Bucket: BACKUP, Region: region, Objects });
  equal(await keysOf(BACKUP), [], "keys left");
  equal(await uploadsOf("cos-node/"), [], "open uploads");
});

await run("cos-nodejs-sdk-v5", COS.version);
rmSync(memory, { recursive: true });
// Connections kept alive would hold the process.
process.exit(0);
