import { language } from "$app/language.svelte";
import { units } from "$shared/units.svelte";
import type { Column } from "./columns";
import { type Look, RowElement } from "./row-element";

/** The lines on screen: as many elements as fit, drawn again and again. */
export class RowPool {
  readonly #side: string;
  readonly #parent: HTMLElement;
  #columns: readonly Column[] = [];
  /** How rows are written; all are made anew when it changes. */
  #way = "";
  #rows: RowElement[] = [];

  constructor(side: string, parent: HTMLElement) {
    this.#side = side;
    this.#parent = parent;
    parent.addEventListener("pointermove", this.#hint, { passive: true });
  }

  /** Draws a line for each look; those of the time before are used again, each at its place. */
  draw(looks: readonly Look[], columns: readonly Column[]): void {
    const way = [language.current, units.decimal, ...columns].join();
    if (way !== this.#way) {
      this.#way = way;
      this.#columns = columns;
      this.#cut(0);
    }
    this.#cut(looks.length);
    looks.forEach((look, slot) => {
      const row = this.#rows[slot] ?? this.#grow(slot);
      row.show(look);
    });
  }

  close(): void {
    this.#parent.removeEventListener("pointermove", this.#hint);
    this.#cut(0);
  }

  #grow(slot: number): RowElement {
    const row = new RowElement(`${this.#side}-${slot}`, this.#columns);
    this.#rows.push(row);
    this.#parent.append(row.element);
    return row;
  }

  #cut(length: number): void {
    for (const row of this.#rows.splice(length)) row.element.remove();
  }

  /** Tooltips are made for cells the pointer is on: few are ever read. */
  readonly #hint = ({ target }: PointerEvent) => {
    if (!(target instanceof Element)) return;
    const line = target.closest("[data-row]");
    this.#rows.find((row) => row.element === line)?.hint(target);
  };
}
