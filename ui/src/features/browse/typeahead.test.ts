import { describe, expect, it } from "vitest";
import { compareKeys, lowerBound, TypeAhead } from "./typeahead";

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

describe("lowerBound", () => {
  const names = Array.from(
    { length: 1_000_000 },
    (_, row) => `key-${String(row).padStart(7, "0")}`,
  );

  it("finds a name among a million in about twenty questions", async () => {
    let asked = 0;
    const found = await lowerBound("key-07", 0, names.length, async (row) => {
      asked += 1;
      return names[row];
    });
    expect(found).toBe(700_000);
    expect(asked).toBeLessThanOrEqual(20);
  });

  it("ends behind the last row when all names are before", async () => {
    expect(await lowerBound("z", 10, 20, async (row) => names[row])).toBe(20);
  });
});
