import { describe, expect, it } from "vitest";
import type { AccountView } from "$ipc";
import { ACCOUNTS, crumbs, nameInParent, parentOf, restoreSpot, type Spot, sameSpot } from "./spot";

const at = (prefix: string): Spot => ({
  kind: "objects",
  place: { account: "a1", bucket: "b", region: "r", prefix },
});
const accounts = [{ id: "a1", name: "Prod" }] as unknown as AccountView[];
const prefixOf = (spot: Spot | null) => (spot?.kind === "objects" ? spot.place.prefix : spot);

describe("going up", () => {
  it.each([
    ["a/b/", "a/", "b/"],
    ["a/", "", "a/"],
    ["a//", "a/", "/"],
    ["//", "/", "/"],
    ["half", "", "half"],
  ])("%j leads to %j, standing on %j", (prefix, parent, name) => {
    expect(prefixOf(parentOf(at(prefix)))).toBe(parent);
    expect(nameInParent(at(prefix))).toBe(name);
  });

  it("leaves a bucket for the buckets, and those for the accounts", () => {
    expect(parentOf(at(""))).toEqual({ kind: "buckets", account: "a1" });
    expect(nameInParent(at(""))).toBe("b");
    expect(parentOf({ kind: "buckets", account: "a1" })).toBe(ACCOUNTS);
    expect(parentOf(ACCOUNTS)).toBeNull();
  });
});

describe("crumbs", () => {
  it("name every segment, also empty ones, and lead where they say", () => {
    const trail = crumbs(at("x//y/"), accounts);
    expect(trail.map((crumb) => crumb.name)).toEqual(["Prod", "b", "x", "", "y"]);
    expect(trail.slice(1).map((crumb) => prefixOf(crumb.spot))).toEqual(["", "x/", "x//", "x//y/"]);
  });

  it("are empty at the top", () => {
    expect(crumbs(ACCOUNTS, accounts)).toEqual([]);
  });
});

describe("restoreSpot", () => {
  it("gives back what was kept", () => {
    for (const spot of [ACCOUNTS, at("x/"), { kind: "buckets", account: "a1" } as const]) {
      const back = restoreSpot(JSON.parse(JSON.stringify(spot)), accounts);
      expect(back && sameSpot(back, spot)).toBe(true);
    }
  });

  it.each([null, 7, {}, { kind: "buckets", account: "gone" }, { kind: "objects", place: {} }])(
    "refuses %j",
    (kept) => {
      expect(restoreSpot(kept, accounts)).toBeNull();
    },
  );
});
