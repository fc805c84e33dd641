import type { AccountView, Place } from "$ipc";
import { accountsFor, parseAddress } from "./address";
import { parentPrefix, type Spot } from "./spot";

/** Where an address leads: a spot, and the line to stand on there. */
export interface Goal {
  spot: Spot;
  standOn: string | null;
}

/**
 * What a typed or pasted text means from where a pane stands. Without a scheme it is a prefix of
 * the bucket that is open.
 */
export function goalOf(
  text: string,
  here: Place | null,
  account: string | null,
  accounts: readonly AccountView[],
): Goal | "unreadable" | "no_account" {
  const address = parseAddress(text);
  if (!address) {
    return here && !text.includes("://") ? goalOfKey({ ...here, prefix: text }) : "unreadable";
  }
  const [found] = accountsFor(address, accounts, account);
  if (!found) return "no_account";
  if (address.bucket === null) {
    return { spot: { kind: "buckets", account: found.id }, standOn: null };
  }
  const { bucket, region, key } = address;
  return goalOfKey({ account: found.id, bucket, region, prefix: key });
}

/** A key that ends in a slash is a prefix to open; any other is a line to stand on. */
function goalOfKey(place: Place): Goal {
  const { prefix } = place;
  if (prefix === "" || prefix.endsWith("/")) {
    return { spot: { kind: "objects", place }, standOn: null };
  }
  const parent = parentPrefix(prefix);
  const spot: Spot = { kind: "objects", place: { ...place, prefix: parent } };
  return { spot, standOn: prefix.slice(parent.length) };
}
