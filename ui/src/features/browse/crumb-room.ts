/**
 * How many steps of a breadcrumb are left out, from the first on, so that the others fit. The last
 * one, where the pane stands, always stays. Widths are in pixels; `menu` is that of the button
 * behind which the left-out steps are.
 */
export function leftOut(widths: readonly number[], room: number, menu: number): number {
  let needed = widths.reduce((sum, width) => sum + width, 0);
  if (needed <= room) return 0;
  let out = 0;
  while (out < widths.length - 1 && needed + menu > room) {
    needed -= widths[out] as number;
    out += 1;
  }
  return out;
}
