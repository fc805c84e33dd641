import ArrowUp from "@lucide/svelte/icons/arrow-up";
import ClipboardPaste from "@lucide/svelte/icons/clipboard-paste";
import Copy from "@lucide/svelte/icons/copy";
import CopyCheck from "@lucide/svelte/icons/copy-check";
import CornerDownRight from "@lucide/svelte/icons/corner-down-right";
import Link from "@lucide/svelte/icons/link";
import PanelRight from "@lucide/svelte/icons/panel-right";
import type { Action } from "$app/actions.svelte";
import { onMac } from "$app/shortcut";
import { m } from "$messages";
import {
  copyAddresses,
  copyToOther,
  copyToOtherBlocked,
  hold,
  paste,
  pasteBlocked,
} from "./clipboard.svelte";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";
import { parentOf } from "./spot";

/** What the browser can do; always with the pane in use. */
const pane = () => panes.current;

const nothing = (reason: string, isThere: boolean) => (isThere ? null : reason);

const openable = (of: Pane) => {
  const { lead } = of;
  return lead !== undefined && of.spotOf(lead) !== null;
};

export const open: Action = {
  id: "browse.open",
  label: m.browse_open,
  icon: CornerDownRight,
  blocked: () => nothing(m.browse_not_a_folder(), openable(pane())),
  run: () => {
    const { lead } = pane();
    if (lead) void pane().enter(lead);
  },
};

export const openInOther: Action = {
  id: "browse.open-in-other",
  label: m.browse_open_in_other,
  icon: PanelRight,
  blocked: () => nothing(m.browse_not_a_folder(), openable(pane())),
  run: () => {
    const { lead } = pane();
    const spot = lead && pane().spotOf(lead);
    if (spot) void panes.other.go(spot);
  },
};

export const copy: Action = {
  id: "browse.copy",
  label: m.browse_copy,
  icon: Copy,
  keys: ["Mod+C"],
  blocked: () =>
    nothing(m.browse_select_first(), pane().place !== null && !pane().selection.rows.isEmpty),
  run: () => void hold(pane()),
};

export const pasteHere: Action = {
  id: "browse.paste",
  label: m.browse_paste,
  icon: ClipboardPaste,
  keys: ["Mod+V"],
  blocked: () => pasteBlocked(pane()),
  run: () => paste(pane()),
};

export const toOther: Action = {
  id: "browse.copy-to-other",
  label: m.browse_copy_to_other,
  icon: CopyCheck,
  keys: ["Mod+Shift+Enter"],
  blocked: () => copyToOtherBlocked(pane()),
  run: () => void copyToOther(pane()),
};

export const copyUri: Action = {
  id: "browse.copy-uri",
  label: m.browse_copy_uri,
  icon: Link,
  blocked: () =>
    nothing(m.browse_select_first(), pane().lead !== undefined && pane().lead?.kind !== "account"),
  run: () => void copyAddresses(pane()),
};

export const up: Action = {
  id: "browse.up",
  label: m.browse_up,
  icon: ArrowUp,
  keys: onMac ? ["Mod+ArrowUp", "Backspace"] : ["Alt+ArrowUp", "Backspace"],
  blocked: () => nothing(m.browse_at_top(), parentOf(pane().spot) !== null),
  run: () => void pane().up(),
};

export const back: Action = {
  id: "browse.back",
  label: m.browse_back,
  keys: onMac ? ["Mod+["] : ["Alt+ArrowLeft"],
  run: () => void pane().back(),
};

export const forward: Action = {
  id: "browse.forward",
  label: m.browse_forward,
  keys: onMac ? ["Mod+]"] : ["Alt+ArrowRight"],
  run: () => void pane().forward(),
};

export const reload: Action = {
  id: "browse.reload",
  label: m.browse_reload,
  keys: ["F5", "Mod+R"],
  run: () => void pane().reload(),
};

export const editAddress: Action = {
  id: "browse.address",
  label: m.browse_edit_address,
  keys: ["Mod+L"],
  run: () => {
    pane().editing = true;
  },
};

export const selectAll: Action = {
  id: "browse.select-all",
  label: m.browse_select_all,
  keys: ["Mod+A"],
  run: () => {
    pane().selection = pane().selection.all(pane().count);
  },
};

export const selectNone: Action = {
  id: "browse.select-none",
  label: m.browse_select_none,
  keys: ["Mod+Shift+A"],
  run: () => {
    pane().selection = pane().selection.clear();
  },
};

export const invert: Action = {
  id: "browse.invert",
  label: m.browse_invert,
  keys: ["*"],
  run: () => {
    pane().selection = pane().selection.invert(pane().count);
  },
};

export const clear: Action = {
  id: "browse.clear",
  label: m.browse_select_none,
  keys: ["Escape"],
  run: () => {
    pane().selection = pane().selection.clear();
  },
};

/** Everything that has a shortcut while Browse is on screen. */
export const browseActions: Action[] = [
  copy,
  pasteHere,
  toOther,
  up,
  back,
  forward,
  reload,
  editAddress,
  selectAll,
  selectNone,
  invert,
  clear,
];

/** The context menu; the order never changes. */
export const menuActions: (Action | null)[] = [
  open,
  openInOther,
  copy,
  pasteHere,
  null,
  toOther,
  null,
  copyUri,
];
