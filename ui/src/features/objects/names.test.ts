import { describe, expect, it } from "vitest";
import { baseOf, folderOf, nameBeside, onlyKey, onlyName } from "./names";

const selection = (keys: string[], prefixes: string[] = []) => ({
  place: { account: "a", bucket: "b", region: null, prefix: "" },
  keys,
  prefixes,
  bytes: 0,
});

describe("names", () => {
  it.each([
    ["a/b", "a/", "b"],
    ["a/b/", "a/", "b"],
    ["a", "", "a"],
    ["a//", "a/", ""],
    ["/", "", ""],
  ])("%s is in %s and called %s", (key, folder, base) => {
    expect([folderOf(key), baseOf(key)]).toEqual([folder, base]);
  });

  it.each([
    ["report.pdf", "report (2).pdf"],
    ["report (2).pdf", "report (3).pdf"],
    ["a.tar.gz", "a (2).tar.gz"],
    ["v1.2024.gz", "v1.2024 (2).gz"],
    [".profile", ".profile (2)"],
    ["no extension", "no extension (2)"],
  ])("beside %s stands %s", (name, beside) => {
    expect(nameBeside(name)).toBe(beside);
  });

  it("only one thing is one thing", () => {
    expect(onlyKey(selection(["k"]))).toBe("k");
    expect(onlyKey(selection(["k"], ["p/"]))).toBeNull();
    expect(onlyName(selection([], ["p/"]))).toBe("p/");
    expect(onlyName(selection([], []))).toBeNull();
  });
});
