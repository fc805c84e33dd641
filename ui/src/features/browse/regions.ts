import type { BucketView, Place } from "$ipc";

/** Buckets of each account as they were last listed, by name. */
const seen = new Map<string, Map<string, BucketView>>();

export function rememberBuckets(account: string, buckets: readonly BucketView[]): void {
  seen.set(account, new Map(buckets.map((bucket) => [bucket.name, bucket])));
}

/** A place with its bucket's region, if a listing of buckets told it: an address seldom does. */
export function withRegion(place: Place): Place {
  if (place.region !== null) return place;
  return { ...place, region: seen.get(place.account)?.get(place.bucket)?.region ?? null };
}
