import type { SelectedKeys } from "$ipc";
import { m } from "$messages";
import { copyDialog } from "../copy/dialog.svelte";
import { loadOf, obstacleText } from "./clipboard.svelte";
import type { Pane, Side } from "./pane.svelte";
import { panes } from "./panes.svelte";
import { selectionWords } from "./selection-words";
import { type Spot, sameSpot } from "./spot";

/** Pixels the pointer moves before a press becomes a drag. */
const THRESHOLD = 5;

/** Where a drop would go. */
interface Target {
  side: Side;
  /** Row of a prefix to drop into; `null` for the pane itself. */
  row: number | null;
  spot: Spot & { kind: "objects" };
  /** Why it is not possible there. */
  obstacle: string | null;
}

/**
 * Dragging objects between panes with pointer events: the browser's own drag and drop is lost in
 * WebKitGTK and fights with the window's file drop.
 */
class Drag {
  /** The pane objects are dragged from; `null` when nothing is dragged. */
  from = $state.raw<Pane | null>(null);
  x = $state(0);
  y = $state(0);
  target = $state.raw<Target | null>(null);
  /** Counted when the drag starts; `null` until the count is there. */
  load = $state.raw<SelectedKeys | null>(null);

  /** To be called when the button goes down on a selected object. */
  press(event: PointerEvent, pane: Pane): void {
    const [startX, startY] = [event.clientX, event.clientY];
    const pressed = new AbortController();
    const { signal } = pressed;
    const move = (moved: PointerEvent) => {
      const far = Math.hypot(moved.clientX - startX, moved.clientY - startY) >= THRESHOLD;
      if (!this.from && far) this.#start(pane);
      if (this.from) this.#move(moved);
    };
    const end = (drop: boolean) => {
      pressed.abort();
      if (this.from) this.#end(drop);
    };
    addEventListener("pointermove", move, { signal });
    addEventListener("pointerup", () => end(true), { signal });
    addEventListener("pointercancel", () => end(false), { signal });
    addEventListener("blur", () => end(false), { signal });
    const onEscape = (key: KeyboardEvent) => {
      if (key.key !== "Escape" || !this.from) return;
      key.preventDefault();
      key.stopPropagation();
      end(false);
    };
    addEventListener("keydown", onEscape, { signal, capture: true });
  }

  /** What the badge says. */
  get text(): string {
    if (this.target?.obstacle) return this.target.obstacle;
    const lines = { length: this.from?.selection.rows.count ?? 0 };
    const what = selectionWords(this.load ?? { keys: lines, prefixes: { length: 0 } });
    return m.browse_drag({ what });
  }

  #start(pane: Pane): void {
    this.from = pane;
    this.load = null;
    pane.selected().then(
      (load) => {
        if (this.from === pane) this.load = load;
      },
      () => {},
    );
  }

  #move(event: PointerEvent): void {
    this.x = event.clientX;
    this.y = event.clientY;
    this.target = this.#targetAt(document.elementFromPoint(event.clientX, event.clientY));
  }

  #targetAt(element: Element | null): Target | null {
    const source = this.from?.place;
    const side = element?.closest<HTMLElement>("[data-drop]")?.dataset.drop as Side | undefined;
    if (!source || !side) return null;
    const pane = panes[side];
    const number = element?.closest<HTMLElement>("[data-row]")?.dataset.row;
    const row = number === undefined ? null : Number(number);
    const entry = row === null ? undefined : pane.lines?.at(row);
    const into = entry && entry.kind !== "account" ? pane.spotOf(entry) : null;
    const spot = into ?? pane.spot;
    if (spot.kind !== "objects" || sameSpot(spot, { kind: "objects", place: source })) return null;
    const obstacle = obstacleText(source.account, spot.place.account);
    return { side, row: into ? row : null, spot, obstacle };
  }

  #end(drop: boolean): void {
    const { from, target } = this;
    this.from = null;
    this.target = null;
    this.load = null;
    if (!drop || !from || !target || target.obstacle) return;
    void loadOf(from).then((load) => load && copyDialog.open(load, target.spot.place));
  }
}

export const drag = new Drag();
