/**
 * A set of row numbers as sorted, disjoint, half-open intervals: selecting a million rows is one
 * pair of numbers, and that is also how the selection travels to Rust.
 */

export type Interval = readonly [start: number, end: number];

export class Intervals {
  static readonly none = new Intervals([]);

  private constructor(readonly list: readonly Interval[]) {}

  /** The rows from one row to another, both included, in any order. */
  static between(a: number, b: number): Intervals {
    return new Intervals([[Math.min(a, b), Math.max(a, b) + 1]]);
  }

  /** Rows 0 to `count - 1`. */
  static all(count: number): Intervals {
    return count > 0 ? new Intervals([[0, count]]) : Intervals.none;
  }

  get count(): number {
    return this.list.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  has(row: number): boolean {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.list[middle] as Interval)[1] <= row) low = middle + 1;
      else high = middle;
    }
    const interval = this.list[low];
    return interval !== undefined && interval[0] <= row;
  }

  union(other: Intervals): Intervals {
    const sorted = [...this.list, ...other.list].sort((a, b) => a[0] - b[0]);
    const merged: [number, number][] = [];
    for (const [start, end] of sorted) {
      const last = merged.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else merged.push([start, end]);
    }
    return new Intervals(merged);
  }

  /** The rows of this set that are not in the other. */
  without(other: Intervals): Intervals {
    let rest: Interval[] = [...this.list];
    for (const [start, end] of other.list) {
      rest = rest.flatMap(([from, to]): Interval[] => {
        if (end <= from || to <= start) return [[from, to]];
        const pieces: Interval[] = [];
        if (from < start) pieces.push([from, start]);
        if (end < to) pieces.push([end, to]);
        return pieces;
      });
    }
    return new Intervals(rest);
  }

  toggle(row: number): Intervals {
    const one = Intervals.between(row, row);
    return this.has(row) ? this.without(one) : this.union(one);
  }

  /** Every row of a list of `count` rows that is not in this set. */
  invert(count: number): Intervals {
    return Intervals.all(count).without(this);
  }

  toPairs(): [number, number][] {
    return this.list.map(([start, end]) => [start, end]);
  }
}
