import ClipboardPaste from "@lucide/svelte/icons/clipboard-paste";
import ClipboardPen from "@lucide/svelte/icons/clipboard-pen";
import Copy from "@lucide/svelte/icons/copy";
import CopyCheck from "@lucide/svelte/icons/copy-check";
import FolderInput from "@lucide/svelte/icons/folder-input";
import Scissors from "@lucide/svelte/icons/scissors";
import { m } from "$messages";
import { browseAction, pane, unless } from "./act";
import { clipboard } from "./clipboard.svelte";
import { copyToOther, copyToOtherBlocked, hold, pasteBlocked } from "./hold";
import { paste, pasteWithOptions } from "./paste";

const somethingSelected = () =>
  unless(pane().place !== null && !pane().selection.rows.isEmpty, m.browse_select_first);

export const copy = browseAction({
  id: "browse.copy",
  group: "copy",
  label: m.browse_copy,
  icon: Copy,
  keys: ["Mod+C"],
  blocked: somethingSelected,
  run: () => void hold(pane(), "copy"),
});

export const cut = browseAction({
  id: "browse.cut",
  group: "copy",
  label: m.browse_cut,
  icon: Scissors,
  keys: ["Mod+X"],
  blocked: somethingSelected,
  run: () => void hold(pane(), "move"),
});

export const pasteHere = browseAction({
  id: "browse.paste",
  group: "copy",
  label: m.browse_paste,
  icon: ClipboardPaste,
  keys: ["Mod+V"],
  leavesKeys: () => clipboard.isEmpty,
  blocked: () => pasteBlocked(pane()),
  run: () => void paste(pane()),
});

export const pasteAsking = browseAction({
  id: "browse.paste-with-options",
  group: "copy",
  label: m.browse_paste_with_options,
  icon: ClipboardPen,
  keys: ["Mod+Shift+V"],
  blocked: () => pasteBlocked(pane()),
  run: () => void pasteWithOptions(pane()),
});

export const toOther = browseAction({
  id: "browse.copy-to-other",
  group: "copy",
  label: m.browse_copy_to_other,
  icon: CopyCheck,
  keys: { explorer: ["Mod+Shift+Enter"], commander: ["F5", "Mod+Shift+Enter"] },
  blocked: () => copyToOtherBlocked(pane()),
  run: () => void copyToOther(pane(), "copy"),
});

export const moveToOther = browseAction({
  id: "browse.move-to-other",
  group: "copy",
  label: m.browse_move_to_other,
  icon: FolderInput,
  keys: { explorer: ["Mod+Shift+M"], commander: ["F6", "Mod+Shift+M"] },
  blocked: () => copyToOtherBlocked(pane()),
  run: () => void copyToOther(pane(), "move"),
});

export const copyActions = [copy, cut, pasteHere, pasteAsking, toOther, moveToOther];
