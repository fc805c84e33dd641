import type { CopiedAgain } from "$ipc";
import { copyDialog } from "./dialog.svelte";
import { TimingDraft } from "./timing.svelte";

/** Opens the copy dialog with what an earlier job was asked for. */
export function openAgain({ request, bytes }: CopiedAgain): void {
  const { source, named, destination, options } = request;
  const names = (whole: boolean) =>
    (named ?? []).filter((one) => one.whole_prefix === whole).map((one) => one.key);
  const load = named
    ? { source, keys: names(false), prefixes: names(true), named, bytes }
    : { source, keys: request.keys, prefixes: request.prefixes ?? [], bytes };
  copyDialog.open(load, destination);
  const draft = copyDialog.draft;
  if (draft === null) return;
  draft.kind = request.kind ?? "copy";
  draft.onConflict = request.on_conflict ?? "ask";
  draft.partSize = options.part_size;
  draft.transfersAtOnce = options.transfers_at_once;
  draft.partsAtOnce = options.parts_at_once;
  draft.storageClass = options.storage_class;
  draft.terms = options.terms ?? null;
  if (options.timing) draft.timing = new TimingDraft(options.timing);
}
