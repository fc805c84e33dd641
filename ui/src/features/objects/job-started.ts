import { router } from "$app/router.svelte";
import { toasts } from "$app/toasts.svelte";
import { m } from "$messages";

/** Says that a job runs, and leads to it. */
export function sayStarted(text: string, job: number): void {
  toasts.say(text, {
    tone: "ok",
    action: { label: m.show_in_transfers(), run: () => router.go("transfers", job) },
  });
}
