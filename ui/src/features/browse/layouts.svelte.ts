import { type Column, defaultLayout, type Layout, readLayout } from "./columns";
import { keep, restored } from "./session";
import type { Spot } from "./spot";

/** Buckets whose columns are remembered; the one changed longest ago is forgotten. */
const REMEMBERED = 300;

/** Which columns are shown and how wide, for each bucket. */
class Layouts {
  #chosen = $state.raw<ReadonlyMap<string, Layout>>(new Map());
  #restored = $state<"no" | "restoring" | "yes">("no");

  of(spot: Spot): Layout {
    return this.#chosen.get(keyOf(spot)) ?? defaultLayout(spot);
  }

  toggle(spot: Spot, column: Column): void {
    const { shown, widths } = this.of(spot);
    const rest = shown.filter((other) => other !== column);
    this.#put(spot, { shown: rest.length < shown.length ? rest : [...shown, column], widths });
  }

  resize(spot: Spot, column: Column, width: number): void {
    const { shown, widths } = this.of(spot);
    this.#put(spot, { shown, widths: { ...widths, [column]: Math.round(width) } });
  }

  reset(spot: Spot): void {
    const chosen = new Map(this.#chosen);
    chosen.delete(keyOf(spot));
    this.#chosen = chosen;
  }

  async restore(): Promise<void> {
    if (this.#restored !== "no") return;
    this.#restored = "restoring";
    const kept = await restored("columns");
    const pairs = Array.isArray(kept) ? kept : [];
    this.#chosen = new Map(
      pairs.flatMap((pair): [string, Layout][] => {
        const layout = Array.isArray(pair) ? readLayout(pair[1]) : null;
        return layout ? [[String(pair[0]), layout]] : [];
      }),
    );
    this.#restored = "yes";
  }

  /** Made for `$effect`. */
  keep(): void {
    const chosen = [...this.#chosen];
    if (this.#restored === "yes") keep("columns", chosen);
  }

  #put(spot: Spot, layout: Layout): void {
    const chosen = new Map(this.#chosen);
    chosen.delete(keyOf(spot));
    chosen.set(keyOf(spot), layout);
    this.#chosen = new Map([...chosen].slice(-REMEMBERED));
  }
}

function keyOf(spot: Spot): string {
  if (spot.kind === "accounts") return "";
  return spot.kind === "buckets" ? spot.account : `${spot.place.account}/${spot.place.bucket}`;
}

export const layouts = new Layouts();
