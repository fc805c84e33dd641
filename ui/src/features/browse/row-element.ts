import { language } from "$app/language.svelte";
import { m } from "$messages";
import { forEllipsis, rowPieces } from "$shared/display";
import { COLUMNS, type Column } from "./columns";
import type { Entry } from "./entry";
import { part, TextPart } from "./row-parts";
import { cellHint, cellText } from "./row-text";
import { warmth } from "./storage-class";

/** What a line shows, and how. */
export interface Look {
  row: number;
  /** `undefined` while it is fetched. */
  entry: Entry | undefined;
  /** From the top of what scrolls, in pixels. */
  y: number;
  selected: boolean;
  /** The keyboard stands here. */
  lead: boolean;
  /** It is about to be moved away. */
  cut: boolean;
  /** A drag would drop into it. */
  dropInto: boolean;
}

const STATES = ["selected", "lead", "cut", "dropInto"] as const;
const CLASSES = { selected: "selected", lead: "lead", cut: "cut", dropInto: "drop-into" };

/**
 * One line, used again for another row as the list scrolls. Only what differs from the row before
 * is written: thirty lines change within one frame when somebody drags the scroll bar.
 */
export class RowElement {
  readonly element = part("row");
  readonly #icon = found(this.element, "icon");
  readonly #head = new TextPart(found(this.element, "head"));
  readonly #tail = new TextPart(found(this.element, "tail"));
  readonly #cells = new Map<Column, TextPart>();
  #look: Look | null = null;
  /** What the cells say: while another row is fetched they keep the last, unseen. */
  #told: Entry | null = null;
  /** Cells that have a tooltip, which is made when the pointer comes. */
  #hinted: HTMLElement[] = [];

  constructor(id: string, columns: readonly Column[]) {
    this.element.id = id;
    for (const column of COLUMNS) {
      const cell = this.element.querySelector(`[data-column="${column}"]`);
      if (!columns.includes(column)) cell?.remove();
      else if (cell) this.#cells.set(column, new TextPart(cell));
    }
  }

  show(look: Look): void {
    const { element } = this;
    const before = this.#look;
    this.#look = look;
    if (before?.y !== look.y) element.style.transform = `translateY(${look.y}px)`;
    if (before?.row !== look.row) {
      element.setAttribute("aria-rowindex", String(look.row + 2));
      element.dataset.row = String(look.row);
    }
    for (const state of STATES) {
      const is = look[state];
      if ((before?.[state] ?? false) !== is) element.classList.toggle(CLASSES[state], is);
    }
    if (before?.selected !== look.selected) {
      element.setAttribute("aria-selected", String(look.selected));
    }
    if (before === null || before.entry !== look.entry) this.#come(look, before);
    if (look.entry && look.entry !== this.#told) this.#tell(look.entry);
  }

  /** The pointer is over the line: makes the tooltip of the cell under it. */
  hint(target: Element): void {
    const cell = target.closest<HTMLElement>("[data-column]");
    if (!cell || !this.#look?.entry || this.#hinted.includes(cell)) return;
    this.#hinted.push(cell);
    const column = cell.dataset.column as "name" | Column;
    cell.title = cellHint(this.#look.entry, column, language.current);
  }

  /** The row has come, or another is waited for. */
  #come({ entry, row }: Look, before: Look | null): void {
    const { element } = this;
    if (entry) {
      element.dataset.name = entry.name;
      if (before?.entry === undefined) element.classList.remove("waiting");
    } else {
      delete element.dataset.name;
      element.classList.add("waiting");
      found(element, "loading").setAttribute("aria-label", m.browse_row_loading());
      found(element, "bar").style.width = `${30 + ((row * 37) % 40)}%`;
    }
  }

  #tell(entry: Entry): void {
    const before = this.#told;
    this.#told = entry;
    for (const cell of this.#hinted) cell.removeAttribute("title");
    this.#hinted = [];
    if (before?.kind !== entry.kind) {
      this.element.dataset.kind = entry.kind;
      this.#icon.replaceChildren(part(`kind-${entry.kind}`));
    }
    const { head, tail } = forEllipsis(rowPieces(entry.name, entry.kind === "prefix"));
    this.#head.spell(head);
    this.#tail.spell(tail);
    for (const [column, cell] of this.#cells) {
      if (column !== "class") cell.say(cellText(entry, column, language.current));
      else if (before?.note !== entry.note || before.kind !== entry.kind) classify(cell, entry);
    }
  }
}

/** A storage class in the provider's word, with a sign for how fast its objects can be had. */
function classify(cell: TextPart, entry: Entry): void {
  const word = entry.note ?? "";
  const kind = entry.kind === "object" ? warmth(word) : "hot";
  if (kind === "hot") cell.say(word);
  else {
    const sign = part(`warmth-${kind}`);
    sign.append(word);
    cell.hold(sign);
  }
}

function found(element: HTMLElement, name: string): HTMLElement {
  return element.querySelector(`[data-part="${name}"]`) as HTMLElement;
}
