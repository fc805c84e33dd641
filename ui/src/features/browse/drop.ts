import type { Side } from "./pane.svelte";
import { panes } from "./panes.svelte";
import type { Spot } from "./spot";

/** What lies under the pointer that objects can be dropped on. */
export interface DropTarget {
  side: Side;
  spot: Spot;
  /** Tells targets apart: `left`, `left-row-3`, `left-tab-1`, `left-crumb-2`, `left-bookmark-0`. */
  mark: string;
  /** Opens it when the pointer rests there. */
  open: (() => void) | null;
}

/** The place an element stands for is in its attributes, next to where it is drawn. */
export function dropAttributes(
  side: Side,
  kind: "tab" | "crumb" | "bookmark",
  at: number,
  spot: Spot,
) {
  return { "data-drop-mark": `${side}-${kind}-${at}`, "data-drop-spot": JSON.stringify(spot) };
}

export function targetAt(element: Element | null): DropTarget | null {
  const side = element?.closest<HTMLElement>("[data-drop]")?.dataset.drop as Side | undefined;
  if (!element || !side) return null;
  return markedAt(element, side) ?? rowAt(element, side) ?? paneAt(side);
}

function markedAt(element: Element, side: Side): DropTarget | null {
  const { dropMark: mark, dropSpot } =
    element.closest<HTMLElement>("[data-drop-mark]")?.dataset ?? {};
  if (!mark || !dropSpot) return null;
  const at = Number(mark.split("-").at(-1));
  const open = mark.includes("-tab-") ? () => panes.strips[side].show(at) : null;
  return { side, mark, spot: JSON.parse(dropSpot) as Spot, open };
}

/** A folder or bucket under the pointer means "into it". */
function rowAt(element: Element, side: Side): DropTarget | null {
  const number = element.closest<HTMLElement>("[data-row]")?.dataset.row;
  const pane = panes[side];
  const entry = number === undefined ? undefined : pane.lines?.at(Number(number));
  const spot = entry && entry.kind !== "account" ? pane.spotOf(entry) : null;
  if (!spot) return null;
  return { side, spot, mark: `${side}-row-${number}`, open: () => void pane.go(spot) };
}

function paneAt(side: Side): DropTarget {
  return { side, spot: panes[side].spot, mark: side, open: null };
}
