import type { HistoryFilter, HistoryResult } from "$ipc";

const DAY_MS = 86_400_000;
const GIB = 2 ** 30;

/** What is chosen above the list. */
export interface Chosen {
  text: string;
  /** Ended within so many days; 0 for ever. */
  days: number;
  account: string | null;
  result: HistoryResult | null;
  /** At least so many GiB; 0 for any size. */
  gib: number;
}

export const EVERYTHING: Chosen = { text: "", days: 0, account: null, result: null, gib: 0 };

export const PERIODS = [0, 1, 7, 30, 180];
export const SIZES = [0, 1, 100, 1024];

/** The filter as the core takes it. Days are counted back to their beginning, in local time. */
export function filterOf(chosen: Chosen, nowMs: number): HistoryFilter {
  return {
    text: chosen.text,
    since_ms: chosen.days === 0 ? null : startOfDay(nowMs) - (chosen.days - 1) * DAY_MS,
    until_ms: null,
    account: chosen.account,
    result: chosen.result,
    min_bytes: chosen.gib === 0 ? null : chosen.gib * GIB,
  };
}

export const isEverything = (chosen: Chosen): boolean =>
  chosen.text.trim() === "" &&
  chosen.days === 0 &&
  chosen.account === null &&
  chosen.result === null &&
  chosen.gib === 0;

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
