import { describe, expect, it } from "vitest";
import { forEllipsis, pieces, rowPieces, visible } from "./display";

const joined = (all: { text: string }[]) => all.map((piece) => piece.text).join("");

describe("visible", () => {
  it.each([
    ["plain name.txt", "plain name.txt"],
    ["归档-2025.tar", "归档-2025.tar"],
    [" lead and trail  ", "␣lead and trail␣␣"],
    ["   ", "␣␣␣"],
    ["line\nbreak\ttab\r", "line⏎break⇥tab‹CR›"],
    ["bell\u0007", "bell‹U+0007›"],
    ["\u0085next", "‹U+0085›next"],
    ["invoice\u202efdp.exe", "invoice‹RLO›fdp.exe"],
    ["zero\u200bwidth", "zero‹ZWSP›width"],
    ["no\u00a0break", "no‹NBSP›break"],
    ["ideographic\u3000blank", "ideographic‹U+3000›blank"],
    ["", "∅"],
    ["👩‍🚀.png", "👩‍🚀.png"],
    ["not\u200demoji", "not‹ZWJ›emoji"],
  ])("shows %j as %s", (name, shown) => {
    expect(visible(name)).toBe(shown);
  });

  it("marks only what cannot be seen", () => {
    expect(pieces("a\u202eb")).toEqual([
      { text: "a", mark: false },
      { text: "‹RLO›", mark: true },
      { text: "b", mark: false },
    ]);
  });
});

describe("rowPieces", () => {
  it("shows the empty segment of a double slash", () => {
    expect(joined(rowPieces("/", true))).toBe("∅/");
    expect(joined(rowPieces("a /", true))).toBe("a␣/");
    expect(joined(rowPieces("a/", false))).toBe("a/");
  });
});

describe("forEllipsis", () => {
  const split = (name: string) => {
    const { head, tail } = forEllipsis(pieces(name));
    return [joined(head), joined(tail)];
  };

  it("keeps short names whole", () => {
    expect(split("归档-2025 年终.tar")).toEqual(["归档-2025 年终.tar", ""]);
  });

  it("keeps the extension of long names", () => {
    const [head, tail] = split("a-very-long-name-of-an-export-2026-11-20.parquet");
    expect(tail).toBe("1-20.parquet");
    expect(head).toBe("a-very-long-name-of-an-export-2026-1");
  });

  it("loses nothing and never cuts a mark or a family in two", () => {
    for (const name of [
      "x".repeat(30) + "\u202e".repeat(10),
      `${"y".repeat(18)}👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦`,
    ]) {
      const [head, tail] = split(name) as [string, string];
      expect(head + tail).toBe(visible(name));
      expect(tail).not.toMatch(/^(\u200d|[A-Z]+›)/);
    }
  });

  it("does not split right-to-left names", () => {
    const name = "שלום".repeat(10);
    expect(split(name)).toEqual([name, ""]);
  });
});
