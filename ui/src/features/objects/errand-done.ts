import { toasts } from "$app/toasts.svelte";
import type { ErrandStatus } from "$ipc";
import { m } from "$messages";
import { counted } from "../browse/counted";

/**
 * Says what was done, where all of it was. `false` where something failed or nobody knows: what
 * became of it is read in the dialog, which stays.
 */
export function sayDone(
  status: ErrandStatus | null,
  words: typeof m.errand_done = m.errand_done,
): boolean {
  if (status === null || status.error !== null || status.failed > 0) return false;
  toasts.say(words(counted(status.done)), { tone: "ok" });
  return true;
}
