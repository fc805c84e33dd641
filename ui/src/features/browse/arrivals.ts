import { isSettled, jobStore } from "$app/jobs.svelte";
import type { JobView } from "$ipc";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";

let settled: ReadonlySet<number> | null = null;

/**
 * What jobs have brought or taken away shows without being asked for: at once where it can be
 * seen, otherwise when the tab comes to the front. Made for `$effect`; reads the jobs.
 */
export function jobsThatSettled(): JobView[] {
  const before = settled;
  const now = jobStore.list.filter(isSettled);
  settled = new Set(now.map((job) => job.id));
  // What was settled when the window opened has been listed with its effects.
  return before === null ? [] : now.filter((job) => !before.has(job.id));
}

export function refresh(jobs: readonly JobView[]): void {
  for (const pane of panes.all) {
    if (!jobs.some((job) => concerns(job, pane))) continue;
    if (pane === panes.left || pane === panes.right) void pane.reload();
    else pane.stale = true;
  }
}

function concerns(job: JobView, pane: Pane): boolean {
  const here = pane.place;
  if (!here) return false;
  const places = job.moves ? [job.source, job.destination] : [job.destination];
  return places.some(
    ({ account, bucket, prefix }) =>
      account === here.account &&
      bucket === here.bucket &&
      (prefix.startsWith(here.prefix) || here.prefix.startsWith(prefix)),
  );
}
