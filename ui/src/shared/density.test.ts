import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rowHeightAt } from "./density";
import { SPACER_CAP, VirtualScroll } from "./virtual";

const densities = ["compact", "normal", "roomy"] as const;
/** Rows of the tables of the window, at normal density. */
const usual = [24, 26, 28, 30, 60];
const BOX = 517;

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function token(density: (typeof densities)[number]): number {
  const block = density === "normal" ? ":root" : `:root\\[data-density="${density}"\\]`;
  return Number(new RegExp(`${block} \\{[^}]*--row-height: (\\d+)px`).exec(css)?.[1]);
}

describe.each(densities)("rows at %s density", (density) => {
  it("are as high as the stylesheet says", () => {
    expect(rowHeightAt(28, density)).toBe(token(density));
  });

  it.each(usual)("of %i px make a spacer that is exact up to the cap", (height) => {
    const row = rowHeightAt(height, density);
    const scroll = new VirtualScroll(row);
    const fits = Math.floor(SPACER_CAP / row);
    for (const rows of [1, 1_000, fits]) {
      scroll.resize(rows, BOX);
      expect(scroll.spacer).toBe(rows * row);
    }
    scroll.resize(fits + 1, BOX);
    expect(scroll.spacer).toBe(SPACER_CAP);
  });

  it.each(usual)("of %i px can all be reached, the last one to its lower edge", (height) => {
    const row = rowHeightAt(height, density);
    for (const rows of [40, 10_000, 1_000_000]) {
      const scroll = new VirtualScroll(row);
      scroll.resize(rows, BOX);
      for (const index of [0, Math.floor(rows / 2), rows - 1]) {
        const scrollTop = scroll.reveal(index);
        const y = index * row + scroll.base - scrollTop;
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y + row).toBeLessThanOrEqual(BOX);
      }
    }
  });
});

it("another density leaves the row at the top where it is, as long as there are rows below", () => {
  for (const rows of [1_000, 1_000_000]) {
    const scroll = new VirtualScroll(rowHeightAt(26, "normal"));
    scroll.resize(rows, BOX);
    scroll.goTo(500 * 26);
    for (const density of ["compact", "roomy", "normal"] as const) {
      scroll.stretch(rowHeightAt(26, density));
      scroll.resize(rows, BOX);
      expect(scroll.span().first).toBe(500);
    }
  }
});
