import type { JobTiming } from "$ipc";
import { m } from "$messages";
import { capital, moment } from "$shared/format";

/** What is unusual about when a job runs; empty when nothing is. */
export function timingWords(timing: JobTiming, locale: string): string {
  const words: string[] = [];
  if (timing.priority === "high") words.push(m.priority_high());
  if (timing.priority === "low") words.push(m.priority_low());
  if (timing.start_at_ms !== null) {
    words.push(m.queue_starts({ when: moment(timing.start_at_ms) }));
  }
  if (timing.window !== null) words.push(timing.window.replace("-", "–"));
  return capital(words.join(" · "), locale);
}
