import type { AccountView, Place } from "$ipc";
import type { Entry } from "./entry";

/** Where a pane stands: all accounts, the buckets of one, or one level of a bucket. */
export type Spot =
  | { kind: "accounts" }
  | { kind: "buckets"; account: string }
  | { kind: "objects"; place: Place };

export const ACCOUNTS: Spot = { kind: "accounts" };

export function accountOf(spot: Spot): string | null {
  if (spot.kind === "buckets") return spot.account;
  return spot.kind === "objects" ? spot.place.account : null;
}

/** One level up; `null` at the top. */
export function parentOf(spot: Spot): Spot | null {
  if (spot.kind === "accounts") return null;
  if (spot.kind === "buckets") return ACCOUNTS;
  const { place } = spot;
  if (place.prefix === "") return { kind: "buckets", account: place.account };
  return { kind: "objects", place: { ...place, prefix: parentPrefix(place.prefix) } };
}

/** `a/b/` → `a/`; `a//` → `a/`; `a` → ``. */
export function parentPrefix(prefix: string): string {
  const slash = prefix.lastIndexOf("/", prefix.length - (prefix.endsWith("/") ? 2 : 1));
  return slash < 0 ? "" : prefix.slice(0, slash + 1);
}

/** Where a line of a spot leads; an object leads nowhere. */
export function spotBelow(spot: Spot, line: Entry): Spot | null {
  const { kind, key, region } = line;
  if (kind === "account") return { kind: "buckets", account: key };
  if (kind === "bucket" && spot.kind === "buckets") {
    const { account } = spot;
    return { kind: "objects", place: { account, bucket: key, region, prefix: "" } };
  }
  if (kind === "prefix" && spot.kind === "objects") {
    return { kind: "objects", place: { ...spot.place, prefix: key } };
  }
  return null;
}

/** What the row of this place is called one level up: the line to stand on after going up. */
export function nameInParent(spot: Spot): string | null {
  if (spot.kind === "accounts") return null;
  if (spot.kind === "buckets") return spot.account;
  const { bucket, prefix } = spot.place;
  return prefix === "" ? bucket : prefix.slice(parentPrefix(prefix).length);
}

/** A step of a breadcrumb: the text of its button and where it leads. */
export interface Crumb {
  name: string;
  spot: Spot;
}

/** From the account down; prefixes segment by segment, empty segments included. */
export function crumbs(spot: Spot, accounts: readonly AccountView[]): Crumb[] {
  const account = accountOf(spot);
  if (account === null) return [];
  const name = accounts.find((known) => known.id === account)?.name ?? account;
  const trail: Crumb[] = [{ name, spot: { kind: "buckets", account } }];
  if (spot.kind !== "objects") return trail;
  const { place } = spot;
  const at = (prefix: string): Spot => ({ kind: "objects", place: { ...place, prefix } });
  trail.push({ name: place.bucket, spot: at("") });
  let start = 0;
  while (start < place.prefix.length) {
    const slash = place.prefix.indexOf("/", start);
    const end = slash < 0 ? place.prefix.length : slash + 1;
    const segment = place.prefix.slice(start, slash < 0 ? end : slash);
    trail.push({ name: segment, spot: at(place.prefix.slice(0, end)) });
    start = end;
  }
  return trail;
}

/** The same spot, apart from the region, which is only how it was reached. */
export function sameSpot(a: Spot, b: Spot): boolean {
  if (a.kind === "objects" && b.kind === "objects") {
    return (
      a.place.account === b.place.account &&
      a.place.bucket === b.place.bucket &&
      a.place.prefix === b.place.prefix
    );
  }
  return a.kind === b.kind && accountOf(a) === accountOf(b);
}

/** Reads a spot that was kept as JSON; anything odd, or a removed account, is the top. */
export function restoreSpot(kept: unknown, accounts: readonly AccountView[]): Spot | null {
  const spot = kept as Partial<{ kind: string; account: unknown; place: Partial<Place> }> | null;
  const known = (id: unknown) => accounts.some((account) => account.id === id);
  if (spot?.kind === "accounts") return ACCOUNTS;
  if (spot?.kind === "buckets" && known(spot.account)) {
    return { kind: "buckets", account: String(spot.account) };
  }
  const place = spot?.kind === "objects" ? spot.place : undefined;
  if (!place || !known(place.account)) return null;
  if (typeof place.bucket !== "string" || typeof place.prefix !== "string") return null;
  const { account, bucket, prefix } = place as Place;
  return { kind: "objects", place: { account, bucket, prefix, region: place.region ?? null } };
}
