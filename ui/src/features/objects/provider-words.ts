import type { Dialect, RestoreTier } from "$ipc";
import { m } from "$messages";

export function isObs(dialect: Dialect): boolean {
  return dialect === "obs" || dialect === "obs-v2";
}

/** Classes whose objects must be restored before they can be read. */
export function isArchive(storageClass: string): boolean {
  return ["ARCHIVE", "DEEP_ARCHIVE", "COLD", "GLACIER"].includes(storageClass);
}

/** What the provider calls a restore tier. */
export function tierName(tier: RestoreTier, dialect: Dialect): string {
  if (tier === "bulk") return m.thaw_bulk();
  if (isObs(dialect)) return tier === "expedited" ? m.thaw_expedited_obs() : m.thaw_standard_obs();
  return tier === "expedited" ? m.thaw_expedited() : m.thaw_standard();
}

type Span = [from: number, to: number, unit: "minute" | "hour"];

/** How long the vendors' pages say a restore takes from their usual archive class. */
const TIMES: Record<"cos" | "obs" | "s3", Partial<Record<RestoreTier, Span>>> = {
  cos: { expedited: [1, 5, "minute"], standard: [3, 5, "hour"], bulk: [5, 12, "hour"] },
  obs: { expedited: [1, 5, "minute"], standard: [3, 5, "hour"] },
  s3: { expedited: [1, 5, "minute"], standard: [3, 5, "hour"], bulk: [5, 12, "hour"] },
};

/** `1–5 min`; `null` where the provider names none. */
export function tierTime(tier: RestoreTier, dialect: Dialect, locale: string): string | null {
  const span = TIMES[isObs(dialect) ? "obs" : (dialect as "cos" | "s3")][tier];
  if (!span) return null;
  const [from, to, unit] = span;
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
  return `${from}–${format.format(to)}`;
}
