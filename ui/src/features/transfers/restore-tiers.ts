import type { Dialect, RestoreTier } from "$ipc";

/** What a provider offers for a restore: the usual tier first. */
export interface RestoreTerms {
  tiers: readonly RestoreTier[];
  mostDays: number;
}

/** OBS has no bulk tier and keeps restored bytes for a month at most. */
export function restoreTermsOf(dialect: Dialect): RestoreTerms {
  return dialect === "obs" || dialect === "obs-v2"
    ? { tiers: ["standard", "expedited"], mostDays: 30 }
    : { tiers: ["standard", "expedited", "bulk"], mostDays: 365 };
}
