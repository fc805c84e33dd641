import ListChecks from "@lucide/svelte/icons/list-checks";
import type { Action } from "$app/actions.svelte";
import { m } from "$messages";
import { browseAction, IN_LIST, pane, unless } from "./act";

export const selectAll = browseAction({
  id: "browse.select-all",
  label: m.browse_select_all,
  keys: ["Mod+A"],
  run: () => pane().selectAll(),
});

export const selectEverything = browseAction({
  id: "browse.select-everything",
  label: m.browse_select_everything,
  icon: ListChecks,
  keys: [],
  blocked: () => unless(pane().place !== null && pane().count > 0, m.browse_open_bucket_first),
  run: () => pane().selectEverything(),
});

export const selectNone = browseAction({
  id: "browse.select-none",
  label: m.browse_select_none,
  keys: ["Mod+Shift+A"],
  run: () => {
    pane().selection = pane().selection.clear();
  },
});

export const invert = browseAction({
  id: "browse.invert",
  label: m.browse_invert,
  keys: ["*"],
  run: () => {
    pane().selection = pane().selection.invert(pane().count);
  },
});

export const toggle = browseAction({
  id: "browse.toggle",
  label: m.browse_toggle,
  // One tradition looks at the object with Space, the other selects it and adds up.
  keys: { explorer: ["Mod+Space"], commander: ["Space", "Mod+Space"] },
  within: IN_LIST,
  run: () => {
    pane().selection = pane().selection.toggle(pane().selection.lead);
  },
});

export const toggleAndMove = browseAction({
  id: "browse.toggle-down",
  label: m.browse_toggle_down,
  keys: ["Insert"],
  within: IN_LIST,
  run: () => {
    const { selection, count } = pane();
    const { lead } = selection;
    const next = Math.min(lead + 1, count - 1);
    pane().selection = selection.toggle(lead).moveLead(next);
    pane().view?.reveal(next);
  },
});

export const menu = browseAction({
  id: "browse.menu",
  label: m.browse_menu,
  keys: ["Shift+F10", "ContextMenu"],
  within: IN_LIST,
  run: () => pane().view?.openMenu(),
});

/** Escape puts away what was opened last: a search, a filter, then the selection. */
export const clear: Action = browseAction({
  id: "browse.clear",
  label: m.browse_clear,
  keys: ["Escape"],
  run: () => {
    const here = pane();
    if (here.seek.missing) here.seek.forget();
    else if (here.selection.rows.isEmpty && (here.filtering || here.searched !== null)) {
      void here.unfilter();
    } else here.selection = here.selection.clear();
  },
});

export const selectActions = [
  selectAll,
  selectEverything,
  selectNone,
  invert,
  toggle,
  toggleAndMove,
  menu,
  clear,
];
