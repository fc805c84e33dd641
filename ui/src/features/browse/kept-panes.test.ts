import { describe, expect, it } from "vitest";
import type { AccountView } from "$ipc";
import { readPanes } from "./kept-panes";

const accounts = [{ id: "a" }, { id: "b" }] as AccountView[];
const place = (account: string) => ({ account, bucket: "x", region: null, prefix: "p/" });
const tab = (account: string) => ({
  spot: { kind: "objects", place: place(account) },
  sort: { by: "size", descending: true },
  top: 280,
});

describe("tabs of an earlier run", () => {
  it("come back as they were", () => {
    const kept = {
      left: { tabs: [tab("a"), tab("b")], at: 1 },
      right: { tabs: [tab("b")], at: 0 },
      active: "right",
      split: 0.3,
      single: true,
    };
    expect(readPanes(JSON.parse(JSON.stringify(kept)), accounts)).toEqual(kept);
  });

  it("are left out when their account is gone; a side is never empty", () => {
    const kept = { left: { tabs: [tab("gone"), tab("b")], at: 1 }, right: { tabs: [tab("gone")] } };
    const read = readPanes(kept, accounts);
    expect(read.left).toEqual({ tabs: [tab("b")], at: 0 });
    expect(read.right.tabs.map((one) => one.spot)).toEqual([{ kind: "buckets", account: "a" }]);
  });

  it.each([null, 3, "x", [], { left: 1, split: "wide" }, { left: { tabs: {} }, split: 9 }])(
    "are the first account's when %j was kept",
    (kept) => {
      const read = readPanes(kept, accounts);
      expect(read.left.tabs).toHaveLength(1);
      expect([read.split, read.single, read.active]).toEqual([0.5, false, "left"]);
    },
  );
});
