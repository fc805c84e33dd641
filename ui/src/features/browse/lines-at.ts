import { accounts } from "$app/accounts.svelte";
import { call } from "$ipc";
import { entryOfAccount, entryOfBucket, type Sort } from "./entry";
import { FewLines } from "./few-lines.svelte";
import type { Intervals } from "./intervals";
import { type Lines, ListedLines } from "./lines.svelte";
import { rememberBuckets } from "./regions";
import type { Spot } from "./spot";

/** Beyond this many keys a whole listing is named by its prefix instead. */
const MOST_KEYS = 10_000;

/** What lies at a spot; of a bucket only what starts with `searched`, unless that is `null`. */
export async function linesAt(spot: Spot, sort: Sort, searched: string | null): Promise<Lines> {
  if (spot.kind === "accounts") return new FewLines(accounts.list.map(entryOfAccount), sort);
  if (spot.kind === "buckets") {
    const buckets = await call("buckets", { account: spot.account });
    rememberBuckets(spot.account, buckets);
    return new FewLines(buckets.map(entryOfBucket), sort);
  }
  return searched === null
    ? ListedLines.open(spot.place, sort)
    : ListedLines.search(spot.place, searched, sort);
}

/** Whether rows are all there is, and many: a million keys need not travel then. */
export function isAllOf(listed: ListedLines, rows: Intervals): boolean {
  const { total, status } = listed;
  return total > MOST_KEYS && rows.count === total && status.complete;
}
