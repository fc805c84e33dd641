import { asking } from "$app/asking";
import { toasts } from "$app/toasts.svelte";
import { type AccountView, errorOf, type JobKind, type Place } from "$ipc";
import { m } from "$messages";
import { copyText } from "$shared/clipboard";
import { copyDialog } from "../copy/dialog.svelte";
import type { CopyLoad } from "../copy/draft.svelte";
import { formatAddress, formatWeb } from "./address";
import { clipboard } from "./clipboard.svelte";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";
import { selectionWords } from "./selection-words";

/** Beyond this the system clipboard gets no list of addresses: nobody pastes it anywhere. */
const MOST_ADDRESSES = 10_000;

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

/** Ctrl+C, Ctrl+X: holds the objects and gives their addresses to the system clipboard. */
export async function hold(pane: Pane, kind: JobKind): Promise<void> {
  const load = await clipboard.take(loadOf(pane), kind);
  if (!load) return;
  await copyText(addresses(load.source, named(load), formatAddress));
  const what = selectionWords(load);
  toasts.say(kind === "move" ? m.browse_held_cut({ what }) : m.browse_held({ what }), {
    tone: "ok",
  });
}

/** Opens the copy dialog. */
export function openCopy(load: CopyLoad, destination: Place, kind: JobKind): void {
  copyDialog.open(load, destination);
  if (copyDialog.draft) copyDialog.draft.kind = kind;
}

/** Copies or moves what is selected in a pane to where the other pane stands. */
export async function copyToOther(pane: Pane, kind: JobKind): Promise<void> {
  const destination = panes.otherOf(pane).place;
  const isLatest = asking();
  const load = destination && (await loadOf(pane));
  if (load && isLatest()) openCopy(load, destination, kind);
}

/** How an object is named on the system clipboard. */
export type AddressForm = "uri" | "https" | "key";

const FORMS: Record<AddressForm, (account: AccountView, bucket: string, key: string) => string> = {
  uri: formatAddress,
  https: formatWeb,
  key: (_, bucket, key) => key || bucket,
};

/** Copies the addresses of the selected lines, folders included. */
export async function copyAddresses(pane: Pane, form: AddressForm): Promise<void> {
  const { lead, place } = pane;
  const load = place ? await loadOf(pane) : null;
  const account = panes.accountOf(pane);
  const text = load
    ? addresses(load.source, named(load), FORMS[form])
    : account && lead?.kind === "bucket"
      ? FORMS[form](account, lead.key, "")
      : null;
  if (text !== null && (await copyText(text))) toasts.say(m.browse_address_copied());
}

function named(load: CopyLoad): string[] {
  return [...load.prefixes, ...load.keys].slice(0, MOST_ADDRESSES);
}

function addresses(place: Place, keys: readonly string[], form: typeof formatAddress): string {
  const account = panes.accountById(place.account);
  if (!account) return keys.join("\n");
  return keys.map((key) => form(account, place.bucket, key)).join("\n");
}

/** Why nothing can be pasted where a pane stands; `null` when something can. */
export function pasteBlocked(pane: Pane): string | null {
  const { held, isComing } = clipboard;
  if (clipboard.isEmpty) return m.browse_nothing_held();
  if (!pane.place) return m.browse_open_bucket_first();
  // Whoever pastes at once waits for what he copied, and is told then.
  return held && !isComing ? obstacleText(held.source.account, pane.place.account) : null;
}

/** Why the selection of a pane cannot be copied to the other; `null` when it can. */
export function copyToOtherBlocked(pane: Pane): string | null {
  if (!pane.place || pane.selection.rows.isEmpty) return m.browse_select_first();
  if (panes.single) return m.browse_show_both_first();
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
