import { describe, expect, it } from "vitest";
import type { CopyRequest } from "$ipc";
import { type Exception, jobsOf, keptOf } from "./exceptions";

const request = {
  keys: ["a", "b", "c", "d"],
  prefixes: ["p/"],
  on_conflict: "ask",
  overwrite: false,
} as unknown as CopyRequest;
const of = (...pairs: [string, Exception][]) => new Map(pairs);
const told = (jobs: CopyRequest[]) =>
  jobs.map((job) => [job.on_conflict, job.overwrite, job.keys, job.prefixes]);

describe("exceptions", () => {
  it("leave a copy without any as it is", () => {
    expect(jobsOf(request, of())).toEqual([request]);
  });

  it("become jobs of their own, before the rest", () => {
    const exceptions = of(["b", "overwrite"], ["c", "keep_both"], ["d", "skip"]);
    expect(told(jobsOf(request, exceptions))).toEqual([
      ["overwrite", true, ["b"], []],
      ["keep_both", false, ["c"], []],
      ["ask", false, ["a"], ["p/"]],
    ]);
    expect(keptOf(request.keys, exceptions)).toEqual(["a", "b", "c"]);
  });

  it("leave no empty job behind", () => {
    const only = { ...request, keys: ["a"], prefixes: [] };
    expect(told(jobsOf(only, of(["a", "keep_both"])))).toEqual([["keep_both", false, ["a"], []]]);
    expect(jobsOf(only, of(["a", "skip"]))).toEqual([]);
  });
});
