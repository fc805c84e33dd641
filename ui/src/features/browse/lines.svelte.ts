import { call, type ListingStatus, type Place, type Row, type SelectedKeys } from "$ipc";
import { type Entry, entryOfRow, isKeyOrder, KEY_ORDER, type Sort, sortEntries } from "./entry";
import type { Intervals } from "./intervals";
import { RowCache } from "./rows";
import { lowerBound } from "./typeahead";

/** Rows looked through when there is no order to search by. */
const SEARCHED_HERE = 10_000;

/** The lines of a pane, however many there are and wherever they lie. */
export interface Lines {
  readonly count: number;
  /** `undefined` while a line is on its way. */
  at(row: number): Entry | undefined;
  /** Says which rows are, or will soon be, on screen. */
  want(first: number, end: number): void;
  sort(sort: Sort): Promise<void>;
  /** First row whose name starts like this; `null` when there is none. */
  find(text: string): Promise<number | null>;
  close(): void;
}

/** Accounts or buckets: all here. */
export class FewLines implements Lines {
  #entries = $state.raw<Entry[]>([]);

  constructor(entries: Entry[], sort: Sort) {
    this.#entries = sortEntries(entries, sort);
  }

  get count(): number {
    return this.#entries.length;
  }

  at(row: number): Entry | undefined {
    return this.#entries[row];
  }

  want(): void {}

  async sort(sort: Sort): Promise<void> {
    this.#entries = sortEntries(this.#entries, sort);
  }

  async find(text: string): Promise<number | null> {
    const wanted = text.toLowerCase();
    const found = this.#entries.findIndex((entry) =>
      [entry.name, entry.key].some((name) => name.toLowerCase().startsWith(wanted)),
    );
    return found < 0 ? null : found;
  }

  close(): void {}
}

/**
 * One level of a bucket: a listing that grows in Rust while it is shown. What comes later follows
 * at the end until it is sorted again, so a row keeps its number while anything is selected.
 */
export class ListedLines implements Lines {
  readonly place: Place;
  /** Told when loading has come to rest with rows that are not sorted in. */
  onrest: () => void = () => {};

  #status: ListingStatus = $state.raw() as ListingStatus;
  /** Rises when rows arrive, so that what reads `at` runs again. */
  #arrivals = $state(0);
  /** How many rows stand in the chosen order; the rest follows as it came. */
  #sorted = $state(0);
  #sort: Sort = KEY_ORDER;
  readonly #rows: RowCache;

  private constructor(place: Place, status: ListingStatus) {
    this.place = place;
    this.#status = status;
    this.#sorted = status.rows;
    this.#rows = new RowCache(
      (start, count) => call("rows", { listing: status.listing, start, count }),
      (answer) => {
        this.#arrivals += 1;
        this.follow(answer.status);
      },
    );
  }

  /** Opens the listing; answers when the first page is there. */
  static async open(place: Place, sort: Sort): Promise<ListedLines> {
    const status = await call("open_listing", { place, load_all: false });
    const lines = new ListedLines(place, status);
    if (!isKeyOrder(sort)) await lines.sort(sort);
    return lines;
  }

  get listing(): number {
    return this.#status.listing;
  }

  get status(): ListingStatus {
    return this.#status;
  }

  get count(): number {
    return this.#status.rows;
  }

  /** Rows that follow the sorted ones as they came. */
  get unsorted(): number {
    return Math.max(0, this.#status.rows - this.#sorted);
  }

  at(row: number): Entry | undefined {
    void this.#arrivals;
    const found = this.#rows.at(row);
    return found && entryOfRow(found);
  }

  want(first: number, end: number): void {
    this.#rows.want(first, end, this.count);
  }

  async sort(sort: Sort): Promise<void> {
    const { by, descending } = sort;
    const status = await call("sort_listing", { listing: this.listing, by, descending });
    this.#sort = sort;
    this.#sorted = status.rows;
    this.#rows.invalidate();
    this.#status = status;
    this.#arrivals += 1;
  }

  /** Sorts in what came since. */
  async sortAgain(): Promise<void> {
    await this.sort(this.#sort);
  }

  /** Takes in how far the listing is, unless it was further already. */
  follow(status: ListingStatus): void {
    const known = this.#status;
    if (status.rows < known.rows || (status.rows === known.rows && status.loading)) return;
    this.#status = status;
    if (!status.loading && this.unsorted > 0) this.onrest();
  }

  async loadRest(): Promise<void> {
    this.#status = await call("load_rest", { listing: this.listing });
  }

  async stop(): Promise<void> {
    this.follow(await call("stop_listing", { listing: this.listing }));
  }

  async find(text: string): Promise<number | null> {
    if (!isKeyOrder(this.#sort)) return this.#findHere(text);
    const prefixes = await this.#countPrefixes();
    for (const [start, end] of [
      [0, prefixes],
      [prefixes, this.#sorted],
      [this.#sorted, this.count],
    ] as const) {
      const row = await lowerBound(text, start, end, (at) => this.#nameAt(at));
      if (row < end && (await this.#nameAt(row))?.startsWith(text)) return row;
    }
    return this.#findHere(text);
  }

  selected(rows: Intervals): Promise<SelectedKeys> {
    return call("keys_of_rows", { listing: this.listing, intervals: rows.toPairs() });
  }

  close(): void {
    // A listing that cannot be closed is gone already.
    call("close_listing", { listing: this.listing }).catch(() => {});
  }

  /** Among the first rows that are here, without regard to case. */
  #findHere(text: string): number | null {
    const wanted = text.toLowerCase();
    const here = Math.min(this.count, SEARCHED_HERE);
    for (let row = 0; row < here; row += 1) {
      if (this.#rows.at(row)?.name.toLowerCase().startsWith(wanted)) return row;
    }
    return null;
  }

  /** How many prefixes lead the sorted rows. */
  async #countPrefixes(): Promise<number> {
    let low = 0;
    let high = this.#sorted;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.#rowAt(middle))?.is_prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #nameAt(row: number): Promise<string | undefined> {
    return (await this.#rowAt(row))?.name;
  }

  async #rowAt(row: number): Promise<Row | undefined> {
    const here = this.#rows.at(row);
    if (here) return here;
    return (await call("rows", { listing: this.listing, start: row, count: 1 })).rows[0];
  }
}
