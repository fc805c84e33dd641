import type { JobView, PartMap } from "$ipc";
import { byteRange, tally } from "./part-layout";

/**
 * A job of one object with its figures taken from the part map that is open: jobs are told by the
 * stream and maps are asked for, so side by side the two would tell different moments. A job of
 * more objects is told in objects, and stays as it is.
 */
export function asMapped(job: JobView, map: PartMap | null): JobView {
  if (!map || job.objects_total !== 1 || map.states.length !== job.parts_total) return job;
  const counts = tally(map.states);
  const bytes_done = bytesOf(map, counts["#"]);
  return {
    ...job,
    parts_done: counts["#"],
    bytes_done,
    in_flight: counts.o + counts.r,
    bytes_in_flight: Math.min(job.bytes_in_flight, job.bytes_total - bytes_done),
  };
}

/** Bytes of the done parts; only the last one can be smaller than the others. */
function bytesOf(map: PartMap, done: number): number {
  const parts = map.states.length;
  if (parts === 0) return 0;
  const [first, last] = byteRange(parts, map.part_size, map.size);
  const missing = map.states.endsWith("#") ? map.part_size - (last - first + 1) : 0;
  return done * map.part_size - missing;
}
