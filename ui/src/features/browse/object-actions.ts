import Archive from "@lucide/svelte/icons/archive";
import ArchiveRestore from "@lucide/svelte/icons/archive-restore";
import CopyPlus from "@lucide/svelte/icons/copy-plus";
import FolderPlus from "@lucide/svelte/icons/folder-plus";
import Info from "@lucide/svelte/icons/info";
import Link from "@lucide/svelte/icons/link";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Tag from "@lucide/svelte/icons/tag";
import TextCursorInput from "@lucide/svelte/icons/text-cursor-input";
import Trash2 from "@lucide/svelte/icons/trash-2";
import type { Action } from "$app/actions.svelte";
import { asking } from "$app/asking";
import { onMac } from "$app/shortcut";
import {
  details,
  hideDetails,
  type ObjectDialogKind,
  type ObjectSelection,
  openObjectDialog,
  showDetails,
} from "$features/objects/open.svelte";
import { m } from "$messages";
import { browseAction, IN_LIST, pane, unless } from "./act";
import { loadOf } from "./hold";

type Blocked = () => string | null;

const some: Blocked = () =>
  unless(pane().place !== null && !pane().selection.rows.isEmpty, m.browse_select_first);
const one: Blocked = () => some() ?? unless(pane().selection.rows.count === 1, m.browse_select_one);
const objects: Blocked = () =>
  some() ??
  unless(pane().selection.rows.count > 1 || pane().lead?.kind === "object", m.browse_objects_only);
const oneObject: Blocked = () =>
  some() ??
  unless(
    pane().selection.rows.count === 1 && pane().lead?.kind === "object",
    m.browse_select_one_object,
  );
const inBucket: Blocked = () => unless(pane().place !== null, m.browse_open_bucket_first);

/** What is selected, for the dialogs and the details. */
export async function objectSelection(): Promise<ObjectSelection | null> {
  const load = await loadOf(pane());
  if (!load) return null;
  const { source: place, keys, prefixes, bytes } = load;
  return { place, keys, prefixes, bytes };
}

function asks(
  kind: ObjectDialogKind,
  rest: Omit<Action, "id" | "run"> & { blocked: Blocked },
): Action {
  const run = async () => {
    const isLatest = asking();
    const selection = await objectSelection();
    if (selection && isLatest()) openObjectDialog(kind, selection);
  };
  return browseAction({ group: "objects", id: `object.${kind}`, run: () => void run(), ...rest });
}

export const duplicate = asks("duplicate", {
  label: m.browse_duplicate,
  icon: CopyPlus,
  blocked: one,
});

export const presign = asks("presign", {
  label: m.browse_presign,
  icon: Link,
  blocked: oneObject,
});

export const storageClass = asks("class", {
  label: m.browse_storage_class,
  icon: Archive,
  blocked: some,
});

export const restore = asks("restore", {
  label: m.browse_restore,
  icon: ArchiveRestore,
  blocked: some,
});

export const tags = asks("tags", { label: m.browse_tags, icon: Tag, blocked: objects });

export const acl = asks("acl", { label: m.browse_acl, icon: ShieldCheck, blocked: objects });

export const rename = asks("rename", {
  label: m.browse_rename,
  icon: TextCursorInput,
  keys: { explorer: ["F2"], commander: ["Shift+F6", "F2"] },
  blocked: one,
});

export const remove = asks("delete", {
  label: m.browse_delete,
  icon: Trash2,
  keys: {
    explorer: onMac ? ["Mod+Backspace", "Delete"] : ["Delete"],
    commander: ["F8", "Delete"],
  },
  within: IN_LIST,
  blocked: some,
});

/** The preset's Space: a look at the object in one tradition, select and add up in the other. */
export const quickInfo = asks("info", {
  label: m.browse_quick_info,
  icon: Info,
  keys: { explorer: ["Space"], commander: [] },
  within: IN_LIST,
  blocked: one,
});

export const newFolder: Action = browseAction({
  id: "object.folder",
  group: "objects",
  label: m.browse_new_folder,
  icon: FolderPlus,
  keys: { explorer: ["Mod+Shift+N"], commander: ["F7", "Mod+Shift+N"] },
  blocked: inBucket,
  run: () => {
    const { place } = pane();
    if (place) openObjectDialog("folder", { place, keys: [], prefixes: [], bytes: 0 });
  },
});

export const showObjectDetails: Action = browseAction({
  id: "object.details",
  group: "objects",
  label: () => (details.visible ? m.browse_details_hide() : m.browse_details()),
  icon: Info,
  keys: ["Mod+I"],
  blocked: () => (details.visible ? null : some()),
  run: () => {
    if (details.visible) hideDetails();
    else void objectSelection().then((selection) => selection && showDetails(selection));
  },
});

export const objectActions = [
  duplicate,
  presign,
  storageClass,
  restore,
  tags,
  acl,
  rename,
  remove,
  quickInfo,
  newFolder,
  showObjectDetails,
];
