import type { Place } from "$ipc";
import { panes } from "../browse/panes.svelte";

/** Tabs that show a bucket look at it again: at once where it can be seen. */
export function refreshPlaces(place: Place): void {
  for (const pane of panes.all) {
    const here = pane.place;
    if (here?.account !== place.account || here.bucket !== place.bucket) continue;
    if (pane === panes.left || pane === panes.right) void pane.reload();
    else pane.stale = true;
  }
}
