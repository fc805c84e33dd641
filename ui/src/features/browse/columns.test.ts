import { describe, expect, it } from "vitest";
import { columnsOf, defaultLayout, fitting, readLayout, tracks } from "./columns";
import type { Spot } from "./spot";

const place = { account: "a", bucket: "b", region: null, prefix: "" };
const objects: Spot = { kind: "objects", place };
const layout = defaultLayout(objects);

describe("columns", () => {
  it("leave the name its room: the last go first", () => {
    expect(fitting(objects, layout, 800)).toEqual(["size", "modified", "class"]);
    expect(fitting(objects, layout, 410)).toEqual(["size", "modified"]);
    expect(fitting(objects, layout, 300)).toEqual(["size"]);
    expect(fitting(objects, layout, 200)).toEqual([]);
  });

  it("are those a place has", () => {
    expect(columnsOf({ kind: "accounts" })).toEqual(["class"]);
    expect(columnsOf({ kind: "buckets", account: "a" })).toEqual(["modified", "class"]);
  });

  it("become tracks with the chosen widths", () => {
    const wide = { ...layout, widths: { size: 120 } };
    expect(tracks(wide, ["size", "class"])).toBe("minmax(0, 1fr) 120px 112px");
  });

  it("come back as they were kept, without what is odd", () => {
    const kept = { shown: ["etag", "size", "colour"], widths: { size: 90, etag: 9_000 } };
    expect(readLayout(kept)).toEqual({ shown: ["size", "etag"], widths: { size: 90 } });
    expect(readLayout("x")).toBeNull();
  });
});
