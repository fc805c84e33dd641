import type { AccountView, BucketView, Row } from "$ipc";
import { compareKeys } from "./typeahead";

/** One line of a pane, whatever the level. */
export interface Entry {
  kind: "account" | "bucket" | "prefix" | "object";
  /** Account id, bucket name, full prefix or key. */
  key: string;
  /** As shown. */
  name: string;
  /** Bytes. */
  size: number | null;
  /** ISO 8601: last change of an object, creation of a bucket. */
  modified: string | null;
  /** Storage class of an object, region of a bucket, endpoint of an account. */
  note: string | null;
  /** Region of a bucket. */
  region: string | null;
  /** Of an object. */
  etag: string | null;
}

export type SortColumn = "name" | "size" | "modified" | "class";

export interface Sort {
  by: SortColumn;
  descending: boolean;
}

/** The order object stores list in. */
export const KEY_ORDER: Sort = { by: "name", descending: false };

export function isKeyOrder(sort: Sort): boolean {
  return sort.by === "name" && !sort.descending;
}

export function entryOfRow(row: Row): Entry {
  return {
    kind: row.is_prefix ? "prefix" : "object",
    key: row.key,
    name: row.name,
    size: row.size,
    modified: row.modified,
    note: row.storage_class,
    region: null,
    etag: row.etag,
  };
}

export function entryOfBucket(bucket: BucketView): Entry {
  return {
    kind: "bucket",
    key: bucket.name,
    name: bucket.name,
    size: null,
    modified: bucket.created,
    note: bucket.region,
    region: bucket.region,
    etag: null,
  };
}

export function entryOfAccount(account: AccountView): Entry {
  return {
    kind: "account",
    key: account.id,
    name: account.name,
    size: null,
    modified: null,
    note: account.endpoint,
    region: null,
    etag: null,
  };
}

/** Accounts and buckets are few and sorted here; objects are sorted in Rust. */
export function sortEntries(entries: readonly Entry[], sort: Sort): Entry[] {
  const sign = sort.descending ? -1 : 1;
  const text = (entry: Entry): string => {
    if (sort.by === "modified") return entry.modified ?? "";
    return sort.by === "class" ? (entry.note ?? "") : entry.name;
  };
  return [...entries].sort(
    (a, b) => sign * (compareKeys(text(a), text(b)) || compareKeys(a.name, b.name)),
  );
}
