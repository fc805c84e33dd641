import type { Density } from "$ipc";

/** Pixels by which every row is lower or higher than usual; `--row-height` says the same in CSS. */
const MORE: Record<Density, number> = { compact: -4, normal: 0, roomy: 4 };

/** Height of a row that is `usual` pixels high at normal density. */
export function rowHeightAt(usual: number, density: Density): number {
  return usual + MORE[density];
}
