/**
 * Where a list of any length stands in a scroll box.
 *
 * Engines clamp an element's height (16.7 million device pixels on a 200 % screen), so a spacer
 * as tall as the list breaks somewhere past half a million rows. The spacer is therefore capped
 * and the virtual position is kept apart from `scrollTop`.
 */

/** Tallest spacer, in CSS pixels: below every engine's clamp at any display scale. */
export const SPACER_CAP = 8_000_000;

/** A native step below this many viewports is a wheel or a key; above it is the thumb. */
const SMALL_STEP = 1.5;

/** Rows to draw: `first` inclusive, `end` exclusive. */
export interface Span {
  first: number;
  end: number;
}

export class VirtualScroll {
  #rows = 0;
  #rowHeight: number;
  #height = 0;
  #vTop = 0;
  #scrollTop = 0;

  constructor(rowHeight: number) {
    this.#rowHeight = rowHeight;
  }

  /** Distance of the viewport's top from the list's top, in list pixels. */
  get vTop(): number {
    return this.#vTop;
  }

  /** Height the scroll box's content must have. */
  get spacer(): number {
    return Math.min(this.#total, SPACER_CAP);
  }

  /** Offset to add to `row × rowHeight` for a row's place inside the spacer. */
  get base(): number {
    return this.#scrollTop - this.#vTop;
  }

  get #total(): number {
    return this.#rows * this.#rowHeight;
  }

  get #maxV(): number {
    return Math.max(0, this.#total - this.#height);
  }

  get #maxScroll(): number {
    return Math.max(0, this.spacer - this.#height);
  }

  /** The list or the box changed size. The rows on screen stay where they are. */
  resize(rows: number, height: number): void {
    this.#rows = rows;
    this.#height = height;
    this.#vTop = Math.min(this.#vTop, this.#maxV);
  }

  /** Rows have another height from now on. The row at the top of the screen stays there. */
  stretch(rowHeight: number): void {
    if (rowHeight === this.#rowHeight) return;
    // By whole rows and the rest: a product alone would drift off the row's edge.
    const row = Math.floor(this.#vTop / this.#rowHeight);
    const into = this.#vTop / this.#rowHeight - row;
    this.#rowHeight = rowHeight;
    this.#vTop = Math.min(row * rowHeight + into * rowHeight, this.#maxV);
  }

  /** The box was scrolled by the user or clamped by the engine. */
  scrolled(scrollTop: number): void {
    const step = scrollTop - this.#scrollTop;
    this.#scrollTop = scrollTop;
    if (this.#total <= SPACER_CAP) {
      this.#vTop = Math.min(Math.max(0, scrollTop), this.#maxV);
      return;
    }
    const jumped = Math.abs(step) >= SMALL_STEP * this.#height;
    this.#vTop = jumped
      ? (scrollTop / this.#maxScroll) * this.#maxV
      : Math.min(Math.max(0, this.#vTop + step), this.#maxV);
    // Pinned only when the list is about there: many small steps may exhaust `scrollTop`
    // first, and pinning then would skip rows. `stuck` says so and `align` cures it.
    const near = this.#height;
    if (scrollTop <= 0 && (jumped || this.#vTop < near)) this.#vTop = 0;
    if (scrollTop >= this.#maxScroll && (jumped || this.#maxV - this.#vTop < near)) {
      this.#vTop = this.#maxV;
    }
  }

  /** The box is at an end and the list is not: it cannot scroll on before `align`. */
  get stuck(): boolean {
    return (
      (this.#scrollTop <= 0 && this.#vTop > 0) ||
      (this.#scrollTop >= this.#maxScroll && this.#vTop < this.#maxV)
    );
  }

  /**
   * Makes `scrollTop` stand for `vTop` again and returns it, for the box. To be called when
   * scrolling has stopped; no row moves on screen.
   */
  align(): number {
    if (this.#total <= SPACER_CAP) this.#scrollTop = this.#vTop;
    else this.#scrollTop = Math.round((this.#vTop / this.#maxV) * this.#maxScroll);
    return this.#scrollTop;
  }

  /** Moves as little as possible so that a row is fully in view; returns the new `scrollTop`. */
  reveal(row: number): number {
    const top = row * this.#rowHeight;
    if (top < this.#vTop) this.#vTop = top;
    const over = top + this.#rowHeight - (this.#vTop + this.#height);
    if (over > 0) this.#vTop += over;
    return this.goTo(this.#vTop);
  }

  /** Jumps to a virtual position; returns the new `scrollTop`. */
  goTo(vTop: number): number {
    this.#vTop = Math.min(Math.max(0, vTop), this.#maxV);
    return this.align();
  }

  /** The rows that touch the viewport, and `overscan` more on both sides. */
  span(overscan = 0): Span {
    const first = Math.floor(this.#vTop / this.#rowHeight) - overscan;
    const end = Math.ceil((this.#vTop + this.#height) / this.#rowHeight) + overscan;
    return { first: Math.max(0, first), end: Math.max(0, Math.min(this.#rows, end)) };
  }

  /** Whole rows a page key moves by. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
  }
}
