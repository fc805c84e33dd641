import { describe, expect, it } from "vitest";
import { Intervals } from "./intervals";
import { Selection } from "./selection";

const pairs = (selection: Selection) => selection.rows.toPairs();

describe("Intervals", () => {
  it("merges what touches and overlaps", () => {
    const set = Intervals.between(0, 4)
      .union(Intervals.between(5, 9))
      .union(Intervals.between(20, 12));
    expect(set.toPairs()).toEqual([
      [0, 10],
      [12, 21],
    ]);
    expect(set.count).toBe(19);
  });

  it("agrees with a plain set of numbers under random operations", () => {
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const size = 60;
    let intervals = Intervals.none;
    let plain = new Set<number>();
    for (let round = 0; round < 2_000; round += 1) {
      const [a, b] = [next(size), next(size)];
      const range = Intervals.between(a, b);
      const rows = Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i);
      switch (next(4)) {
        case 0:
          intervals = intervals.union(range);
          for (const row of rows) plain.add(row);
          break;
        case 1:
          intervals = intervals.without(range);
          for (const row of rows) plain.delete(row);
          break;
        case 2:
          intervals = intervals.toggle(a);
          if (!plain.delete(a)) plain.add(a);
          break;
        default:
          intervals = intervals.invert(size);
          plain = new Set(Array.from({ length: size }, (_, i) => i).filter((i) => !plain.has(i)));
      }
      expect(intervals.count).toBe(plain.size);
      const every = Array.from({ length: size }, (_, i) => i);
      expect(every.filter((row) => intervals.has(row))).toEqual([...plain].sort((a, b) => a - b));
      for (const [start, end] of intervals.list) expect(start).toBeLessThan(end);
    }
  });
});

describe("Selection", () => {
  it("selects one row on click", () => {
    expect(pairs(Selection.none.toggle(3).only(5))).toEqual([[5, 6]]);
  });

  it("draws a range from the anchor, both ways, replacing the last range", () => {
    const start = Selection.none.only(5);
    expect(pairs(start.extend(8))).toEqual([[5, 9]]);
    expect(pairs(start.extend(8).extend(2))).toEqual([[2, 6]]);
    expect(start.extend(8).lead).toBe(8);
  });

  it("adds a second range with Ctrl+Shift", () => {
    const two = Selection.none.only(1).toggle(5).extend(7, true);
    expect(pairs(two)).toEqual([
      [1, 2],
      [5, 8],
    ]);
    expect(pairs(two.extend(6, true))).toEqual([
      [1, 2],
      [5, 7],
    ]);
  });

  it("moves the focus without selecting, and starts the next range there", () => {
    const moved = Selection.none.only(1).moveLead(4);
    expect(pairs(moved)).toEqual([[1, 2]]);
    expect(pairs(moved.extend(6))).toEqual([[4, 7]]);
  });

  it("selects all, none and the others of a million rows in one interval", () => {
    const all = Selection.none.all(1_000_000);
    expect(pairs(all)).toEqual([[0, 1_000_000]]);
    expect(all.toggle(500_000).rows.count).toBe(999_999);
    expect(pairs(all.clear())).toEqual([]);
    expect(pairs(Selection.none.only(2).invert(4))).toEqual([
      [0, 2],
      [3, 4],
    ]);
  });
});
