import { expect, it } from "vitest";
import type { JobView, Priority } from "$ipc";
import { queueNote, queueOf } from "./queue-words";

const HOUR_MS = 3_600_000;
const now = new Date(2026, 10, 21, 12, 0).getTime();

const job = (id: number, priority: Priority, position: number, waits: number | null = null) =>
  ({
    id,
    state: "queued",
    timing: { priority, start_at_ms: null, window: null },
    position,
    waits_until_ms: waits,
  }) as JobView;

const jobs = [
  job(1, "low", 1),
  job(2, "normal", 7),
  job(3, "normal", 2),
  job(4, "high", 9),
  job(5, "high", 1, now + 10 * HOUR_MS),
  job(6, "normal", 3, now + 40 * HOUR_MS),
];

it("counts places by priority first, and not those that wait for their hours", () => {
  expect(queueOf(jobs).map((one) => one.id)).toEqual([4, 3, 2, 1]);
});

it("tells a place, an hour, or a day beyond tomorrow", () => {
  const queue = queueOf(jobs);
  const notes = jobs.map((one) => queueNote(one, queue, { nowMs: now, locale: "en" }));
  expect(notes).toEqual([
    "no. 4 in the queue · low priority",
    "no. 3 in the queue",
    "no. 2 in the queue",
    "no. 1 in the queue · high priority",
    "starts at 22:00 · high priority",
    "starts at 2026-11-23 04:00",
  ]);
});
