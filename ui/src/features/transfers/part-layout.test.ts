import { describe, expect, test } from "vitest";
import { byteRange, layOut, moved, pooled, tally } from "./part-layout";

describe("layout", () => {
  test.each([
    [1, 600, 160],
    [1_200, 600, 160],
    [10_000, 600, 160],
    [10_000, 200, 60],
    [37, 5, 400],
  ])("%i parts fit into %i × %i", (parts, width, height) => {
    const layout = layOut(parts, width, height);
    expect(layout.columns * layout.pitch).toBeLessThanOrEqual(width);
    expect(layout.rows * layout.pitch).toBeLessThanOrEqual(height);
    expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(layout.cells);
    expect(layout.cells * layout.pool).toBeGreaterThanOrEqual(parts);
    expect((layout.cells - 1) * layout.pool).toBeLessThan(parts);
  });

  test("few parts get large cells of their own", () => {
    expect(layOut(12, 600, 160)).toEqual({ pitch: 16, columns: 12, rows: 1, pool: 1, cells: 12 });
  });

  test("parts share cells only when they must", () => {
    expect(layOut(1_200, 600, 160).pool).toBe(1);
    expect(layOut(10_000, 600, 160).pool).toBe(3);
  });

  test("no room and no parts lay out nothing", () => {
    expect(layOut(0, 600, 160).cells).toBe(0);
    expect(layOut(100, 0, 160).cells).toBe(0);
  });
});

describe("pooling", () => {
  test("the worst state of a shared cell shows", () => {
    expect(pooled("####.###oo##rr#ox#", 3)).toBe("#.oorx");
  });

  test("a cell is done only when all its parts are", () => {
    expect(pooled("###.", 4)).toBe(".");
    expect(pooled("####", 4)).toBe("#");
  });

  test("the last cell may hold fewer parts", () => {
    expect(pooled("#####x", 4)).toBe("#x");
  });

  test("10,000 parts keep their count", () => {
    const states = "#".repeat(6_000) + "o".repeat(16) + ".".repeat(3_984);
    expect(pooled(states, 3)).toHaveLength(3_334);
    expect(tally(states)).toEqual({ "#": 6_000, o: 16, ".": 3_984, x: 0, r: 0 });
  });
});

describe("byte ranges", () => {
  test("the last part ends with the object", () => {
    expect(byteRange(1, 100, 250)).toEqual([0, 99]);
    expect(byteRange(3, 100, 250)).toEqual([200, 249]);
  });

  test("a part of the largest object is exact", () => {
    const gib = 2 ** 30;
    expect(byteRange(9_999, 5 * gib, 10_000 * 5 * gib)).toEqual([
      9_998 * 5 * gib,
      9_999 * 5 * gib - 1,
    ]);
  });
});

describe("cursor", () => {
  const layout = layOut(100, 160, 160);

  test("arrows move by cell and row and stop at the ends", () => {
    expect(moved(0, "ArrowRight", layout)).toBe(1);
    expect(moved(0, "ArrowLeft", layout)).toBe(0);
    expect(moved(3, "ArrowDown", layout)).toBe(13);
    expect(moved(95, "ArrowDown", layout)).toBe(99);
    expect(moved(50, "Home", layout)).toBe(0);
    expect(moved(50, "End", layout)).toBe(99);
  });

  test("other keys are not taken", () => {
    expect(moved(0, "a", layout)).toBeNull();
  });
});
