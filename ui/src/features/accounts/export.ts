import type { AccountView } from "$ipc";

/** An account as text to hand on: where it leads, and nothing of its key. */
export function withoutSecret(account: AccountView): string {
  const { name, dialect, endpoint, region, addressing, named_buckets } = account;
  return `${JSON.stringify({ name, dialect, endpoint, region, addressing, named_buckets }, null, 2)}\n`;
}
