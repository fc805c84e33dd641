import { asking } from "$app/asking";
import type { Place } from "$ipc";
import { CopyDraft, type CopyLoad } from "./draft.svelte";

/** The one copy dialog; any screen may open it. */
class CopyDialogState {
  draft = $state.raw<CopyDraft | null>(null);

  open(load: CopyLoad, destination: Place): void {
    this.show(new CopyDraft(load, destination));
  }

  show(draft: CopyDraft): void {
    asking();
    this.draft = draft;
  }

  close(): void {
    this.draft = null;
  }
}

export const copyDialog = new CopyDialogState();
