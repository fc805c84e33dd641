import type { JobView, Priority } from "$ipc";
import { m } from "$messages";
import { clock, integer, moment } from "$shared/format";

const TURN: Record<Priority, number> = { high: 0, normal: 1, low: 2 };
const DAY_MS = 86_400_000;

/** Jobs that wait for their turn, the next one first; those that wait for their hours are not. */
export function queueOf(jobs: readonly JobView[]): JobView[] {
  return jobs
    .filter((job) => job.state === "queued" && job.waits_until_ms === null)
    .sort((a, b) => TURN[a.timing.priority] - TURN[b.timing.priority] || a.position - b.position);
}

/** When a queued job runs: its hour, or its place in the queue, and its priority. */
export function queueNote(
  job: JobView,
  queue: readonly JobView[],
  context: { nowMs: number; locale: string },
): string {
  const { locale } = context;
  const notes: string[] = [];
  if (job.waits_until_ms !== null) {
    notes.push(m.queue_starts({ when: hour(job.waits_until_ms, context.nowMs, locale) }));
  } else if (job.state === "queued") {
    const at = queue.findIndex((one) => one.id === job.id);
    if (at >= 0) notes.push(m.queue_place({ n: integer(at + 1, locale) }));
  }
  if (job.timing.priority === "high") notes.push(m.priority_high());
  if (job.timing.priority === "low") notes.push(m.priority_low());
  return notes.join(" · ");
}

/** `22:00` within a day, with the date beyond. */
function hour(ms: number, nowMs: number, locale: string): string {
  return ms - nowMs < DAY_MS ? clock(ms, locale, "minute") : moment(ms);
}
