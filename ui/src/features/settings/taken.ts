import { type Action, shortcutsOf } from "$app/actions.svelte";

/**
 * The action that has a shortcut already. The same one is fine in places that are never in use
 * together: in different lists, or on different screens.
 */
export function takenBy(shortcut: string, wanted: Action, all: readonly Action[]): Action | null {
  const same = (action: Action) =>
    shortcutsOf(action).some((known) => known.toLowerCase() === shortcut.toLowerCase());
  const together = (action: Action) =>
    isEverywhere(action) || isEverywhere(wanted) || action.group === wanted.group;
  return all.find((action) => action.id !== wanted.id && same(action) && together(action)) ?? null;
}

function isEverywhere(action: Action): boolean {
  return action.group === undefined || action.group === "window" || action.group === "screens";
}
