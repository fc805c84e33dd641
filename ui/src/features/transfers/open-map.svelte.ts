import type { JobView, PartMap } from "$ipc";
import { asMapped } from "./mapped";

/** The part map on the screen, as long as its parts move. */
class OpenMap {
  #seen = $state.raw<{ job: number; map: PartMap } | null>(null);

  show(job: number, map: PartMap): void {
    this.#seen = { job, map };
  }

  close(): void {
    this.#seen = null;
  }

  /** The job as everything beside the map is to tell it. */
  beside(job: JobView): JobView {
    return asMapped(job, this.#seen?.job === job.id ? this.#seen.map : null);
  }
}

export const openMap = new OpenMap();
