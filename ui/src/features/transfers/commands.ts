import { jobStore } from "$app/jobs.svelte";
import { toasts } from "$app/toasts.svelte";
import { type Choice, call, errorOf, type JobView, type TransferView } from "$ipc";

/** What the user asks of a job. The answer is shown at once, a refusal as a message. */
export const pauseJob = (job: number) => ask(() => call("pause_job", { job }));
export const resumeJob = (job: number) => ask(() => call("resume_job", { job }));
export const retryJob = (job: number) => ask(() => call("retry_job", { job }));
export const cancelJob = (job: number, keepParts: boolean) =>
  ask(() => call("cancel_job", { job, keep_parts: keepParts }));

/** Moves a job that waits for its turn beside another. */
export const moveJob = (job: number, place: "before" | "after", other: number) =>
  ask(() => call("move_job", { job, place, other }));

/** Lets a job that waits jump the queue: before all others, and whatever its hours. */
export async function startNow(job: JobView): Promise<void> {
  const timing = { priority: "high", start_at_ms: null, window: null } as const;
  await ask(() => call("time_job", { job: job.id, timing }));
  await ask(() => call("move_job", { job: job.id, place: "first", other: null }));
}

/** Whether a job waits for its turn or its hours and is driven, so that jumping the queue helps. */
export function canStartNow(job: JobView): boolean {
  return job.state === "queued";
}

/** Answers a transfer that waits for a decision; `all` also those that wait for the same reason. */
export const decide = (
  transfer: TransferView,
  choice: Choice,
  more: { all?: boolean; uploadId?: string } = {},
) =>
  ask(() =>
    call("decide", {
      job: transfer.job,
      transfer: transfer.id,
      all_like_it: more.all ?? false,
      choice,
      upload_id: more.uploadId ?? null,
    }),
  );

async function ask(command: () => Promise<JobView>): Promise<void> {
  try {
    jobStore.put(await command());
  } catch (cause) {
    toasts.fail(errorOf(cause));
  }
}

/** Whether Pause means something now. */
export function canPause(job: JobView): boolean {
  return ["queued", "copying", "waiting"].includes(job.state);
}

/** Whether Resume means something now: the job stands still and has work left. */
export function canResume(job: JobView): boolean {
  return (
    job.state === "paused" ||
    job.state === "interrupted" ||
    (job.state === "waiting" && job.in_flight === 0)
  );
}

/** Whether there are failed transfers to try again. */
export function canRetry(job: JobView): boolean {
  return job.state === "failed" || job.state === "done_with_failures";
}

/** Whether there is anything left to cancel. */
export function canCancel(job: JobView): boolean {
  return !["cancelling", "cancelled", "done", "done_with_failures", "failed"].includes(job.state);
}
