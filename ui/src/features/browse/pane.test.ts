import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ListingStatus, OpenListing, Place, Row } from "$ipc";
import type { Spot } from "./spot";

const call = vi.hoisted(() => vi.fn());
vi.mock("$ipc", () => ({ call, errorOf: (cause: unknown) => cause }));
vi.mock("$app/accounts.svelte", () => ({ accounts: { list: [] } }));
vi.mock("$app/toasts.svelte", () => ({ toasts: { fail: vi.fn() } }));

const { Pane } = await import("./pane.svelte");

const ROWS = ["a/", "b/", "k1", "k2", "k3"];

/** Openings that have to be let through, by prefix; all others answer at once. */
const held = new Map<string, () => void>();
const closed: number[] = [];
const sorted: number[] = [];
let next = 0;

function status(listing: number, changes: Partial<ListingStatus> = {}): ListingStatus {
  const rows = changes.rows ?? ROWS.length;
  const none = { classes: [], complete: true, loading: false, error: null };
  return { listing, rows, shown: rows, ...none, ...changes };
}

function answer(name: string, args: never): unknown {
  const { place, listing, start, count } = args as OpenListing & {
    listing: number;
    start: number;
    count: number;
  };
  switch (name) {
    case "open_listing": {
      next += 1;
      const opened = status(next);
      if (!held.has(place.prefix)) return Promise.resolve(opened);
      return new Promise((resolve) => held.set(place.prefix, () => resolve(opened)));
    }
    case "rows": {
      const rows = ROWS.slice(start, start + count).map(
        (row): Partial<Row> => ({ key: row, name: row, is_prefix: row.endsWith("/"), size: 1 }),
      );
      return Promise.resolve({ status: status(listing), start, rows });
    }
    case "sort_listing":
      sorted.push(listing);
      return Promise.resolve(status(listing));
    case "find_row": {
      const { text } = args as { text: string };
      const row = ROWS.findIndex((name) => name.startsWith(text));
      return Promise.resolve({ row: row < 0 ? null : row });
    }
    case "filter_listing": {
      const { text } = args as { text: string };
      const shown = ROWS.filter((name) => name.includes(text)).length;
      return Promise.resolve(status(listing, { shown }));
    }
    case "search_place": {
      next += 1;
      const { starts_with } = args as { starts_with: string };
      const found = ROWS.filter((name) => name.startsWith(starts_with)).length;
      return Promise.resolve(status(next, { rows: found }));
    }
    case "keys_of_rows":
      return Promise.resolve({ keys: [], prefixes: [], bytes: 0 });
    case "close_listing":
      closed.push(listing);
      return Promise.resolve({});
    default:
      throw new Error(`unexpected ${name}`);
  }
}

const at = (prefix: string): Spot & { kind: "objects" } => ({
  kind: "objects",
  place: { account: "a", bucket: "b", region: null, prefix } satisfies Place,
});

beforeEach(() => {
  held.clear();
  closed.length = 0;
  sorted.length = 0;
  call.mockImplementation(answer);
});

describe("going through places", () => {
  it("goes back and forward, and forgets forward on a new way", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    expect(pane.trail.canGoBack).toBe(false);
    await pane.go(at("a/"));
    await pane.go(at("a/x/"));
    await pane.back();
    expect(pane.place?.prefix).toBe("a/");
    await pane.forward();
    expect(pane.place?.prefix).toBe("a/x/");
    await pane.back();
    await pane.go(at("b/"));
    expect(pane.trail.canGoForward).toBe(false);
  });

  it("stands on the folder it came out of", async () => {
    const pane = new Pane("left");
    await pane.start(at("b/"));
    await pane.up();
    expect(pane.place?.prefix).toBe("");
    expect(pane.selection.rows.toPairs()).toEqual([[1, 2]]);
  });

  it("closes the listing it leaves", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    const first = pane.listed?.listing;
    await pane.go(at("a/"));
    expect(closed).toEqual([first]);
  });

  it("lets a late answer not replace a newer place", async () => {
    const pane = new Pane("left");
    held.set("slow/", () => {});
    const slow = pane.go(at("slow/"));
    await pane.go(at("fast/"));
    const shown = pane.listed?.listing;
    held.get("slow/")?.();
    await slow;
    expect(pane.place?.prefix).toBe("fast/");
    expect(pane.listed?.listing).toBe(shown);
    expect(closed).toHaveLength(1);
    expect(closed).not.toContain(shown);
  });

  it("shows the error of an opening, and the rows again after it", async () => {
    const pane = new Pane("left");
    call.mockRejectedValueOnce({ kind: "access_denied" });
    await pane.start(at(""));
    expect(pane.error).toEqual({ kind: "access_denied" });
    expect(pane.lines).toBeNull();
    await pane.reload();
    expect(pane.error).toBeNull();
    expect(pane.count).toBe(ROWS.length);
  });
});

describe("a listing that grows", () => {
  async function grown(select: boolean) {
    const pane = new Pane("left");
    await pane.start(at(""));
    if (select) pane.selection = pane.selection.only(2);
    const { listed } = pane;
    listed?.follow(status(listed.listing, { rows: 9, loading: true, complete: false }));
    expect(pane.count).toBe(9);
    listed?.follow(status(listed.listing, { rows: 12 }));
    return pane;
  }

  it("is sorted again when it has come to rest", async () => {
    const pane = await grown(false);
    expect(sorted).toEqual([pane.listed?.listing]);
  });

  it("is left as it is while something is selected", async () => {
    const pane = await grown(true);
    expect(sorted).toEqual([]);
    expect(pane.listed?.unsorted).toBe(7);
    expect(pane.selection.rows.toPairs()).toEqual([[2, 3]]);
  });

  it("never shrinks by an answer that was overtaken", async () => {
    const pane = await grown(true);
    const { listed } = pane;
    listed?.follow(status(listed.listing, { rows: 9, loading: true }));
    expect(pane.count).toBe(12);
    expect(listed?.status.loading).toBe(false);
  });
});

describe("finding", () => {
  it("selects by what was typed last", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    void pane.seek.find("a");
    void pane.seek.find("k");
    await pane.seek.find("k2");
    await vi.waitFor(() => expect(pane.selection.rows.toPairs()).toEqual([[3, 4]]));
  });

  it("keeps what is typed until there are lines", async () => {
    const pane = new Pane("left");
    held.set("", () => {});
    const before = next;
    const started = pane.start(at(""), "k1");
    await vi.waitFor(() => expect(next).toBe(before + 1));
    void pane.seek.find("k3");
    held.get("")?.();
    await started;
    await pane.seek.settled();
    expect(pane.selection.rows.toPairs()).toEqual([[4, 5]]);
  });

  it("has settled when the last text was looked for", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    void pane.seek.find("k");
    void pane.seek.find("k3");
    expect(pane.seek.isBusy).toBe(true);
    await pane.seek.settled();
    expect(pane.selection.rows.toPairs()).toEqual([[4, 5]]);
    expect(pane.seek.isBusy).toBe(false);
  });
});

describe("a filter", () => {
  it("shows fewer lines, and is gone at another place", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    pane.filtering = true;
    await pane.filterBy({ ...pane.filter, text: "k" });
    expect([pane.count, pane.lines?.total]).toEqual([3, 5]);
    await pane.reload();
    expect(pane.count).toBe(3);
    await pane.go(at("a/"));
    expect([pane.count, pane.isFiltered, pane.filtering]).toEqual([5, false, false]);
  });

  it("gives way to a search, and what was loaded is there again after it", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    const whole = pane.listed?.listing;
    await pane.search("k");
    expect(pane.count).toBe(3);
    expect(closed).toEqual([]);
    const found = pane.listed?.listing;
    await pane.endSearch();
    expect(pane.listed?.listing).toBe(whole);
    expect(closed).toEqual([found]);
  });
});

describe("everything under a place", () => {
  it("is offered when all that is loaded is selected, and more may come", async () => {
    const pane = new Pane("left");
    await pane.start(at(""));
    pane.selectAll();
    expect(pane.couldBeMore).toBe(false);
    pane.listed?.follow(status(pane.listed.listing, { rows: 9, loading: true, complete: false }));
    expect(pane.couldBeMore).toBe(true);
    pane.selection = pane.selection.toggle(0);
    expect(pane.couldBeMore).toBe(false);
  });

  it("is one prefix, loaded or not, until something else is selected", async () => {
    const pane = new Pane("left");
    await pane.start(at("p/"));
    pane.selectEverything();
    expect(await pane.selected()).toEqual({ keys: [], prefixes: ["p/"], bytes: 0 });
    pane.selection = pane.selection.toggle(1);
    expect(pane.everything).toBe(false);
    expect((await pane.selected())?.prefixes).toEqual([]);
  });
});

describe("a name that is not loaded", () => {
  it("is asked of the server after a pause, and only where more could be", async () => {
    vi.useFakeTimers();
    const pane = new Pane("left");
    await pane.start(at(""));
    await pane.seek.find("z");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pane.seek.missing).toBeNull();
    pane.listed?.follow(status(pane.listed.listing, { rows: 6, complete: false, loading: true }));
    await pane.seek.find("zz");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pane.seek.missing).toEqual({ text: "zz", state: "none" });
    vi.useRealTimers();
  });
});
