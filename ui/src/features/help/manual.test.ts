import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Block, readBlocks, readLine } from "./markdown";

const folder = new URL("../../../manual/", import.meta.url);
const manual = (language: string) =>
  readBlocks(readFileSync(new URL(`${language}.md`, folder), "utf8"));

test("marks within a line are told apart", () => {
  expect(readLine("a **b** *c* `d*e*`.")).toEqual([
    { kind: "text", text: "a " },
    { kind: "strong", text: "b" },
    { kind: "text", text: " " },
    { kind: "emphasis", text: "c" },
    { kind: "text", text: " " },
    { kind: "code", text: "d*e*" },
    { kind: "text", text: "." },
  ]);
});

test("underscores mark words, and are part of a name", () => {
  expect(readLine("press _Try it_ on a_b_c.")).toEqual([
    { kind: "text", text: "press " },
    { kind: "emphasis", text: "Try it" },
    { kind: "text", text: " on a_b_c." },
  ]);
});

test("markup of a page is text like any other", () => {
  expect(readBlocks("<script>x</script>")).toEqual([
    { kind: "paragraph", line: [{ kind: "text", text: "<script>x</script>" }] },
  ]);
});

test("a list is a list, and its items lose their dashes", () => {
  const [list] = readBlocks("- one\n- **two**");
  expect(list).toEqual({
    kind: "list",
    items: [[{ kind: "text", text: "one" }], [{ kind: "strong", text: "two" }]],
  });
});

describe.each(["zh-CN", "de"])("%s", (language) => {
  test("says as much as the English manual, in the same order", () => {
    const shape = (blocks: Block[]) =>
      blocks.map((block) => (block.kind === "list" ? `list of ${block.items.length}` : block.kind));
    expect(shape(manual(language))).toEqual(shape(manual("en")));
  });
});

test.each(["en", "zh-CN", "de"])("every picture of the manual is there: %s", (language) => {
  const paths = manual(language).flatMap((block) => (block.kind === "picture" ? [block.path] : []));
  expect(paths.filter((path) => !existsSync(new URL(path, folder)))).toEqual([]);
  expect(paths.every((path) => path.startsWith(`pictures/${language}/`))).toBe(true);
});
