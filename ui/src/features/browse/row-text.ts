import { bytes } from "$shared/format";

/** Made once: making one per row is what scrolling would mostly do. */
const MINUTES = new Intl.DateTimeFormat("sv-SE", {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/** `2026-11-05 10:06` in local time: the same in every language, and sortable by eye. */
export function rowTime(iso: string | null): string {
  if (iso === null) return "";
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : MINUTES.format(ms);
}

const sizes = new Map<string, string>();
const SIZES_KEPT = 5_000;

/** A size for a row; formatted once per size. */
export function rowSize(size: number | null, locale: string): string {
  if (size === null) return "";
  const key = `${locale} ${size}`;
  const known = sizes.get(key);
  if (known !== undefined) return known;
  if (sizes.size >= SIZES_KEPT) sizes.clear();
  const text = bytes(size, locale);
  sizes.set(key, text);
  return text;
}
