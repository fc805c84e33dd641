import { describe, expect, it } from "vitest";
import { SPACER_CAP, VirtualScroll } from "./virtual";

const ROW = 28;
const HEIGHT = 600;

function list(rows: number): VirtualScroll {
  const scroll = new VirtualScroll(ROW);
  scroll.resize(rows, HEIGHT);
  return scroll;
}

describe("a short list", () => {
  it("scrolls like the browser does", () => {
    const scroll = list(1_000);
    expect(scroll.spacer).toBe(28_000);
    scroll.scrolled(5_000);
    expect(scroll.vTop).toBe(5_000);
    expect(scroll.base).toBe(0);
    expect(scroll.span()).toEqual({ first: 178, end: 200 });
  });

  it("is empty without rows", () => {
    expect(list(0).span(10)).toEqual({ first: 0, end: 0 });
  });

  it("stays in range when it shrinks", () => {
    const scroll = list(1_000);
    scroll.scrolled(27_400);
    scroll.resize(10, HEIGHT);
    expect(scroll.vTop).toBe(0);
    expect(scroll.span()).toEqual({ first: 0, end: 10 });
  });
});

describe("rows that get another height", () => {
  it("leave the row at the top of the screen where it is", () => {
    for (const rows of [1_000, 1_000_000]) {
      const scroll = list(rows);
      scroll.goTo(500 * ROW);
      scroll.stretch(32);
      scroll.resize(rows, HEIGHT);
      expect(scroll.span().first).toBe(500);
      expect(scroll.vTop).toBe(500 * 32);
    }
  });

  it("stay in range at the end of the list", () => {
    const scroll = list(100);
    scroll.reveal(99);
    scroll.stretch(24);
    scroll.resize(100, HEIGHT);
    expect(scroll.vTop).toBe(100 * 24 - HEIGHT);
  });
});

describe.each([1_000_000, 10_000_000])("a list of %i rows", (rows) => {
  it("never makes the spacer taller than the cap", () => {
    expect(list(rows).spacer).toBe(SPACER_CAP);
  });

  it.each([0, 17, rows / 2, rows - 1])("reaches row %i", (row) => {
    const scroll = list(rows);
    const scrollTop = scroll.reveal(row);
    expect(scrollTop).toBeGreaterThanOrEqual(0);
    expect(scrollTop).toBeLessThanOrEqual(SPACER_CAP - HEIGHT);
    const { first, end } = scroll.span();
    expect(row).toBeGreaterThanOrEqual(first);
    expect(row).toBeLessThan(end);
    const y = row * ROW + scroll.base - scrollTop;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + ROW).toBeLessThanOrEqual(HEIGHT);
  });

  it("moves one to one under the wheel and keeps drawn rows in place", () => {
    const scroll = list(rows);
    const start = scroll.reveal(500_000);
    const { vTop, base } = scroll;
    scroll.scrolled(start + 120);
    expect(scroll.vTop).toBe(vTop + 120);
    expect(scroll.base).toBe(base);
  });

  it("maps the thumb by ratio and pins both ends", () => {
    const scroll = list(rows);
    scroll.scrolled(SPACER_CAP - HEIGHT);
    expect(scroll.span().end).toBe(rows);
    expect(scroll.vTop).toBe(rows * ROW - HEIGHT);
    scroll.scrolled((SPACER_CAP - HEIGHT) / 2);
    expect(scroll.vTop).toBeCloseTo((rows * ROW - HEIGHT) / 2, 3);
    scroll.scrolled(0);
    expect(scroll.vTop).toBe(0);
  });

  it("aligns without moving a row on screen", () => {
    const scroll = list(rows);
    let top = scroll.reveal(300_000);
    for (let step = 0; step < 50; step += 1) {
      top += 100;
      scroll.scrolled(top);
    }
    const before = scroll.vTop;
    const aligned = scroll.align();
    expect(scroll.vTop).toBe(before);
    expect(scroll.base).toBe(aligned - before);
  });

  it("does not skip rows when small steps exhaust the scroll box first", () => {
    const scroll = list(rows);
    let top = scroll.reveal(1_000);
    while (top > 0) {
      top = Math.max(0, top - 100);
      scroll.scrolled(top);
    }
    expect(scroll.vTop).toBeGreaterThan(HEIGHT);
    expect(scroll.stuck).toBe(true);
    expect(scroll.align()).toBeGreaterThan(0);
    expect(scroll.stuck).toBe(false);
  });
});
