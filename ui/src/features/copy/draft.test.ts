import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CopyPlan, CopyRequest, Place } from "$ipc";

const call = vi.hoisted(() => vi.fn());
vi.mock("$ipc", () => ({ call, errorOf: (cause: unknown) => cause }));
vi.mock("$app/state.svelte", () => ({
  appState: { settings: { transfers_at_once: 3, parts_at_once: 16 } },
}));

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
  items: [],
  problems: [],
  part_sizes: [],
  fallbacks: [],
  ...changes,
});

function draftOf(...keys: string[]) {
  const load = { source: place("from", "x/"), keys, prefixes: 0, bytes: 1 };
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
      overwrite: false,
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

  it("asks as if replacing were allowed, and starts with what is allowed", async () => {
    call.mockResolvedValueOnce(plan({ existing: 1 })).mockResolvedValueOnce({ job: 7 });
    const draft = draftOf("x/a");
    draft.replan(draft.question);
    await vi.runAllTimersAsync();
    expect(await draft.start()).toBe(7);
    const sent = call.mock.calls.map(([name, request]) => [name, request.overwrite]);
    expect(sent).toEqual([
      ["plan_copy", true],
      ["start_copy", false],
    ]);
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
  const cases: [string, Partial<CopyPlan>, boolean, string | null][] = [
    ["nothing", {}, false, null],
    ["existing objects", { existing: 2 }, false, "exists"],
    ["nothing when overwriting is allowed", { existing: 2 }, true, null],
    ["problems", { problems: [{ key: "x/a", error: {} as never }] }, true, "problems"],
  ];
  it.each(cases)("%s", async (_, changes, overwrite, expected) => {
    call.mockResolvedValue(plan(changes));
    const draft = draftOf("x/a");
    draft.overwrite = overwrite;
    expect(draft.obstacle).toBeNull();
    draft.replan(draft.request);
    await vi.runAllTimersAsync();
    expect(draft.obstacle).toBe(expected);
    draft.rename = "";
    expect(draft.obstacle).toBe("empty_name");
  });
});
