import { describe, expect, it } from "vitest";
import { touched } from "./band.svelte";
import { Selection } from "./selection";

const pairs = (band: { top: number; height: number }, before = Selection.none) =>
  touched(band, 10, 28, before).rows.toPairs();

describe("a band", () => {
  it("selects every row it touches", () => {
    expect(pairs({ top: 30, height: 40 })).toEqual([[1, 3]]);
    expect(pairs({ top: -50, height: 60 })).toEqual([[0, 1]]);
  });

  it("ends with the list, and selects nothing below it", () => {
    expect(pairs({ top: 27 * 10, height: 900 })).toEqual([[9, 10]]);
    expect(pairs({ top: 400, height: 100 })).toEqual([]);
  });

  it("adds to what was selected before", () => {
    expect(pairs({ top: 0, height: 10 }, Selection.none.only(5))).toEqual([
      [0, 1],
      [5, 6],
    ]);
  });
});
