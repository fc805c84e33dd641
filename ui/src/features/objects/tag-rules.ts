/** Most tags an object has with every provider. */
export const MOST_TAGS = 10;

/** Rows that say nothing are left out. */
export function filled(pairs: readonly [string, string][]): [string, string][] {
  return pairs.filter(([name, value]) => name.trim() !== "" || value !== "");
}

/** Whether two lists say the same, in whatever order. */
export function samePairs(a: readonly [string, string][], b: readonly [string, string][]): boolean {
  const sorted = (pairs: readonly [string, string][]) =>
    JSON.stringify(filled(pairs).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}
