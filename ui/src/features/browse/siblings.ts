import { accounts } from "$app/accounts.svelte";
import { call, type Place } from "$ipc";
import { rememberBuckets } from "./regions";
import { parentPrefix, type Spot } from "./spot";

/** Places beside a step of the breadcrumb, the step itself included. */
export interface Siblings {
  list: { name: string; spot: Spot }[];
  /** There are more than are listed. */
  more: boolean;
}

/** A menu is not for more; the pane itself lists them all. */
const MOST = 200;

/** What lies on the same level as a place: accounts, buckets, or folders. */
export async function siblingsOf(spot: Spot): Promise<Siblings> {
  if (spot.kind === "accounts") return { list: [], more: false };
  if (spot.kind === "buckets") {
    const list = accounts.list.map(({ id, name }) => ({ name, spot: bucketsOf(id) }));
    return { list, more: false };
  }
  const { place } = spot;
  return place.prefix === "" ? bucketsBeside(place) : prefixesBeside(place);
}

const bucketsOf = (account: string): Spot => ({ kind: "buckets", account });

async function bucketsBeside({ account }: Place): Promise<Siblings> {
  const buckets = await call("buckets", { account });
  rememberBuckets(account, buckets);
  const list = buckets.map(({ name, region }) => {
    const spot: Spot = { kind: "objects", place: { account, bucket: name, region, prefix: "" } };
    return { name, spot };
  });
  return { list, more: false };
}

/** Of what one page tells: asking for the rest of a million keys is not worth a menu. */
async function prefixesBeside(place: Place): Promise<Siblings> {
  const parent = { ...place, prefix: parentPrefix(place.prefix) };
  const { listing, complete } = await call("open_listing", { place: parent, load_all: false });
  try {
    await call("sort_listing", { listing, by: "name", descending: false });
    const { rows } = await call("rows", { listing, start: 0, count: MOST + 1 });
    const prefixes = rows.filter((row) => row.is_prefix);
    const list = prefixes.slice(0, MOST).map(({ key, name }) => {
      const spot: Spot = { kind: "objects", place: { ...place, prefix: key } };
      return { name: name.replace(/\/$/, ""), spot };
    });
    return { list, more: !complete || prefixes.length > MOST };
  } finally {
    // One that cannot be closed is gone already.
    call("close_listing", { listing }).catch(() => {});
  }
}
