import type { JobKind, SelectedKeys } from "$ipc";
import { m } from "$messages";
import { type DropTarget, targetAt } from "./drop";
import { loadOf, obstacleText, openCopy } from "./hold";
import type { Pane } from "./pane.svelte";
import { panes } from "./panes.svelte";
import { selectionWords } from "./selection-words";
import { type Spot, sameSpot } from "./spot";

/** Pixels the pointer moves before a press becomes a drag. */
const THRESHOLD = 5;

/** Hovering over a folder or a tab for this long opens it, in milliseconds. */
const SPRING_MS = 700;

/** Where a drop would go. */
interface Target extends DropTarget {
  spot: Spot & { kind: "objects" };
  /** Why it is not possible there. */
  obstacle: string | null;
}

/**
 * Dragging objects between panes with pointer events: the browser's own drag and drop is lost in
 * WebKitGTK and fights with the window's file drop.
 */
class Drag {
  /** The tab objects are dragged from; `null` when nothing is dragged. */
  from = $state.raw<Pane | null>(null);
  x = $state(0);
  y = $state(0);
  target = $state.raw<Target | null>(null);
  /** With Shift the objects move. */
  kind = $state<JobKind>("copy");
  /** Counted when the drag starts; `null` until the count is there. */
  load = $state.raw<SelectedKeys | null>(null);

  #spring: { mark: string; timer: ReturnType<typeof setTimeout> } | null = null;

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
    const onKey = (key: KeyboardEvent) => {
      if (key.key === "Shift") this.kind = key.type === "keydown" ? "move" : "copy";
      if (key.key !== "Escape" || key.type === "keyup" || !this.from) return;
      key.preventDefault();
      key.stopPropagation();
      end(false);
    };
    addEventListener("keydown", onKey, { signal, capture: true });
    addEventListener("keyup", onKey, { signal, capture: true });
  }

  /** What the badge says. */
  get text(): string {
    if (this.target?.obstacle) return this.target.obstacle;
    const lines = { length: this.from?.selection.rows.count ?? 0 };
    const what = selectionWords(this.load ?? { keys: lines, prefixes: { length: 0 } });
    return this.kind === "move" ? m.browse_drag_move({ what }) : m.browse_drag({ what });
  }

  /** Whether a drop would go into what carries this mark. */
  isOver(mark: string): boolean {
    return this.target?.mark === mark && this.target.obstacle === null;
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
    this.kind = event.shiftKey ? "move" : "copy";
    const found = targetAt(document.elementFromPoint(event.clientX, event.clientY));
    this.#coil(found);
    this.target = found && this.#judged(found);
  }

  /** A target that is not a bucket's level, or the source itself, is none. */
  #judged(found: DropTarget): Target | null {
    const source = this.from?.place;
    const { spot } = found;
    if (!source || spot.kind !== "objects") return null;
    if (sameSpot(spot, { kind: "objects", place: source })) return null;
    return { ...found, spot, obstacle: obstacleText(source.account, spot.place.account) };
  }

  /** What springs open: a folder under the pointer, or a tab behind others. */
  #coil(found: DropTarget | null): void {
    if (this.#spring?.mark === found?.mark) return;
    if (this.#spring) clearTimeout(this.#spring.timer);
    this.#spring = null;
    if (!found?.open) return;
    const timer = setTimeout(() => found.open?.(), SPRING_MS);
    this.#spring = { mark: found.mark, timer };
  }

  #end(drop: boolean): void {
    const { from, target, kind } = this;
    this.#coil(null);
    this.from = null;
    this.target = null;
    this.load = null;
    this.kind = "copy";
    if (!drop || !from || !target || target.obstacle) return;
    void loadOf(from).then((load) => load && openCopy(load, target.spot.place, kind));
    panes.active = target.side;
  }
}

export const drag = new Drag();
