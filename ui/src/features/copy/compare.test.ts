import { describe, expect, it } from "vitest";
import { compare } from "./compare";

const side = (changes: object) => ({ size: 1, etag: "a", crc64: null, modified_ms: 1, ...changes });

describe("source and destination", () => {
  it.each([
    [{}, {}, "same_etag"],
    [{ size: 2 }, {}, "size"],
    [{ crc64: "7", etag: "x" }, { crc64: "7" }, "same_crc64"],
    [{ crc64: "7", etag: "x" }, { crc64: "8" }, "differs"],
    [{ etag: "x", modified_ms: 2 }, {}, "newer"],
    [{ etag: "x" }, { modified_ms: 2 }, "older"],
    [{ etag: "x", modified_ms: null }, {}, "differs"],
  ])("%o beside %o: %s", (from, to, verdict) => {
    expect(compare([side(from), side(to)])).toBe(verdict);
  });
});
