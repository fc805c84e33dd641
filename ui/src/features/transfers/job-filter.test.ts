import { expect, test, vi } from "vitest";
import type { JobView } from "$ipc";
import { holds, inOrder, kindOf } from "./job-filter";
import { totalsOf } from "./totals";

// The store of jobs is only passed by: there is no core to speak to.
vi.mock("$ipc", () => ({ call: vi.fn(), subscribe: vi.fn() }));

function job(part: Partial<JobView>): JobView {
  return {
    id: 1,
    state: "copying",
    title: "part-1.parquet",
    source: { account: "1", bucket: "from", region: null, prefix: "a/" },
    destination: { account: "1", bucket: "to", region: null, prefix: "" },
    objects_waiting: 0,
    error: null,
    timing: { priority: "normal", start_at_ms: null, window: null },
    position: 1,
    bytes_per_second: 0,
    seconds_left: null,
    bytes_done: 0,
    bytes_in_flight: 0,
    bytes_total: 0,
    ...part,
  } as JobView;
}

test.each([
  ["copying", "running"],
  ["queued", "waiting"],
  ["paused", "waiting"],
  ["interrupted", "waiting"],
  ["done", "done"],
  ["cancelled", "done"],
  ["failed", "failed"],
  ["done_with_failures", "failed"],
] as const)("%s is under %s", (state, kind) => {
  expect(kindOf(job({ state }))).toBe(kind);
});

test("a job that waits for an answer needs you, one that waits for the network does not", () => {
  const error = (kind: string) => ({ kind }) as JobView["error"];
  expect(kindOf(job({ state: "waiting", error: error("destination_conflict") }))).toBe("needs_you");
  expect(kindOf(job({ state: "waiting", error: error("network") }))).toBe("waiting");
});

test("a job is found by its name, its places and its number", () => {
  for (const text of ["PARQUET", "from", "a/", "#1", "  "]) expect(holds(job({}), text)).toBe(true);
  expect(holds(job({}), "csv")).toBe(false);
});

test("the queue's order comes first, then what ended, the newest first", () => {
  const jobs = [
    job({ id: 1, state: "done" }),
    job({ id: 2, position: 5 }),
    job({ id: 3, state: "failed" }),
    job({ id: 4, position: 2 }),
    job({ id: 5, position: 9, timing: { priority: "high", start_at_ms: null, window: null } }),
  ];
  expect(inOrder(jobs).map((one) => one.id)).toEqual([5, 4, 2, 3, 1]);
});

test("nobody knows the end of all while one's is unknown", () => {
  const known = job({ seconds_left: 60, bytes_per_second: 10 });
  expect(totalsOf([known, job({ seconds_left: 30 })])).toMatchObject({
    secondsLeft: 60,
    bytesPerSecond: 10,
  });
  expect(totalsOf([known, job({})]).secondsLeft).toBeNull();
});
