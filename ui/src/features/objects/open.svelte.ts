import { asking } from "$app/asking";
import type { Place } from "$ipc";

/** What is selected in a bucket, as the browser hands it over. */
export interface ObjectSelection {
  /** Where it is; the prefix is the one it was shown under. */
  place: Place;
  keys: string[];
  prefixes: string[];
  /** Of the objects; nobody knows it of the prefixes yet. */
  bytes: number;
}

/** The questions that can be asked about a selection, or (`folder`) about the place itself. */
export type ObjectDialogKind =
  | "delete"
  | "rename"
  | "duplicate"
  | "class"
  | "restore"
  | "tags"
  | "acl"
  | "folder"
  | "presign"
  | "info";

export interface OpenDialog {
  kind: ObjectDialogKind;
  selection: ObjectSelection;
}

/** The one dialog about objects; any screen may open it. Drawn by `ObjectDialogs.svelte`. */
class ObjectDialogState {
  open = $state.raw<OpenDialog | null>(null);
}

/** The details panel at the right of Browse. Drawn by `DetailsPanel.svelte`. */
class DetailsState {
  visible = $state(false);
  selection = $state.raw<ObjectSelection | null>(null);
  /** The tab in front, the same from object to object. */
  tab = $state("info");
}

export const objectDialog = new ObjectDialogState();
export const details = new DetailsState();

/** Asks about a selection: how to delete, rename, restore … it. */
export function openObjectDialog(kind: ObjectDialogKind, selection: ObjectSelection): void {
  asking();
  objectDialog.open = { kind, selection };
}

/** Whether it is this selection that is asked about. */
export function isAsked(selection: ObjectSelection): boolean {
  return objectDialog.open?.selection === selection;
}

/** Closes the dialog about a selection; one about another, opened while it went on, stays. */
export function closeObjectDialog(selection: ObjectSelection): void {
  if (isAsked(selection)) objectDialog.open = null;
}

/** Opens the details panel at a selection, or moves it there. `tab` brings one to the front. */
export function showDetails(selection: ObjectSelection, tab?: string): void {
  details.selection = selection;
  details.visible = true;
  if (tab !== undefined) details.tab = tab;
}

/** Lets the open panel follow the selection; `null` where nothing is selected. */
export function followDetails(selection: ObjectSelection | null): void {
  if (details.visible) details.selection = selection;
}

/** Closes the details panel. */
export function hideDetails(): void {
  details.visible = false;
}
