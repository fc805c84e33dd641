import { describe, expect, it, vi } from "vitest";
import type { CopyLoad } from "../copy/draft.svelte";
import { clipboard } from "./clipboard.svelte";

vi.mock("$ipc", () => ({ call: vi.fn(), errorOf: (cause: unknown) => cause }));

const load = (key: string): CopyLoad => ({
  source: { account: "a", bucket: "b", region: null, prefix: "" },
  keys: [key],
  prefixes: [],
  bytes: 1,
});

/** A load that the core is still asked for. */
function asked() {
  let answer: (load: CopyLoad | null) => void = () => {};
  const coming = new Promise<CopyLoad | null>((done) => {
    answer = done;
  });
  return { coming, answer };
}

const heldKeys = () => clipboard.held?.keys ?? [];

describe("what was just copied", () => {
  it("is waited for by whoever pastes at once", async () => {
    clipboard.release();
    const { coming, answer } = asked();
    void clipboard.take(coming, "copy");
    const pasted = clipboard.settled().then(heldKeys);
    expect(clipboard.isComing).toBe(true);
    answer(load("new"));
    expect(await pasted).toEqual(["new"]);
    expect(clipboard.isComing).toBe(false);
  });

  it("is pasted instead of what was held before, whichever answer comes first", async () => {
    const [first, second] = [asked(), asked()];
    const takes = [clipboard.take(first.coming, "move"), clipboard.take(second.coming, "copy")];
    const pasted = clipboard.settled().then(heldKeys);
    second.answer(load("second"));
    first.answer(load("first"));
    expect((await Promise.all(takes)).map((taken) => taken?.keys)).toEqual([undefined, ["second"]]);
    expect(await pasted).toEqual(["second"]);
    expect(clipboard.kind).toBe("copy");
  });

  it("leaves nothing to be pasted where it could not be read", async () => {
    await clipboard.take(Promise.resolve(load("old")), "copy");
    await clipboard.take(Promise.resolve(null), "copy");
    expect(clipboard.held).toBeNull();
  });
});
