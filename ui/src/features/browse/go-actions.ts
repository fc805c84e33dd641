import ArrowUp from "@lucide/svelte/icons/arrow-up";
import CornerDownRight from "@lucide/svelte/icons/corner-down-right";
import ListFilter from "@lucide/svelte/icons/list-filter";
import PanelRight from "@lucide/svelte/icons/panel-right";
import Star from "@lucide/svelte/icons/star";
import { onMac } from "$app/shortcut";
import { m } from "$messages";
import { browseAction, IN_LIST, pane, unless } from "./act";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";
import { places } from "./places.svelte";
import { accountOf, parentOf } from "./spot";

const openable = () => {
  const { lead } = pane();
  return lead !== undefined && pane().spotOf(lead) !== null;
};

export const open = browseAction({
  id: "browse.open",
  label: m.browse_open,
  icon: CornerDownRight,
  keys: onMac ? ["Enter", "Mod+ArrowDown"] : ["Enter"],
  within: IN_LIST,
  blocked: () => unless(openable() || pane().seek.isBusy, m.browse_not_a_folder),
  run: () => void enterLead(pane()),
});

/** What was just typed is looked for before the line is opened. */
async function enterLead(here: Pane): Promise<void> {
  await here.seek.settled();
  if (here.lead) await here.enter(here.lead);
}

export const openInOther = browseAction({
  id: "browse.open-in-other",
  label: m.browse_open_in_other,
  icon: PanelRight,
  blocked: () =>
    unless(openable(), m.browse_not_a_folder) ?? unless(!panes.single, m.browse_show_both_first),
  run: () => {
    const { lead } = pane();
    const spot = lead && pane().spotOf(lead);
    if (spot) void panes.other.go(spot);
  },
});

export const up = browseAction({
  id: "browse.up",
  label: m.browse_up,
  icon: ArrowUp,
  keys: onMac ? ["Mod+ArrowUp", "Backspace"] : ["Alt+ArrowUp", "Backspace"],
  blocked: () => unless(parentOf(pane().spot) !== null, m.browse_at_top),
  run: () => void pane().up(),
});

export const back = browseAction({
  id: "browse.back",
  label: m.browse_back,
  keys: onMac ? ["Mod+["] : ["Alt+ArrowLeft"],
  blocked: () => unless(pane().trail.canGoBack, m.browse_no_way_back),
  run: () => void pane().back(),
});

export const forward = browseAction({
  id: "browse.forward",
  label: m.browse_forward,
  keys: onMac ? ["Mod+]"] : ["Alt+ArrowRight"],
  blocked: () => unless(pane().trail.canGoForward, m.browse_no_way_forward),
  run: () => void pane().forward(),
});

export const reload = browseAction({
  id: "browse.reload",
  label: m.browse_reload,
  keys: { explorer: ["F5", "Mod+R"], commander: ["Mod+R"] },
  run: () => void pane().reload(),
});

export const editAddress = browseAction({
  id: "browse.address",
  label: m.browse_edit_address,
  keys: ["Mod+L"],
  run: () => {
    pane().editing = true;
  },
});

export const filterLines = browseAction({
  id: "browse.filter",
  label: m.browse_filter,
  icon: ListFilter,
  keys: ["/", "Mod+F"],
  run: () => {
    pane().filtering = true;
  },
});

export const bookmark = browseAction({
  id: "browse.bookmark",
  label: () =>
    places.isBookmarked(pane().spot) ? m.browse_bookmark_remove() : m.browse_bookmark_add(),
  icon: Star,
  keys: ["Mod+D"],
  blocked: () => unless(accountOf(pane().spot) !== null, m.browse_open_bucket_first),
  run: () => places.toggle(pane().spot),
});

export const goActions = [
  open,
  openInOther,
  up,
  back,
  forward,
  reload,
  editAddress,
  filterLines,
  bookmark,
];
