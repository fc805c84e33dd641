import type { FilterListing } from "$ipc";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Sizes to choose from, in bytes: from (inclusive) and below. */
export const SIZES = {
  small: { from: null, below: MIB },
  medium: { from: MIB, below: GIB },
  large: { from: GIB, below: 100 * GIB },
  huge: { from: 100 * GIB, below: null },
} as const;

/** Ages to choose from, in days. */
export const AGES = { day: 1, week: 7, month: 30, year: 365 } as const;

export type SizeChoice = keyof typeof SIZES;
export type AgeChoice = keyof typeof AGES;

/** What rows must be like to be shown. */
export interface Filter {
  /** Somewhere in the name. */
  text: string;
  storageClass: string | null;
  size: SizeChoice | null;
  age: AgeChoice | null;
  /** Changed on this day or later, as `2026-11-05` in local time; instead of an age. */
  since: string | null;
}

export const NO_FILTER: Filter = {
  text: "",
  storageClass: null,
  size: null,
  age: null,
  since: null,
};

export function isFilter(filter: Filter): boolean {
  return filter.text !== "" || hasChips(filter);
}

/** Whether more than the name is asked for; folders then do not pass. */
export function hasChips({ storageClass, size, age, since }: Filter): boolean {
  return storageClass !== null || size !== null || age !== null || since !== null;
}

/** A day as a field for dates wants it: `2026-11-05`, in local time. */
export function dayOf(ms: number): string {
  const at = new Date(ms);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** When a day begins, in local time; `null` for what is no day. */
function beginningOf(day: string): number | null {
  const ms = Date.parse(`${day}T00:00:00`);
  return Number.isNaN(ms) ? null : ms;
}

/** The filter as the core wants it; `now` in milliseconds since 1970. */
export function filterRequest(listing: number, filter: Filter, now: number): FilterListing {
  const { text, storageClass, size, age, since } = filter;
  return {
    listing,
    text,
    classes: storageClass === null ? [] : [storageClass],
    min_size: size && SIZES[size].from,
    max_size: size && SIZES[size].below,
    since_ms: since === null ? age && now - AGES[age] * DAY_MS : beginningOf(since),
  };
}
