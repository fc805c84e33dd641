import { describe, expect, it } from "vitest";
import type { AccountView, Place } from "$ipc";
import { goalOf } from "./goal";

const accounts = [
  { id: "c", name: "Prod", dialect: "cos", endpoint: "https://cos.ap-guangzhou.myqcloud.com" },
] as AccountView[];
const here: Place = { account: "c", bucket: "b", region: "r", prefix: "x/" };
const goal = (text: string, place: Place | null = here) => goalOf(text, place, "c", accounts);
const objects = (bucket: string, prefix: string, region: string | null = null) => ({
  kind: "objects",
  place: { account: "c", bucket, region, prefix },
});

describe("goalOf", () => {
  it("opens a prefix and stands on a key", () => {
    expect(goal("cos://other/a/b/")).toEqual({ spot: objects("other", "a/b/"), standOn: null });
    expect(goal("cos://other/a/b.txt")).toEqual({ spot: objects("other", "a/"), standOn: "b.txt" });
    expect(goal("cos://other")).toEqual({ spot: objects("other", ""), standOn: null });
  });

  it("opens the buckets of a named account", () => {
    expect(goal("cos://Prod@")).toEqual({ spot: { kind: "buckets", account: "c" }, standOn: null });
  });

  it("takes a bare prefix inside a bucket only", () => {
    expect(goal("y/z/")).toEqual({ spot: objects("b", "y/z/", "r"), standOn: null });
    expect(goal("y/z/", null)).toBe("unreadable");
    expect(goal("ftp://b/k")).toBe("unreadable");
  });

  it("says when no account fits", () => {
    expect(goal("s3://b/k")).toBe("no_account");
  });
});
