import { describe, expect, it } from "vitest";
import type { CopyPlan, PlannedObject, PriceTable } from "$ipc";
import { asksFirst } from "./asks";

const GIB = 1024 ** 3;
const object: PlannedObject = {
  source_key: "a",
  destination_key: "b",
  size: GIB,
  parts: 1,
  part_size: GIB,
  multipart: false,
  exists: false,
  fate: "copy",
  why: "",
  not_carried: [],
  is_archived: false,
};
const plain: CopyPlan = {
  objects: 1,
  bytes: GIB,
  parts: 1,
  multipart_objects: 0,
  write_requests: 1,
  read_requests: 1,
  existing: 0,
  more: false,
  items: [object],
  problems: [],
  part_sizes: [],
  part_size_by: "least",
  parts_at_once: { begins: 16, most: 256, found: false },
  fallbacks: [],
  classes: [],
  given: [],
  crosses_regions: false,
};
const asks = (part: Partial<CopyPlan>, limits = { objects: 10, gib: 100 }) =>
  asksFirst({ plan: { ...plain, ...part }, limits, prices: null });

describe("pasting", () => {
  it("starts a small copy into an empty place", () => {
    expect(asks({})).toBe(false);
    expect(asks({ objects: 10, bytes: 100 * GIB })).toBe(false);
  });

  it("asks above the limits, and always where one of them is zero", () => {
    expect(asks({ objects: 11 })).toBe(true);
    expect(asks({ bytes: 100 * GIB + 1 })).toBe(true);
    expect(asks({ objects: 0, bytes: 0 }, { objects: 0, gib: 100 })).toBe(true);
    expect(asks({ bytes: 0 }, { objects: 10, gib: 0 })).toBe(true);
  });

  it("asks before anything is replaced, lost or waited for, and while the end is not known", () => {
    expect(asks({ existing: 1 })).toBe(true);
    expect(asks({ more: true })).toBe(true);
    expect(asks({ items: [{ ...object, is_archived: true }] })).toBe(true);
    expect(asks({ items: [{ ...object, not_carried: ["expires"] }] })).toBe(true);
  });

  it("asks before it costs something, with the user's prices and without", () => {
    const prices: PriceTable = {
      account: "a",
      currency: "¥",
      dated: "2026-11-01",
      writes: 0.01,
      reads: 0.01,
      storage: 0,
      transfer: 0.5,
    };
    const planned = { plan: plain, limits: { objects: 10, gib: 100 }, prices };
    const abroad = { ...plain, crosses_regions: true };
    expect(asksFirst(planned)).toBe(false);
    expect(asksFirst({ ...planned, plan: { ...plain, write_requests: 100_000 } })).toBe(true);
    expect(asksFirst({ ...planned, plan: abroad })).toBe(true);
    expect(asksFirst({ ...planned, plan: abroad, prices: null })).toBe(true);
  });
});
