/** Rows fetched together. */
export const PAGE = 200;

/** Pages kept: about 16,000 rows, a few MB, so that scrolling back needs no request. */
const KEPT = 80;

/** Most pages asked for in one request. */
const RUN = 4;

interface Page<Item> {
  rows: readonly Item[];
  /** Shown until fresh rows come: a skeleton in its place would flicker. */
  stale: boolean;
}

/** What a request for rows answers, whatever else it tells. */
interface Answer {
  rows: readonly unknown[];
}

type RowIn<Window extends Answer> = Window["rows"][number];

/**
 * The rows of one listing that were asked for lately. The listing itself lives in Rust; this keeps
 * what is on screen and around it, one request at a time, always for the newest wish.
 */
export class RowCache<Window extends Answer> {
  readonly #fetch: (start: number, count: number) => Promise<Window>;
  readonly #changed: (answer: Window) => void;
  readonly #pages = new Map<number, Page<RowIn<Window>>>();
  #total = 0;
  #wanted: { first: number; end: number } | null = null;
  #generation = 0;
  #busy = false;

  /** `changed` is told of every answer; a fetch that fails is tried again at the next wish. */
  constructor(
    fetch: (start: number, count: number) => Promise<Window>,
    changed: (answer: Window) => void,
  ) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  at(row: number): RowIn<Window> | undefined {
    return this.#pages.get(Math.floor(row / PAGE))?.rows[row % PAGE];
  }

  /** A row that is known to stand there now, and not only until others come. */
  fresh(row: number): RowIn<Window> | undefined {
    return this.#pages.get(Math.floor(row / PAGE))?.stale === false ? this.at(row) : undefined;
  }

  /** The rows about to be shown; `total` is how many the listing has now. */
  want(first: number, end: number, total: number): void {
    this.#total = total;
    this.#wanted = { first: Math.max(0, first), end: Math.min(total, end) };
    if (!this.#busy) void this.#work();
  }

  /** Every row may stand elsewhere now (sorted, or rows came in between). */
  invalidate(): void {
    this.#generation += 1;
    for (const page of this.#pages.values()) page.stale = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let run = this.#missing(); run; run = this.#missing()) {
        const generation = this.#generation;
        const answer = await this.#fetch(run.page * PAGE, run.count * PAGE);
        if (generation !== this.#generation) continue;
        this.#store(run.page, run.count, answer.rows);
        this.#changed(answer);
      }
    } catch {
      // The listing's own status carries the reason; the skeleton stays until the next wish.
    } finally {
      this.#busy = false;
    }
  }

  /** The first run of pages in the wish that is not there. */
  #missing(): { page: number; count: number } | null {
    if (!this.#wanted || this.#wanted.end <= this.#wanted.first) return null;
    const last = Math.floor((this.#wanted.end - 1) / PAGE);
    for (let page = Math.floor(this.#wanted.first / PAGE); page <= last; page += 1) {
      if (this.#isFresh(page)) continue;
      let count = 1;
      while (count < RUN && page + count <= last && !this.#isFresh(page + count)) count += 1;
      return { page, count };
    }
    return null;
  }

  #isFresh(number: number): boolean {
    const page = this.#pages.get(number);
    if (!page || page.stale) return false;
    return page.rows.length >= Math.min(PAGE, this.#total - number * PAGE);
  }

  #store(first: number, count: number, rows: Window["rows"]): void {
    // Fewer rows than were promised: the listing has shrunk. Believing it ends the asking.
    if (rows.length < count * PAGE) this.#total = Math.min(this.#total, first * PAGE + rows.length);
    for (let at = 0; at < count; at += 1) {
      const slice = rows.slice(at * PAGE, (at + 1) * PAGE);
      this.#pages.delete(first + at);
      this.#pages.set(first + at, { rows: slice, stale: false });
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      this.#pages.delete(page);
    }
  }
}
