import { expect, test } from "vitest";
import { costOfPlan, costOfStorage, extrasOf, money } from "./prices";

const prices = {
  account: "a",
  currency: "¥",
  dated: "2026-11-01",
  writes: 0.01,
  reads: 0.001,
  storage: 0.1,
  transfer: 0.5,
};

test("requests are priced by ten thousand, bytes only across regions", () => {
  const plan = { bytes: 2 * 1024 ** 3, write_requests: 20_000, read_requests: 10_000 };
  expect(costOfPlan({ ...plan, crosses_regions: false }, prices)).toBeCloseTo(0.021);
  expect(costOfPlan({ ...plan, crosses_regions: true }, prices)).toBeCloseTo(1.021);
});

test("what no price covers is named once for each class", () => {
  const from = (source: string, copies: string, bytes: number, minimum_days: number) => ({
    source,
    copies,
    objects: 1,
    bytes,
    minimum_days,
    billed_reads: source !== "STANDARD",
  });
  const classes = [
    from("STANDARD", "IA", 1, 30),
    from("IA", "IA", 2, 30),
    from("IA", "STANDARD", 4, 0),
  ];
  const plan = { bytes: 7, classes, crosses_regions: true };
  const storage = [
    { kind: "reading", class: "IA", bytes: 6 },
    { kind: "minimum", class: "IA", bytes: 3, days: 30 },
  ];
  expect(extrasOf(plan, null)).toEqual([{ kind: "traffic", bytes: 7 }, ...storage]);
  expect(extrasOf(plan, prices)).toEqual(storage);
});

test("a month of storage", () => {
  expect(costOfStorage(10 * 1024 ** 3, prices)).toBeCloseTo(1);
});

test("little money keeps its digits, hardly any says so", () => {
  expect(money(0.0432, "¥", "en")).toBe("¥ 0.04");
  expect(money(0.0021, "¥", "en")).toBe("¥ 0.0021");
  expect(money(0.000001, "EUR", "de")).toBe("< EUR 0,0001");
  expect(money(0, "¥", "en")).toBe("¥ 0.00");
});
