import { m } from "$messages";
import { visible } from "$shared/display";
import { bytes, integer, moment } from "$shared/format";
import { units } from "$shared/units.svelte";
import type { Column } from "./columns";
import type { Entry } from "./entry";

/** A time as the server tells it; what cannot be read stands as it is. */
export function rowTime(iso: string | null): string {
  if (iso === null) return "";
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : moment(ms);
}

const sizes = new Map<string, string>();
const SIZES_KEPT = 5_000;

/** A size for a row; formatted once per size. */
export function rowSize(size: number | null, locale: string): string {
  if (size === null) return "";
  const key = `${locale} ${units.decimal} ${size}`;
  const known = sizes.get(key);
  if (known !== undefined) return known;
  if (sizes.size >= SIZES_KEPT) sizes.clear();
  const text = bytes(size, locale);
  sizes.set(key, text);
  return text;
}

/** What a cell says. */
export function cellText(entry: Entry, column: Column, locale: string): string {
  switch (column) {
    case "size":
      return rowSize(entry.size, locale);
    case "modified":
      return rowTime(entry.modified);
    case "class":
      return entry.note ?? "";
    case "etag":
      return entry.etag ?? "";
  }
}

/** What the tooltip of a cell says: all that the cell has no room for. */
export function cellHint(entry: Entry, column: "name" | Column, locale: string): string {
  if (column === "name") return visible(entry.name);
  if (column === "size") {
    return entry.size === null ? "" : m.exact_bytes({ n: integer(entry.size, locale) });
  }
  return column === "modified" ? "" : cellText(entry, column, locale);
}
