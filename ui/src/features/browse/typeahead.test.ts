import { describe, expect, it } from "vitest";
import { compareKeys, TypeAhead } from "./typeahead";

describe("TypeAhead", () => {
  it("collects what is typed quickly and starts anew after a pause", () => {
    const typed = new TypeAhead();
    expect(typed.push("p", 0)).toBe("p");
    expect(typed.push("a", 300)).toBe("pa");
    expect(typed.isTyping(400)).toBe(true);
    expect(typed.isTyping(5_000)).toBe(false);
    expect(typed.push("z", 5_000)).toBe("z");
  });
});

describe("compareKeys", () => {
  it("orders like the bytes a provider sorts by", () => {
    const names = ["a", "B", "", "aa", "键", "\uff5e", "😀", "a/"];
    const bytes = (text: string) => Buffer.from(text, "utf8");
    const expected = [...names].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
    expect([...names].sort(compareKeys)).toEqual(expected);
  });
});
