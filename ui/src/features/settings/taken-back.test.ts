import { describe, expect, it } from "vitest";
import { takenBack } from "./taken-back";

describe("what takes a change of the settings back", () => {
  it("leaves what was changed since beside it", () => {
    const before = { ask_above: { objects: 10, gib: 100 } };
    const changed = { ask_above: { objects: 77, gib: 100 } };
    const now = { ask_above: { objects: 77, gib: 55 } };
    expect(takenBack(changed, before, now)).toEqual({ ask_above: { objects: 10, gib: 55 } });
  });

  it("takes out what was put in, and puts in what was taken out", () => {
    const before = { shortcuts: { up: ["U"] } as Record<string, string[]> };
    const changed = { shortcuts: { down: ["D"] } as Record<string, string[]> };
    const now = { shortcuts: { down: ["D"], left: ["L"] } as Record<string, string[]> };
    expect(takenBack(changed, before, now)).toEqual({ shortcuts: { up: ["U"], left: ["L"] } });
  });

  it("is the value before where it is no group", () => {
    const now = { theme: "dark", prices: [1, 2] };
    expect(takenBack({ prices: [1] }, { theme: "light", prices: [] as number[] }, now)).toEqual({
      prices: [],
    });
    expect(takenBack({ theme: "light" }, { ...now, theme: "system" }, now)).toEqual({
      theme: "system",
    });
  });
});
