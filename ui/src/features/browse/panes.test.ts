import { expect, it, vi } from "vitest";
import type { Spot } from "./spot";

const call = vi.hoisted(() => vi.fn());
const ACCOUNT = { id: "a", dialect: "s3", name: "A" };
vi.mock("$ipc", () => ({ call, errorOf: (cause: unknown) => cause }));
vi.mock("$app/accounts.svelte", () => ({ accounts: { list: [ACCOUNT], find: () => ACCOUNT } }));
vi.mock("$app/toasts.svelte", () => ({ toasts: { fail: vi.fn() } }));

const { panes } = await import("./panes.svelte");

it("goes where a link leads, though the tabs of the last run come later", async () => {
  let restore: (json: unknown) => void = () => {};
  const kept = new Promise((done) => {
    restore = done;
  });
  const nothing = {
    listing: 1,
    rows: 0,
    shown: 0,
    classes: [],
    complete: true,
    loading: false,
    error: null,
  };
  call.mockImplementation((name: string) => {
    if (name === "session") return kept;
    return Promise.resolve(
      name === "open_listing" ? nothing : { status: nothing, start: 0, rows: [] },
    );
  });
  const place = { account: "a", bucket: "linked", region: null, prefix: "" };
  const spot: Spot = { kind: "objects", place };
  const gone = panes.go(spot);
  expect(panes.isRestored).toBe(false);
  restore({ json: null });
  await gone;
  expect(panes.isRestored).toBe(true);
  expect(panes.current.place).toEqual(place);
});
