import { isSettled, needsAttention } from "$app/jobs.svelte";
import type { JobView } from "$ipc";

/** What a chip above the list stands for. Each job is under exactly one. */
export const KINDS = ["running", "waiting", "needs_you", "failed", "done"] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(job: JobView): Kind {
  if (job.state === "failed" || job.state === "done_with_failures") return "failed";
  if (isSettled(job)) return "done";
  if (needsAttention(job)) return "needs_you";
  return ["copying", "completing", "verifying", "cancelling"].includes(job.state)
    ? "running"
    : "waiting";
}

/** Whether a job holds the text in its name, a bucket, a prefix or as its number. */
export function holds(job: JobView, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  const { source, destination } = job;
  return [
    job.title,
    source.bucket,
    source.prefix,
    destination.bucket,
    destination.prefix,
    `#${job.id}`,
  ].some((name) => name.toLowerCase().includes(wanted));
}

const TURN = { high: 0, normal: 1, low: 2 } as const;

/** Unfinished jobs in the order of the queue, then those that have ended, the newest first. */
export function inOrder(jobs: readonly JobView[]): JobView[] {
  return [...jobs].sort((a, b) => {
    const ended = Number(isSettled(a)) - Number(isSettled(b));
    if (ended !== 0) return ended;
    if (isSettled(a)) return b.id - a.id;
    return TURN[a.timing.priority] - TURN[b.timing.priority] || a.position - b.position;
  });
}
