import { describe, expect, it } from "vitest";
import type { Row, RowWindow } from "$ipc";
import { PAGE, RowCache } from "./rows";

function row(index: number, prefix = "k"): Row {
  const name = `${prefix}${index}`;
  return {
    key: name,
    name,
    is_prefix: false,
    size: index,
    modified: null,
    storage_class: null,
    etag: null,
  };
}

/** A listing whose answers are let through one by one. */
function listing(total: number) {
  const asked: [number, number][] = [];
  const waiting: (() => void)[] = [];
  const state = { total, prefix: "k" };
  const fetch = (start: number, count: number): Promise<RowWindow> => {
    asked.push([start, count]);
    const end = Math.min(state.total, start + count);
    const rows = Array.from({ length: Math.max(0, end - start) }, (_, i) =>
      row(start + i, state.prefix),
    );
    const rest = { classes: [], complete: true, loading: false, error: null };
    const status = { listing: 1, rows: state.total, shown: state.total, ...rest };
    return new Promise((resolve) => {
      waiting.push(() => resolve({ status, start, rows }));
    });
  };
  const answer = async () => {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { asked, state, fetch, answer };
}

describe("RowCache", () => {
  it("asks once for a run of missing pages and not for what it has", async () => {
    const from = listing(10_000);
    const cache = new RowCache(from.fetch, () => {});
    cache.want(150, 450, 10_000);
    await from.answer();
    expect(from.asked).toEqual([[0, 3 * PAGE]]);
    expect(cache.at(449)?.name).toBe("k449");
    cache.want(100, 500, 10_000);
    expect(from.asked).toHaveLength(1);
  });

  it("goes straight to the newest wish after a fast scroll", async () => {
    const from = listing(1_000_000);
    const cache = new RowCache(from.fetch, () => {});
    cache.want(0, 50, 1_000_000);
    for (let at = 1; at <= 100; at += 1) cache.want(at * 5_000, at * 5_000 + 50, 1_000_000);
    await from.answer();
    await from.answer();
    expect(from.asked).toEqual([
      [0, PAGE],
      [500_000, PAGE],
    ]);
    expect(cache.at(500_010)?.name).toBe("k500010");
  });

  it("completes the last page when the listing grows", async () => {
    const from = listing(250);
    const cache = new RowCache(from.fetch, () => {});
    cache.want(0, 300, 250);
    await from.answer();
    expect(cache.at(260)).toBeUndefined();
    from.state.total = 900;
    cache.want(0, 300, 900);
    await from.answer();
    expect(from.asked.at(-1)).toEqual([PAGE, PAGE]);
    expect(cache.at(260)?.name).toBe("k260");
  });

  it("shows old rows until fresh ones come, and drops answers from before", async () => {
    const from = listing(100);
    const cache = new RowCache(from.fetch, () => {});
    cache.want(0, 100, 100);
    await from.answer();
    from.state.prefix = "sorted";
    cache.invalidate();
    expect(cache.at(3)?.name).toBe("k3");
    cache.want(0, 100, 100);
    cache.invalidate();
    await from.answer();
    expect(cache.at(3)?.name).toBe("k3");
    await from.answer();
    expect(cache.at(3)?.name).toBe("sorted3");
  });

  it("stops asking when the listing has fewer rows than promised", async () => {
    const from = listing(10);
    const cache = new RowCache(from.fetch, () => {});
    cache.want(0, 100, 100);
    await from.answer();
    await from.answer();
    expect(from.asked).toHaveLength(1);
  });
});
