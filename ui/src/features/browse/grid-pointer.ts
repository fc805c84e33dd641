import { onMac } from "$app/shortcut";
import type { Band, BandList } from "./band.svelte";
import { drag } from "./drag.svelte";
import type { Pane } from "./pane.svelte";

/** What a pointer does to the lines of a pane: choose, take hold, draw a band, open. */
export class GridPointer {
  readonly #pane: Pane;
  readonly #band: Band;
  readonly #list: () => BandList | null;

  /** `list` is asked for when it is needed: the box is drawn later. */
  constructor(pane: Pane, band: Band, list: () => BandList | null) {
    this.#pane = pane;
    this.#band = band;
    this.#list = list;
  }

  down = (event: PointerEvent): void => {
    const box = this.#list()?.box;
    const onScrollbar =
      box !== undefined && event.offsetX >= box.clientWidth && event.target === box;
    if (event.button === 0 && !onScrollbar) this.#press(event, rowAt(event));
    box?.focus({ preventScroll: true });
  };

  /** A click inside a selection narrows it to one line, but only if it did not become a drag. */
  click = (event: MouseEvent): void => {
    const row = rowAt(event);
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (row === null || !plain || event.detail !== 1 || this.#band.justDrawn) return;
    this.#pane.selection = this.#pane.selection.only(row);
  };

  doubleClick = (event: MouseEvent): void => {
    const row = rowAt(event);
    const entry = row === null ? undefined : this.#pane.lines?.at(row);
    if (entry) void this.#pane.enter(entry);
  };

  menu = (event: MouseEvent): void => {
    const pane = this.#pane;
    const row = rowAt(event);
    if (row === null) pane.selection = pane.selection.clear();
    else if (!pane.selection.rows.has(row)) pane.selection = pane.selection.only(row);
  };

  #press(event: PointerEvent, row: number | null): void {
    const pane = this.#pane;
    const mod = onMac ? event.metaKey : event.ctrlKey;
    const { selection } = pane;
    if (row === null) {
      if (!mod && !event.shiftKey) pane.selection = selection.clear();
      this.#draw(event);
    } else if (event.shiftKey) {
      pane.selection = selection.extend(row, mod);
    } else if (mod) {
      pane.selection = selection.toggle(row);
    } else if (selection.rows.has(row) || onName(event)) {
      if (!selection.rows.has(row)) pane.selection = selection.only(row);
      if (pane.place) drag.press(event, pane);
    } else {
      pane.selection = selection.only(row);
      this.#draw(event);
    }
  }

  #draw(event: PointerEvent): void {
    const list = this.#list();
    if (list) this.#band.press(event, this.#pane, list);
  }
}

function rowAt(event: Event): number | null {
  const line = (event.target as Element | null)?.closest<HTMLElement>("[data-row]");
  return line ? Number(line.dataset.row) : null;
}

/** Names are taken hold of; beside them a band is drawn. */
function onName(event: PointerEvent): boolean {
  return (event.target as Element).closest("[data-handle]") !== null;
}
