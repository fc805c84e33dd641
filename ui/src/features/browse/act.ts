import type { Action } from "$app/actions.svelte";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";

/** What the browser can do is always done with the tab in use. */
export const pane = (): Pane => panes.current;

/** The keys of a list: elsewhere they press buttons or type. */
export const IN_LIST = '[role="grid"]';

/** A reason that holds unless something is there. */
export const unless = (isThere: boolean, reason: () => string): string | null =>
  isThere ? null : reason();

/** An action of the browser. */
export function browseAction(action: Action): Action {
  return { group: "browse", ...action };
}
