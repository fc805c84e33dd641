import type { Pane } from "./pane.svelte";
import { Selection } from "./selection";

/** Pixels the pointer moves before a press becomes a band. */
const THRESHOLD = 4;

/** At an edge the list scrolls by this share of the distance beyond it, each frame. */
const PULL = 0.35;

/** What the band needs to know of the list it is drawn over. */
export interface BandList {
  box: HTMLElement;
  rowHeight: number;
  /** Virtual position of the box's upper edge. */
  top(): number;
  scrollBy(pixels: number): void;
}

/** A rectangle drawn with the pointer; the rows it touches are selected. */
export class Band {
  /** In list pixels, from the top of the list; `null` when none is drawn. */
  shape = $state.raw<{ top: number; height: number; left: number; width: number } | null>(null);

  /** A band has just ended: the click that follows is no click. */
  justDrawn = false;

  /** To be called when the button goes down where nothing can be dragged. */
  press(event: PointerEvent, pane: Pane, list: BandList): void {
    const before = event.ctrlKey || event.metaKey ? pane.selection : Selection.none;
    const start = at(event, list);
    let latest = event;
    let frame = 0;
    const pressed = new AbortController();
    const { signal } = pressed;
    const draw = () => {
      frame = 0;
      const end = at(latest, list);
      const far = Math.hypot(end.x - start.x, end.y - start.y) >= THRESHOLD;
      if (!this.shape && !far) return;
      this.shape = between(start, end);
      pane.selection = touched(this.shape, pane.count, list.rowHeight, before);
      const pull = beyond(latest, list.box);
      if (pull === 0) return;
      list.scrollBy(pull * PULL);
      frame = requestAnimationFrame(draw);
    };
    const move = (moved: PointerEvent) => {
      latest = moved;
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const end = () => {
      pressed.abort();
      cancelAnimationFrame(frame);
      this.justDrawn = this.shape !== null;
      this.shape = null;
      setTimeout(() => {
        this.justDrawn = false;
      });
    };
    addEventListener("pointermove", move, { signal });
    for (const name of ["pointerup", "pointercancel", "blur"] as const) {
      addEventListener(name, end, { signal });
    }
  }
}

interface Point {
  x: number;
  y: number;
}

function at(event: PointerEvent, list: BandList): Point {
  const frame = list.box.getBoundingClientRect();
  const x = Math.max(0, Math.min(frame.width, event.clientX - frame.left));
  return { x, y: event.clientY - frame.top + list.top() };
}

function between(a: Point, b: Point) {
  return {
    top: Math.min(a.y, b.y),
    height: Math.abs(a.y - b.y),
    left: Math.min(a.x, b.x),
    width: Math.abs(a.x - b.x),
  };
}

/** How far the pointer is outside of the box: negative above, positive below. */
function beyond(event: PointerEvent, box: HTMLElement): number {
  const { top, bottom } = box.getBoundingClientRect();
  return Math.min(0, event.clientY - top) + Math.max(0, event.clientY - bottom);
}

/** The rows a band touches, beside those selected before it was drawn. */
export function touched(
  band: { top: number; height: number },
  count: number,
  rowHeight: number,
  before: Selection,
): Selection {
  const first = Math.max(0, Math.floor(band.top / rowHeight));
  const last = Math.min(count - 1, Math.floor((band.top + band.height) / rowHeight));
  return last < first ? before : before.withRange(first, last);
}
