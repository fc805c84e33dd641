import { describe, expect, test } from "vitest";
import { isBare, keysIn, matches, shortcutFrom, shortcutLabel } from "./shortcut";

const press = (key: string, ...held: string[]) => ({
  key,
  ctrlKey: held.includes("ctrl"),
  metaKey: held.includes("meta"),
  shiftKey: held.includes("shift"),
  altKey: held.includes("alt"),
});

describe("matching", () => {
  test.each([
    ["Mod+B", press("b", "ctrl"), true],
    ["Mod+B", press("b"), false],
    ["Mod+B", press("b", "ctrl", "shift"), false],
    ["Mod+B", press("b", "meta"), false],
    ["Mod+Shift+Enter", press("Enter", "ctrl", "shift"), true],
    ["Mod+,", press(",", "ctrl"), true],
    ["P", press("p"), true],
    ["P", press("p", "ctrl"), false],
    ["*", press("*", "shift"), true],
    ["F6", press("F6"), true],
    ["F6", press("F6", "shift"), false],
    ["Shift+F6", press("F6", "shift"), true],
    ["Mod++", press("+", "ctrl"), true],
    ["Space", press(" "), true],
  ])("%s with %j: %s", (shortcut, event, expected) => {
    expect(matches(shortcut, event, false)).toBe(expected);
  });

  test("Mod is ⌘ on a Mac", () => {
    expect(matches("Mod+C", press("c", "meta"), true)).toBe(true);
    expect(matches("Mod+C", press("c", "ctrl"), true)).toBe(false);
  });
});

test("only shortcuts without a modifier are bare", () => {
  expect(["P", "Delete", "Shift+Delete", "Enter"].every(isBare)).toBe(true);
  expect(["Mod+B", "Alt+ArrowUp", "F6", "Shift+F6"].some(isBare)).toBe(false);
});

test("labels are written as the platform does", () => {
  expect(shortcutLabel("Mod+Shift+Enter", false)).toBe("Ctrl+Shift+Enter");
  expect(shortcutLabel("Mod+Shift+Enter", true)).toBe("⌘⇧⏎");
});

test("a press is written as the shortcut that matches it", () => {
  for (const event of [
    press("b", "ctrl"),
    press("Enter", "ctrl", "shift"),
    press("*", "shift"),
    press(" "),
  ]) {
    const shortcut = shortcutFrom(event, false);
    expect(shortcut !== null && matches(shortcut, event, false)).toBe(true);
  }
  expect(shortcutFrom(press("Shift", "shift"), false)).toBeNull();
});

test("what the user chose comes before the preset, the preset before nothing", () => {
  const keys = { explorer: ["F5"], commander: ["Mod+R"] };
  expect(keysIn("commander", keys)).toEqual(["Mod+R"]);
  expect(keysIn("commander", ["F2"])).toEqual(["F2"]);
  expect(keysIn("explorer", keys, ["F9"])).toEqual(["F9"]);
  expect(keysIn("explorer", keys, [])).toEqual([]);
});
