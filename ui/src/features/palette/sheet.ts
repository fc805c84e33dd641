import { type Action, type ActionGroup, everKnown, shortcutsOf } from "$app/actions.svelte";
import { shortcutLabel } from "$app/shortcut";
import { m } from "$messages";

export interface SheetGroup {
  title: string;
  lines: { id: string; label: string; keys: string[] }[];
}

/** In the order of the sheet; what is done in lists comes from no action. */
const ORDER: ActionGroup[] = [
  "browse",
  "copy",
  "objects",
  "transfers",
  "accounts",
  "screens",
  "window",
];

/** Every shortcut there is, under the heading of its action. */
export function sheet(): SheetGroup[] {
  const all = everKnown();
  const groups = ORDER.map((group) => ({
    title: groupTitle(group),
    lines: all.filter((action) => (action.group ?? "window") === group).flatMap(line),
  }));
  return [...groups, lists()].filter((group) => group.lines.length > 0);
}

function line(action: Action): SheetGroup["lines"] {
  // The nine of a kind are one line.
  const numbered = /^(.*\D)([1-9])$/.exec(action.id);
  if (numbered && numbered[2] !== "1") return [];
  const keys = shortcutsOf(action).map((shortcut) => shortcutLabel(shortcut));
  const shown = numbered ? keys.map((key) => `${key} … 9`) : keys;
  return keys.length === 0 ? [] : [{ id: action.id, label: action.label(), keys: shown }];
}

export function groupTitle(group: ActionGroup): string {
  const titles: Record<ActionGroup, () => string> = {
    screens: m.group_screens,
    window: m.group_window,
    browse: m.group_browse,
    objects: m.group_objects,
    copy: m.group_copy,
    transfers: m.group_in_transfers,
    accounts: m.group_accounts,
  };
  return titles[group]();
}

/** What every list does by itself. */
function lists(): SheetGroup {
  return {
    title: m.group_lists(),
    lines: [
      { id: "list.move", label: m.list_move(), keys: ["↑", "↓", "Home", "End"] },
      {
        id: "list.extend",
        label: m.list_extend(),
        keys: ["Shift+ArrowUp", "Shift+ArrowDown"].map((shortcut) => shortcutLabel(shortcut)),
      },
      { id: "list.menu", label: m.list_menu(), keys: [shortcutLabel("Shift+F10")] },
    ],
  };
}
