import Import from "@lucide/svelte/icons/import";
import Plus from "@lucide/svelte/icons/plus";
import type { Action } from "$app/actions.svelte";
import type { AccountView, ImportKind } from "$ipc";
import { m } from "$messages";
import type { Purpose } from "./form.svelte";

/** The dialogs about accounts; they can be opened from any screen. */
class AccountDialogs {
  form = $state.raw<{ account: AccountView | null; purpose: Purpose } | null>(null);
  importing = $state.raw<{ kind: ImportKind | null } | null>(null);

  add(): void {
    this.form = { account: null, purpose: "add" };
  }

  open(account: AccountView, purpose: Purpose): void {
    this.form = { account, purpose };
  }

  /** With a kind its file is read at once. */
  import(kind: ImportKind | null = null): void {
    this.importing = { kind };
  }
}

export const dialogs = new AccountDialogs();

export const accountActions: Action[] = [
  {
    id: "accounts.add",
    group: "accounts",
    label: m.add_account,
    icon: Plus,
    run: () => dialogs.add(),
  },
  {
    id: "accounts.import",
    group: "accounts",
    label: m.import_accounts,
    icon: Import,
    run: () => dialogs.import(),
  },
];
