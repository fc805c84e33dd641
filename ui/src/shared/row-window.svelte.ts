import { tick, untrack } from "svelte";
import { VirtualScroll } from "./virtual";

/** Rows drawn beyond both edges. */
const MARGIN = 8;
/** Scrolling has stopped when nothing came for this long, in milliseconds. */
const SETTLED_MS = 150;

/** What the window looks at: everything may change at any time. */
export interface Rows {
  count: number;
  /** Of a row, in pixels. */
  rowHeight: number;
  /** Room for rows in the scroll box, in pixels. */
  height: number;
  box: HTMLElement | undefined;
}

/** Which rows of a scroll box exist, and where. To be made while a component is. */
export class RowWindow {
  readonly #rows: () => Rows;
  readonly #scroll: VirtualScroll;
  /** Rises when the position changes, which is not a rune itself. */
  #moved = $state(0);
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** First and last row (exclusive), the first one's place, and the height of them all. */
  readonly shown = $derived.by(() => {
    void this.#moved;
    const { rowHeight } = this.#fit();
    const { first, end } = this.#scroll.span(MARGIN);
    return { first, end, y: first * rowHeight + this.#scroll.base, spacer: this.#scroll.spacer };
  });

  constructor(rows: () => Rows) {
    this.#rows = rows;
    this.#scroll = new VirtualScroll(untrack(rows).rowHeight);
    const rowHeight = $derived(rows().rowHeight);
    $effect(() => {
      void rowHeight;
      // The box stands where rows of another height need it to.
      untrack(() => {
        this.#fit();
        this.#place(this.#scroll.align());
      });
      return () => clearTimeout(this.#settling);
    });
  }

  /** Whole rows a page key moves by. */
  get pageRows(): number {
    return this.#scroll.pageRows;
  }

  /** Brings a row fully into view. */
  reveal(row: number): void {
    this.#fit();
    this.#place(this.#scroll.reveal(row));
  }

  /** The box was scrolled. */
  scrolled(): void {
    const { box } = this.#rows();
    if (!box) return;
    this.#scroll.scrolled(box.scrollTop);
    if (this.#scroll.stuck) box.scrollTop = this.#scroll.align();
    this.#moved += 1;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#place(this.#scroll.align()), SETTLED_MS);
  }

  #fit(): Rows {
    const rows = this.#rows();
    this.#scroll.stretch(rows.rowHeight);
    this.#scroll.resize(rows.count, rows.height);
    return rows;
  }

  #place(scrollTop: number): void {
    this.#moved += 1;
    // After the spacer has its new height, else the engine would clamp the position.
    void tick().then(() => {
      const { box } = this.#rows();
      if (box && Math.abs(box.scrollTop - scrollTop) >= 1) box.scrollTop = scrollTop;
    });
  }
}
