import type { AccountView } from "$ipc";
import { KEY_ORDER, type Sort } from "./entry";
import { restoreSpot, type Spot } from "./spot";

/** A tab as it is kept from one run to the next. */
export interface KeptTab {
  spot: Spot;
  sort: Sort;
  /** How far it was scrolled, in list pixels. */
  top: number;
}

export interface KeptSide {
  tabs: KeptTab[];
  at: number;
}

export interface KeptPanes {
  left: KeptSide;
  right: KeptSide;
  active: "left" | "right";
  split: number;
  single: boolean;
}

/** Nobody has more; a broken value might. */
const MOST_TABS = 50;

/** Reads what an earlier run kept. Tabs of removed accounts, and anything odd, are left out. */
export function readPanes(kept: unknown, accounts: readonly AccountView[]): KeptPanes {
  const from = record(kept);
  const split = Number(from.split);
  return {
    left: readSide(from.left, accounts),
    right: readSide(from.right, accounts),
    active: from.active === "right" ? "right" : "left",
    split: split >= 0.2 && split <= 0.8 ? split : 0.5,
    single: from.single === true,
  };
}

function readSide(kept: unknown, accounts: readonly AccountView[]): KeptSide {
  const from = record(kept);
  const list = Array.isArray(from.tabs) ? from.tabs.slice(0, MOST_TABS) : [];
  const tabs = list.flatMap((one: unknown): KeptTab[] => {
    const { spot, sort, top } = record(one);
    const known = restoreSpot(spot, accounts);
    return known ? [{ spot: known, sort: readSort(sort), top: Number(top) || 0 }] : [];
  });
  if (tabs.length === 0) tabs.push({ spot: first(accounts), sort: KEY_ORDER, top: 0 });
  const at = Number(from.at);
  return { tabs, at: Number.isInteger(at) && at >= 0 && at < tabs.length ? at : 0 };
}

/** Where a pane begins that has never been anywhere. */
function first(accounts: readonly AccountView[]): Spot {
  const [account] = accounts;
  return account ? { kind: "buckets", account: account.id } : { kind: "accounts" };
}

function readSort(kept: unknown): Sort {
  const { by, descending } = record(kept);
  const known = (["name", "size", "modified", "class"] as const).find((column) => column === by);
  return known ? { by: known, descending: descending === true } : KEY_ORDER;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
