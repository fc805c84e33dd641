import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CopyPlan, CopyRequest, Place } from "$ipc";

const call = vi.hoisted(() => vi.fn());
vi.mock("$ipc", () => ({ call, errorOf: (cause: unknown) => cause }));
const settings = vi.hoisted(() => ({
  transfers_at_once: 3,
  parts_at_once: 16,
  part_size: null as number | null,
}));
vi.mock("$app/state.svelte", () => ({ appState: { settings } }));

const { CopyDraft } = await import("./draft.svelte");

const place = (bucket: string, prefix: string): Place => ({
  account: "a",
  bucket,
  region: null,
  prefix,
});

const plan = (changes: Partial<CopyPlan> = {}): CopyPlan => ({
  objects: 1,
  bytes: 1,
  parts: 1,
  multipart_objects: 0,
  write_requests: 1,
  read_requests: 1,
  existing: 0,
  more: false,
  items: [],
  problems: [],
  part_sizes: [],
  part_size_by: "least",
  parts_at_once: { begins: 16, most: 256, found: false },
  fallbacks: [],
  given: [],
  classes: [],
  crosses_regions: false,
  ...changes,
});

function draftOf(...names: string[]) {
  const [prefixes, keys] = [true, false].map((folder) =>
    names.filter((name) => name.endsWith("/") === folder),
  ) as [string[], string[]];
  const load = { source: place("from", "x/"), keys, prefixes, bytes: 1 };
  return new CopyDraft(load, place("to", "y/"));
}

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset();
});
afterEach(() => vi.useRealTimers());

describe("the request", () => {
  it("starts from the defaults and the pane's prefix", () => {
    expect(draftOf("x/a").request).toMatchObject({
      keys: ["x/a"],
      destination: { bucket: "to", prefix: "y/" },
      rename: null,
      options: { part_size: null, transfers_at_once: 3, parts_at_once: 16, storage_class: null },
      on_conflict: "ask",
      kind: "copy",
    });
    expect(draftOf("x/a").request.options.timing).toBeUndefined();
  });

  it("takes folders as they are, beside objects", () => {
    const mixed = draftOf("x/a", "x/b/", "x//");
    expect(mixed.request).toMatchObject({ keys: ["x/a"], prefixes: ["x/b/", "x//"] });
    expect(mixed.originalName).toBeNull();
  });

  it("renames a single folder, unless its name is nothing but the delimiter", () => {
    const folder = draftOf("x/b/");
    expect(folder.originalName).toBe("b");
    folder.rename = "c";
    expect(folder.request.rename).toBe("c");
    expect(draftOf("x//").originalName).toBeNull();
  });

  it("says when it is to run, once that is anything special", () => {
    const draft = draftOf("x/a");
    draft.timing.from = "22:00";
    expect(draft.timing.isUsual).toBe(true);
    draft.timing.to = "06:00";
    draft.timing.startAt = "2026-11-21T22:30";
    expect(draft.request.options.timing).toEqual({
      priority: "normal",
      start_at_ms: new Date(2026, 10, 21, 22, 30).getTime(),
      window: "22:00-06:00",
    });
  });

  it("renames only a single object, and only when the name differs", () => {
    const one = draftOf("x/a");
    expect(one.originalName).toBe("a");
    one.rename = "b";
    expect(one.request.rename).toBe("b");
    const two = draftOf("x/a", "x/b");
    expect(two.originalName).toBeNull();
    expect(two.request.rename).toBeNull();
  });

  it("keeps numbers in range while they are typed", () => {
    const draft = draftOf("x/a");
    draft.transfersAtOnce = Number.NaN;
    draft.partsAtOnce = 9_999;
    draft.storageClass = "  ";
    expect(draft.request.options).toMatchObject({
      transfers_at_once: 1,
      parts_at_once: 256,
      storage_class: null,
    });
  });
});

describe("planning", () => {
  it("keeps the newest plan when an older answer comes last", async () => {
    const answers: ((plan: CopyPlan) => void)[] = [];
    call.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const draft = draftOf("x/a");
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    answers[1]?.(plan({ parts: 2 }));
    answers[0]?.(plan({ parts: 1 }));
    await vi.runAllTimersAsync();
    expect(draft.plan?.parts).toBe(2);
    expect(draft.planning).toBe(false);
  });

  it("asks once for a burst of changes", async () => {
    call.mockResolvedValue(plan());
    const draft = draftOf("x/a");
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    call.mockClear();
    for (const size of [1, 2, 3]) {
      const cancel = draft.replan({ ...draft.request, overwrite: size > 1 } as CopyRequest);
      if (size < 3) cancel();
    }
    await vi.runAllTimersAsync();
    expect(call).toHaveBeenCalledTimes(1);
  });

  it("starts what was planned, with the policy for what exists", async () => {
    call.mockResolvedValueOnce(plan({ existing: 1 })).mockResolvedValueOnce({ job: 7 });
    const draft = draftOf("x/a");
    draft.onConflict = "keep_both";
    draft.kind = "move";
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    expect(await draft.start()).toBe(7);
    const sent = call.mock.calls.map(([name, request]) => [
      name,
      request.on_conflict,
      request.kind,
    ]);
    expect(sent).toEqual([
      ["plan_copy", "keep_both", "move"],
      ["start_copy", "keep_both", "move"],
    ]);
  });

  it("begins nothing twice when one of several jobs is refused", async () => {
    call.mockResolvedValueOnce({ job: 7 }).mockRejectedValueOnce({ kind: "network" });
    const draft = draftOf("x/a", "x/b", "x/c");
    draft.except("x/a", "overwrite");
    draft.except("x/c", "skip");
    expect(await draft.start()).toBeNull();
    expect(draft.error).toEqual({ kind: "network" });
    call.mockResolvedValue({ job: 8 });
    expect(await draft.start()).toBe(8);
    const sent = call.mock.calls.map(([, request]) => [request.keys, request.on_conflict]);
    expect(sent).toEqual([
      [["x/a"], "overwrite"],
      [["x/b"], "ask"],
      [["x/b"], "ask"],
    ]);
  });

  it("leaves a default part size that the objects do not allow", async () => {
    settings.part_size = 64;
    const problem = { key: "x/a", error: {} as never };
    call.mockResolvedValue(plan({ problems: [problem] }));
    const [byDefault, chosen] = [draftOf("x/a"), draftOf("x/a")];
    settings.part_size = null;
    chosen.partSize = 32;
    for (const draft of [byDefault, chosen]) draft.replan(draft.request);
    settings.part_size = 64;
    await vi.runAllTimersAsync();
    expect(byDefault.partSize).toBeNull();
    expect(chosen.partSize).toBe(32);
    settings.part_size = null;
  });

  it("shows why there is no plan", async () => {
    call.mockRejectedValue({ kind: "access_denied" });
    const draft = draftOf("x/a");
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    expect(draft.plan).toBeNull();
    expect(draft.error).toEqual({ kind: "access_denied" });
    expect(draft.obstacle).toBe("no_plan");
  });
});

describe("what holds it up", () => {
  const cases: [string, Partial<CopyPlan>, string | null][] = [
    ["nothing", {}, null],
    ["nothing that exists: there is a policy for it", { existing: 2 }, null],
    ["problems", { problems: [{ key: "x/a", error: {} as never }] }, "problems"],
  ];
  it.each(cases)("%s", async (_, changes, expected) => {
    call.mockResolvedValue(plan(changes));
    const draft = draftOf("x/a");
    expect(draft.obstacle).toBeNull();
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    expect(draft.obstacle).toBe(expected);
    draft.rename = "";
    expect(draft.obstacle).toBe("empty_name");
  });
});
