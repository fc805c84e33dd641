/** What is selected, where a range starts and which row has the focus: file-manager rules. */

import { Intervals } from "./intervals";

export class Selection {
  static readonly none = new Selection(Intervals.none, 0, 0, Intervals.none);

  private constructor(
    readonly rows: Intervals,
    /** Row the keyboard stands on. */
    readonly lead: number,
    /** Row a range starts from. */
    readonly anchor: number,
    /** What was selected apart from the range being drawn. */
    private readonly kept: Intervals,
  ) {}

  /** Plain click or arrow: this row and nothing else. */
  only(row: number): Selection {
    return new Selection(Intervals.between(row, row), row, row, Intervals.none);
  }

  /** Ctrl+click or Ctrl+Space. */
  toggle(row: number): Selection {
    const rows = this.rows.toggle(row);
    return new Selection(rows, row, row, rows);
  }

  /** Shift+click or Shift+arrow: the range from the anchor; with Ctrl also what was selected. */
  extend(row: number, keep = false): Selection {
    const kept = keep ? this.kept : Intervals.none;
    const rows = kept.union(Intervals.between(this.anchor, row));
    return new Selection(rows, row, this.anchor, kept);
  }

  /** Ctrl+arrow: the focus moves, the selection stays. */
  moveLead(row: number): Selection {
    return new Selection(this.rows, row, row, this.rows);
  }

  /** These rows beside what is selected; a band leaves no range to extend. */
  withRange(first: number, last: number): Selection {
    const rows = this.rows.union(Intervals.between(first, last));
    return new Selection(rows, last, first, this.rows);
  }

  all(count: number): Selection {
    return this.#with(Intervals.all(count));
  }

  clear(): Selection {
    return this.#with(Intervals.none);
  }

  invert(count: number): Selection {
    return this.#with(this.rows.invert(count));
  }

  #with(rows: Intervals): Selection {
    return new Selection(rows, this.lead, this.lead, rows);
  }
}
