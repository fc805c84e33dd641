import { expect } from "@playwright/test";
import { Backend, type Surroundings } from "../tests/backend";

/** A core in a certain condition; screens of one world share it, one after the other. */
export interface World {
  surroundings?: Surroundings;
  prepare?: (backend: Backend) => Promise<void>;
}

const MIB = 2 ** 20;

export const worlds = {
  /** Nobody has ever used it. */
  fresh: {},
  /** The demo accounts, and nothing done with them. */
  demo: { prepare: startDemo },
  /** Nothing answers in time. */
  slow: { surroundings: { latencyMs: 120_000 }, prepare: startDemo },
  /** Buckets are not told, and listings break off. */
  broken: {
    surroundings: {
      quirks: "obs:no_bucket_list;cos:objects_page=20",
      faults: [
        "ListObjects:refuse:status=403:code=AccessDenied:provider=cos:skip=1:count=99",
        "ListObjectsV2:refuse:status=403:code=AccessDenied:provider=s3:count=99",
      ].join(";"),
    },
    prepare: startDemo,
  },
  /** Jobs in every state. */
  busy: {
    surroundings: {
      throughput: 220 * MIB,
      faults: "CopyObject:refuse:status=403:code=AccessDenied:count=999:key=failing%2Freadme.txt",
    },
    prepare: makeBusy,
  },
  /** The core was killed while it copied, and started again. */
  interrupted: {
    surroundings: { throughput: 220 * MIB },
    prepare: async (backend) => {
      await startDemo(backend);
      await copy(backend, ["genome/sample-0001.bam"], "restored/");
      await copy(backend, ["genome/sample-0002.bam"], "restored/");
      await jobsReach(backend, (jobs) => jobs.every((job) => job.parts_done > 8));
      await backend.restart();
    },
  },
} satisfies Record<string, World>;

export type WorldName = keyof typeof worlds;

/** Starts a world; `ui` is another page than the usual one. */
export async function open(name: WorldName, ui?: string): Promise<Backend> {
  const world: World = worlds[name];
  const backend = await Backend.start({ ...world.surroundings, ui });
  try {
    await world.prepare?.(backend);
  } catch (cause) {
    await backend.stop();
    throw cause;
  }
  return backend;
}

async function startDemo(backend: Backend): Promise<void> {
  await backend.call("start_demo");
}

interface Job {
  id: number;
  state: string;
  parts_done: number;
}

const place = (bucket: string, prefix = "") => ({
  account: "demo-cos",
  bucket: `${bucket}-1250000000`,
  region: null,
  prefix,
});

/** Starts a copy of keys of a bucket, `datasets` if none is named, into the backup. */
export async function copy(
  backend: Backend,
  keys: string[],
  into: string,
  more: { from?: string; existing?: string; partsAtOnce?: number } = {},
): Promise<number> {
  const { job } = await backend.call<{ job: number }>("start_copy", {
    source: place(more.from ?? "datasets"),
    keys,
    prefixes: [],
    destination: place("backup", into),
    rename: null,
    options: { part_size: null, transfers_at_once: 3, parts_at_once: more.partsAtOnce ?? 16, storage_class: null },
    overwrite: false,
    on_conflict: more.existing ?? "ask",
    kind: null,
  });
  return job;
}

/** Waits until the jobs are as they should be. */
async function jobsReach(backend: Backend, wanted: (jobs: Job[]) => boolean): Promise<void> {
  const jobs = () => backend.call<Job[]>("jobs", { before: null, limit: 100 });
  await expect.poll(async () => wanted(await jobs()), { timeout: 60_000 }).toBe(true);
}

async function makeBusy(backend: Backend): Promise<void> {
  await startDemo(backend);
  const settled = (id: number) =>
    jobsReach(backend, (jobs) =>
      jobs.some((job) => job.id === id && /^(done|failed|waiting|done_with_failures)$/.test(job.state)),
    );
  const photos = ["readme.txt", "说明.md", "Grüße.txt", "tables/exposure.csv", "clips/tone.wav"];
  await settled(await copy(backend, photos, "photos/", { from: "photos" }));
  await settled(await copy(backend, ["images/tiles-002.zip"], "images/"));
  await settled(await copy(backend, ["readme.txt"], "failing/", { from: "photos" }));
  await settled(await copy(backend, photos, "failing/", { from: "photos", existing: "overwrite" }));
  await settled(await copy(backend, ["readme.txt"], "photos/", { from: "photos" }));
  await settled(await copy(backend, ["2019/ledger.tar"], "cold/", { from: "archive" }));
  await copy(backend, ["genome/cohort-2026.tar"], "genome/");
  await copy(backend, ["genome/sample-0001.bam"], "genome/");
  const held = await copy(backend, ["genome/sample-0002.bam"], "genome/");
  await jobsReach(backend, (jobs) => jobs.some((job) => job.id === held && job.parts_done > 0));
  await backend.call("pause_job", { job: held });
  await copy(backend, ["checkpoints/model.safetensors", "climate/era5-2025.nc"], "models/");
  await copy(backend, ["logs/2026-01.ndjson.gz"], "logs/");
}
