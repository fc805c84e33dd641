import { beforeEach, describe, expect, test } from "vitest";
import type { JobView, ListingStatus } from "$ipc";
import { applyMessage, type Counted, type Streamed } from "./stream";

const job = (id: number, bytes_done = 0) => ({ id, bytes_done, state: "copying" }) as JobView;
const listing = (rows: number) => ({ listing: 7, rows }) as ListingStatus;

const update = (seq: number, part: object = {}): Counted => ({
  kind: "update",
  seq,
  jobs: [],
  removed: [],
  listings: [],
  events: [],
  ...part,
});

let streamed: Streamed;
beforeEach(() => {
  streamed = { seq: null, jobs: new Map(), listings: new Map(), eventBatches: new Map() };
});

const begin = (seq = 5) =>
  applyMessage(streamed, { kind: "snapshot", seq, jobs: [job(1), job(2)] });

describe("a subscription", () => {
  test("a snapshot replaces what was there", () => {
    streamed.jobs.set(9, job(9));
    expect(begin()).toBe(true);
    expect([...streamed.jobs.keys()]).toEqual([1, 2]);
    expect(streamed.seq).toBe(5);
  });

  test("updates change, add and remove jobs", () => {
    begin();
    expect(applyMessage(streamed, update(6, { jobs: [job(1, 50), job(3)], removed: [2] }))).toBe(
      true,
    );
    expect([...streamed.jobs.keys()]).toEqual([1, 3]);
    expect(streamed.jobs.get(1)?.bytes_done).toBe(50);
  });

  test("a missing message is noticed and nothing of the later one is taken", () => {
    begin();
    expect(applyMessage(streamed, update(7, { jobs: [job(1, 50)] }))).toBe(false);
    expect(streamed.jobs.get(1)?.bytes_done).toBe(0);
    expect(streamed.seq).toBe(5);
  });

  test("a repeated message is a gap as well", () => {
    begin();
    expect(applyMessage(streamed, update(5))).toBe(false);
  });

  test("an update before the snapshot is not trusted", () => {
    expect(applyMessage(streamed, update(1, { jobs: [job(1)] }))).toBe(false);
    expect(streamed.jobs.size).toBe(0);
  });

  test("a new snapshot heals a gap", () => {
    begin();
    applyMessage(streamed, update(9));
    expect(begin(20)).toBe(true);
    expect(applyMessage(streamed, update(21))).toBe(true);
  });

  test("listings keep their latest status", () => {
    begin();
    applyMessage(streamed, update(6, { listings: [listing(1_000)] }));
    applyMessage(streamed, update(7, { listings: [listing(41_000)] }));
    expect(streamed.listings.get(7)?.rows).toBe(41_000);
  });

  test("each batch of events is counted once", () => {
    begin();
    applyMessage(streamed, update(6, { events: [1] }));
    applyMessage(streamed, update(7, { events: [1, 2] }));
    expect(streamed.eventBatches.get(1)).toBe(2);
    expect(streamed.eventBatches.get(2)).toBe(1);
  });
});
