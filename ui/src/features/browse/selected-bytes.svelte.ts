import type { Intervals } from "./intervals";
import type { ListedLines } from "./lines.svelte";

/** Up to here the rows on this side are added up; the sum is then there at once. */
const MOST_HERE = 2_000;

/** Beyond this asking would carry too many keys over for a number in a status bar. */
const MOST_ASKED = 100_000;

/** A selection being drawn settles for this long before Rust is asked, in milliseconds. */
const SETTLE_MS = 120;

/** The size of what is selected. */
export class SelectedBytes {
  /** `null` while unknown. */
  bytes = $state<number | null>(null);
  #turn = 0;

  /** Adds up a selection; the answer ends it. Made for `$effect`. */
  follow(lines: ListedLines | null, rows: Intervals): (() => void) | undefined {
    this.#turn += 1;
    const turn = this.#turn;
    if (!lines || rows.isEmpty) {
      this.bytes = null;
      return;
    }
    const here = rows.count <= MOST_HERE ? sumHere(lines, rows) : null;
    this.bytes = here;
    if (here !== null || rows.count > MOST_ASKED) return;
    const timer = setTimeout(() => {
      lines.selected(rows).then(
        (selected) => {
          if (turn === this.#turn) this.bytes = selected.bytes;
        },
        () => {},
      );
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }
}

function sumHere(lines: ListedLines, rows: Intervals): number | null {
  let sum = 0;
  for (const [start, end] of rows.list) {
    for (let row = start; row < end; row += 1) {
      const entry = lines.at(row);
      if (!entry) return null;
      sum += entry.size ?? 0;
    }
  }
  return sum;
}
