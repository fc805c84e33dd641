import { toasts } from "$app/toasts.svelte";
import { errorOf, type Place } from "$ipc";
import { m } from "$messages";
import { copyText } from "$shared/clipboard";
import { copyDialog } from "../copy/dialog.svelte";
import type { CopyLoad } from "../copy/draft.svelte";
import { formatAddress } from "./address";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";
import { selectionWords } from "./selection-words";

/** Beyond this the system clipboard gets no list of addresses: nobody pastes it anywhere. */
const MOST_ADDRESSES = 10_000;

class Clipboard {
  /** What Ctrl+V will copy. */
  held = $state.raw<CopyLoad | null>(null);
}

export const clipboard = new Clipboard();

/** The selected objects and folders of a pane as something to copy. */
export async function loadOf(pane: Pane): Promise<CopyLoad | null> {
  const { place } = pane;
  try {
    const selected = await pane.selected();
    if (!place || !selected) return null;
    const { keys, prefixes, bytes } = selected;
    return { source: place, keys, prefixes, bytes };
  } catch (cause) {
    toasts.fail(errorOf(cause));
    return null;
  }
}

/** Ctrl+C: holds the objects for pasting and gives their addresses to the system clipboard. */
export async function hold(pane: Pane): Promise<void> {
  const load = await loadOf(pane);
  if (!load) return;
  clipboard.held = load;
  await copyText(addresses(load.source, named(load)));
  toasts.say(m.browse_held({ what: selectionWords(load) }), { tone: "ok" });
}

/** Ctrl+V: the copy dialog, from what is held to where the pane stands. */
export function paste(pane: Pane): void {
  if (clipboard.held && pane.place) copyDialog.open(clipboard.held, pane.place);
}

/** Copies what is selected in a pane to where the other pane stands. */
export async function copyToOther(pane: Pane): Promise<void> {
  const destination = panes.otherOf(pane).place;
  const load = destination && (await loadOf(pane));
  if (load) copyDialog.open(load, destination);
}

/** Copy URI: the addresses of the selected lines, folders included. */
export async function copyAddresses(pane: Pane): Promise<void> {
  const { lead, place } = pane;
  const load = lead?.kind === "object" ? await loadOf(pane) : null;
  const text = load
    ? addresses(load.source, named(load))
    : place && lead
      ? addresses(place, [lead.key])
      : bucketAddress(pane);
  if (text !== null && (await copyText(text))) toasts.say(m.browse_address_copied());
}

function named(load: CopyLoad): string[] {
  return [...load.prefixes, ...load.keys].slice(0, MOST_ADDRESSES);
}

function bucketAddress(pane: Pane): string | null {
  const account = panes.accountOf(pane);
  return account && pane.lead?.kind === "bucket" ? formatAddress(account, pane.lead.key, "") : null;
}

function addresses(place: Place, keys: readonly string[]): string {
  const account = panes.accountById(place.account);
  if (!account) return keys.join("\n");
  return keys.map((key) => formatAddress(account, place.bucket, key)).join("\n");
}

/** Why nothing can be pasted where a pane stands; `null` when something can. */
export function pasteBlocked(pane: Pane): string | null {
  const { held } = clipboard;
  if (!held) return m.browse_nothing_held();
  if (!pane.place) return m.browse_open_bucket_first();
  return obstacleText(held.source.account, pane.place.account);
}

/** Why the selection of a pane cannot be copied to the other; `null` when it can. */
export function copyToOtherBlocked(pane: Pane): string | null {
  if (!pane.place || pane.selection.rows.isEmpty) return m.browse_select_first();
  const destination = panes.otherOf(pane).place;
  if (!destination) return m.browse_open_bucket_in_other();
  return obstacleText(pane.place.account, destination.account);
}

/** Why servers cannot copy between two accounts, in words; `null` when they can. */
export function obstacleText(from: string, to: string): string | null {
  const obstacle = panes.obstacle(from, to);
  if (obstacle === null) return null;
  const names = { from: panes.labelOf(from), to: panes.labelOf(to) };
  return obstacle === "provider"
    ? m.browse_obstacle_provider(names)
    : m.browse_obstacle_service(names);
}
