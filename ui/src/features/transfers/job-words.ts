import type { JobView } from "$ipc";
import { m } from "$messages";
import { duration, integer } from "$shared/format";

/** `about 14 min`, or a dash while nobody can know. */
export function timeLeft(job: Pick<JobView, "seconds_left">, locale: string): string {
  if (job.seconds_left === null) return "—";
  return m.about_time({ time: duration(job.seconds_left, locale) });
}

/** What stands below the state word: what goes on, or what went on beside the normal course. */
export function jobNote(job: JobView, locale: string): string {
  const notes: string[] = [];
  const counted = (count: number) => ({ count, n: integer(count, locale) });
  if (job.objects_waiting > 0 && job.objects_total > 1) {
    notes.push(m.note_waiting(counted(job.objects_waiting)));
  }
  if (job.unverified > 0) notes.push(m.size_only({ count: job.unverified }));
  if (job.state === "copying" && job.in_flight > 0) {
    notes.push(m.note_in_flight({ count: job.in_flight }));
  }
  if (job.state === "paused" && job.in_flight > 0) {
    notes.push(m.note_finishing({ count: job.in_flight }));
  }
  if (job.objects_failed > 0 && job.objects_total > 1 && job.state !== "done_with_failures") {
    notes.push(m.note_failed({ count: job.objects_failed }));
  }
  if (job.objects_skipped > 0) notes.push(m.note_skipped(counted(job.objects_skipped)));
  if (job.retries > 0) notes.push(m.retries({ count: job.retries }));
  return notes.join(" · ");
}

/** Colour of a job's bar; the state word beside it says the same. */
export function progressTone(job: JobView): "accent" | "ok" | "muted" | "warn" | "danger" {
  switch (job.state) {
    case "done":
      return "ok";
    case "failed":
    case "done_with_failures":
      return "danger";
    case "waiting":
    case "interrupted":
      return "warn";
    case "queued":
    case "paused":
    case "cancelling":
    case "cancelled":
      return "muted";
    default:
      return job.throttled ? "warn" : "accent";
  }
}
