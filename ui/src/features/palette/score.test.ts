import { expect, test } from "vitest";
import { score } from "./score";

const best = (typed: string, texts: string[]) =>
  texts.filter((text) => score(typed, text) > 0).sort((a, b) => score(typed, b) - score(typed, a));

test("a beginning comes before a word, a word before the middle of one", () => {
  const texts = ["Discopy", "Paste copy", "Copy"];
  expect(best("cop", texts)).toEqual(["Copy", "Paste copy", "Discopy"]);
});

test("the first letters of words are enough", () => {
  expect(best("cto", ["Copy to other pane…", "Cancel copy"])).toEqual(["Copy to other pane…"]);
});

test("letters that happen to come in order are no hit", () => {
  expect(best("ptn", ["Copy to other pane…"])).toEqual([]);
});

test("accents and case do not matter, and words may come in any order", () => {
  expect(best("ubert", ["Übertragungen"])).toEqual(["Übertragungen"]);
  expect(best("other copy", ["Copy to other pane…"])).toEqual(["Copy to other pane…"]);
  expect(best("设置", ["打开设置"])).toEqual(["打开设置"]);
});

test("of two that fit alike the shorter comes first", () => {
  expect(best("logs", ["logs/2026/", "logs/"])).toEqual(["logs/", "logs/2026/"]);
});
