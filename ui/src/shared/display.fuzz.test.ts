import { expect, it } from "vitest";
import { forEllipsis, pieces, visible } from "./display";

const PIECES = [
  "a",
  "归档",
  ".pdf",
  " ",
  "  ",
  "\n",
  "\u001b[2J",
  "\u0085",
  "\u00a0",
  "\u00ad",
  "\u061c",
  "\u200b",
  "\u200d",
  "\u200f",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u2069",
  "\u3000",
  "\ufe0f",
  "\ufeff",
  "\ufff9",
  "\ud800",
  "\udc00",
  "\u{1f469}",
  "\u{1f680}",
  "\u{1f3fd}",
  "\u{e0041}",
  "\u{10ffff}",
  "e\u0301",
  "שלום",
  "‹RLO›",
];

const EXECUTIONS = 20_000;

/** The same numbers every time, below `end`. */
function numbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

const ACTS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u;
/** A joiner may only stand within an emoji. */
const HIDES = /[\u00ad\u200b\u200c\u2060\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[a-z]\u200d/u;

it("shows whatever a key can be, and hides nothing", () => {
  const below = numbers(20261121);
  for (let execution = 0; execution < EXECUTIONS; execution += 1) {
    let name = "";
    for (let count = below(24); count >= 0; count -= 1) {
      name += below(4) === 0 ? String.fromCodePoint(below(0x110000)) : PIECES[below(PIECES.length)];
    }
    const told = JSON.stringify(name);
    const shown = visible(name);
    expect(shown, told).not.toMatch(ACTS);
    expect(shown, told).not.toMatch(HIDES);
    // A mark has at most ten characters.
    expect([...shown].length, told).toBeLessThanOrEqual([...name].length * 10);
    const { head, tail } = forEllipsis(pieces(name));
    const joined = [...head, ...tail].map((piece) => piece.text).join("");
    expect(joined, told).toBe(shown);
  }
});
