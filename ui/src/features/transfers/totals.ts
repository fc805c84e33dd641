import type { JobView } from "$ipc";

/** All running jobs as one. */
export interface Totals {
  running: number;
  bytesPerSecond: number;
  /** The last one to be done decides; unknown as long as one is unknown. */
  secondsLeft: number | null;
  done: number;
  inFlight: number;
  total: number;
}

export function totalsOf(jobs: readonly JobView[]): Totals {
  // What waits for its turn or its hours does not run.
  const running = jobs.filter((job) => job.state !== "queued");
  const sum = (of: (job: JobView) => number) => running.reduce((all, job) => all + of(job), 0);
  const left = running.map((job) => job.seconds_left);
  return {
    running: running.length,
    bytesPerSecond: sum((job) => job.bytes_per_second),
    secondsLeft: left.includes(null) ? null : Math.max(0, ...(left as number[])),
    done: sum((job) => job.bytes_done),
    inFlight: sum((job) => job.bytes_in_flight),
    total: sum((job) => job.bytes_total),
  };
}
