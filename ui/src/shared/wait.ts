/** What a transfer, and with it its job, may wait for; the core's words. */
export type Wait = "network" | "credential" | "restore" | "decision";

const BECAUSE: Record<string, Wait> = {
  network: "network",
  throttled: "network",
  wrong_credential: "credential",
  expired_credential: "credential",
  missing_credential: "credential",
  account_suspended: "credential",
  needs_restore: "restore",
  source_changed: "decision",
  destination_conflict: "decision",
  unprovable: "decision",
  upload_uncertain: "decision",
};

/** What is waited for because of an error of this kind; `null` when nobody waits for that. */
export function waitBecauseOf(kind: string | undefined): Wait | null {
  return (kind !== undefined && BECAUSE[kind]) || null;
}
