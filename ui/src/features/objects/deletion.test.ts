import { describe, expect, it } from "vitest";
import { canBeUndone, type DeletionFacts, needsName } from "./deletion";

const facts = (changes: Partial<DeletionFacts>): DeletionFacts => ({
  objects: 1,
  bytes: 1,
  counting: false,
  versioning: "never",
  versions: false,
  ...changes,
});

describe("deleting", () => {
  it.each([
    [{ versioning: "enabled" }, true],
    [{ versioning: "enabled", versions: true }, false],
    [{ versioning: "suspended" }, false],
    [{ versioning: "never" }, false],
    [{ versioning: null }, false],
  ])("%o can be undone: %s", (changes, expected) => {
    expect(canBeUndone(facts(changes))).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ objects: 100 }, true],
    [{ bytes: 10 * 2 ** 30 }, true],
    [{ counting: true }, true],
    [{ objects: 1_000_000, versioning: "enabled" }, false],
    [{ objects: 100, versioning: "enabled", versions: true }, true],
  ])("%o asks for the bucket's name: %s", (changes, expected) => {
    expect(needsName(facts(changes))).toBe(expected);
  });
});
