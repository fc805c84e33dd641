/**
 * The geometry of the part map and what its cells show. Pure, so that 10,000 parts can be tested
 * without a canvas.
 */

/** Letters of `PartMap.states`, the worst first: in a shared cell the worst one shows. */
const WORST_FIRST = ["x", "r", "o", ".", "#"] as const;

/** State of a part as the contract spells it. */
export type PartLetter = (typeof WORST_FIRST)[number];

export interface Layout {
  /** Edge of a cell with its gap, in CSS pixels. */
  pitch: number;
  columns: number;
  rows: number;
  /** Parts that share a cell. */
  pool: number;
  cells: number;
}

const LARGEST_PITCH = 16;
/** Below this a cell can no longer be told from its neighbour. */
const SMALLEST_PITCH = 5;

/** Fits parts into a box: cells as large as possible, shared when they would become too small. */
export function layOut(parts: number, width: number, height: number): Layout {
  if (parts === 0 || width < SMALLEST_PITCH || height < SMALLEST_PITCH) {
    return { pitch: LARGEST_PITCH, columns: 0, rows: 0, pool: 1, cells: 0 };
  }
  for (let pitch = LARGEST_PITCH; pitch >= SMALLEST_PITCH; pitch -= 1) {
    const columns = Math.floor(width / pitch);
    if (columns * Math.floor(height / pitch) >= parts) return shaped(parts, pitch, columns, 1);
  }
  const columns = Math.floor(width / SMALLEST_PITCH);
  const room = columns * Math.floor(height / SMALLEST_PITCH);
  return shaped(parts, SMALLEST_PITCH, columns, Math.ceil(parts / room));
}

function shaped(parts: number, pitch: number, columns: number, pool: number): Layout {
  const cells = Math.ceil(parts / pool);
  const used = Math.min(columns, cells);
  return { pitch, columns: used, rows: Math.ceil(cells / used), pool, cells };
}

/** One letter per cell: the worst of the parts that share it. */
export function pooled(states: string, pool: number): string {
  if (pool === 1) return states;
  let cells = "";
  for (let start = 0; start < states.length; start += pool) {
    cells += worst(states.slice(start, start + pool));
  }
  return cells;
}

function worst(states: string): PartLetter {
  return WORST_FIRST.find((letter) => states.includes(letter)) ?? ".";
}

/** How many parts are in each state. */
export function tally(states: string): Record<PartLetter, number> {
  const counts: Record<PartLetter, number> = { x: 0, r: 0, o: 0, ".": 0, "#": 0 };
  for (const letter of states) if (letter in counts) counts[letter as PartLetter] += 1;
  return counts;
}

/** First and last byte of a part, both inclusive as in a Range header. `number` counts from 1. */
export function byteRange(number: number, partSize: number, size: number): [number, number] {
  const first = (number - 1) * partSize;
  return [first, Math.max(first, Math.min(first + partSize, size) - 1)];
}

/** Where a key moves the cursor among cells; `null` for any other key. */
export function moved(cursor: number, key: string, layout: Layout): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -layout.columns,
    ArrowDown: layout.columns,
    PageUp: -layout.columns * 5,
    PageDown: layout.columns * 5,
    Home: -layout.cells,
    End: layout.cells,
  };
  const step = steps[key];
  return step === undefined ? null : Math.max(0, Math.min(layout.cells - 1, cursor + step));
}
