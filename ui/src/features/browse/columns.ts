import type { Spot } from "./spot";

/** Columns beside the name, in the order they are shown. */
export const COLUMNS = ["size", "modified", "class", "etag"] as const;
export type Column = (typeof COLUMNS)[number];

/** What somebody chose for a bucket. */
export interface Layout {
  shown: Column[];
  /** In pixels. */
  widths: Partial<Record<Column, number>>;
}

/** In pixels. */
const WIDTHS: Record<Column, number> = { size: 92, modified: 132, class: 112, etag: 150 };
export const LEAST_WIDTH = 56;
export const MOST_WIDTH = 480;

/** The name needs this much before another column may be there, in pixels. */
const NAME_NEEDS = 176;

/** Which columns there can be at a place. */
export function columnsOf(spot: Spot): readonly Column[] {
  if (spot.kind === "accounts") return ["class"];
  return spot.kind === "buckets" ? ["modified", "class"] : COLUMNS;
}

export function defaultLayout(spot: Spot): Layout {
  const widths = spot.kind === "accounts" ? { class: 240 } : {};
  return { shown: columnsOf(spot).filter((column) => column !== "etag"), widths };
}

export function widthOf(layout: Layout, column: Column): number {
  return layout.widths[column] ?? WIDTHS[column];
}

/** The columns a pane has room for: in a narrow one the last ones are left out. */
export function fitting(spot: Spot, layout: Layout, paneWidth: number): Column[] {
  const wanted = columnsOf(spot).filter((column) => layout.shown.includes(column));
  let left = paneWidth - NAME_NEEDS;
  return wanted.filter((column) => {
    left -= widthOf(layout, column);
    return left >= 0;
  });
}

/** The grid's tracks: the name takes what the others leave. */
export function tracks(layout: Layout, columns: readonly Column[]): string {
  return ["minmax(0, 1fr)", ...columns.map((column) => `${widthOf(layout, column)}px`)].join(" ");
}

/** Reads a layout that was kept; anything odd is left out. */
export function readLayout(kept: unknown): Layout | null {
  const from = kept as { shown?: unknown; widths?: Record<string, unknown> } | null;
  if (!Array.isArray(from?.shown)) return null;
  const shown = COLUMNS.filter((column) => (from.shown as unknown[]).includes(column));
  const widths: Layout["widths"] = {};
  for (const column of COLUMNS) {
    const width = Number(from.widths?.[column]);
    if (width >= LEAST_WIDTH && width <= MOST_WIDTH) widths[column] = width;
  }
  return { shown, widths };
}
