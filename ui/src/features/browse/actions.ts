import type { Action } from "$app/actions.svelte";
import {
  copy,
  copyActions,
  cut,
  moveToOther,
  pasteAsking,
  pasteHere,
  toOther,
} from "./copy-actions";
import { goActions, open, openInOther } from "./go-actions";
import {
  acl,
  duplicate,
  newFolder,
  objectActions,
  presign,
  remove,
  rename,
  restore,
  showObjectDetails,
  storageClass,
  tags,
} from "./object-actions";
import { selectActions } from "./select-actions";
import { sideActions } from "./side-actions";
import { copyHttps, copyKey, copyUri, uriActions } from "./uri-actions";

/** Everything that can be done while Browse is on screen. */
export const browseActions: Action[] = [
  ...goActions,
  ...copyActions,
  ...objectActions,
  ...selectActions,
  ...uriActions,
  ...sideActions,
];

/** A line of the context menu: an action, a line between groups, or a menu in the menu. */
export type MenuPlan = Action | "line" | { id: string; label: "copy-uri"; actions: Action[] };

/** The context menu of lines; the order never changes. */
export const menuPlan: MenuPlan[] = [
  open,
  openInOther,
  copy,
  cut,
  pasteHere,
  pasteAsking,
  "line",
  toOther,
  moveToOther,
  duplicate,
  "line",
  { id: "browse.addresses", label: "copy-uri", actions: [copyUri, copyHttps, copyKey, presign] },
  "line",
  storageClass,
  restore,
  tags,
  acl,
  "line",
  newFolder,
  rename,
  remove,
  "line",
  showObjectDetails,
];
