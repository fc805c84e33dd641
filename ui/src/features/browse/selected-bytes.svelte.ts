import type { Intervals } from "./intervals";
import type { ListedLines } from "./lines.svelte";

/** A selection being drawn settles for this long before Rust is asked, in milliseconds. */
const SETTLE_MS = 80;

/** Up to here the rows on this side are added up; the sum is then there at once. */
const MOST_HERE = 2_000;

/** How much is selected, as far as it is known: of folders nobody knows it yet. */
export interface Amount {
  objects: number;
  prefixes: number;
  /** Of the objects. */
  bytes: number;
}

/** The size of what is selected. */
export class SelectedBytes {
  /** `null` while unknown. */
  amount = $state.raw<Amount | null>(null);
  #turn = 0;

  /** Adds up a selection; the answer ends it. Made for `$effect`. */
  follow(lines: ListedLines | null, rows: Intervals): (() => void) | undefined {
    this.#turn += 1;
    const turn = this.#turn;
    if (!lines || rows.isEmpty) {
      this.amount = null;
      return;
    }
    // Not read back from the rune: the effect would then run by its own change.
    const here = rows.count <= MOST_HERE ? sumHere(lines, rows) : null;
    this.amount = here;
    if (here !== null) return;
    const timer = setTimeout(() => {
      lines.sums(rows).then(
        (sums) => {
          if (turn === this.#turn) this.amount = sums;
        },
        () => {},
      );
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }
}

function sumHere(lines: ListedLines, rows: Intervals): Amount | null {
  const sum = { objects: 0, prefixes: 0, bytes: 0 };
  for (const [start, end] of rows.list) {
    for (let row = start; row < end; row += 1) {
      const entry = lines.at(row);
      if (!entry) return null;
      if (entry.kind === "prefix") sum.prefixes += 1;
      else sum.objects += 1;
      sum.bytes += entry.size ?? 0;
    }
  }
  return sum;
}
