import { call, type ListingStatus, type Place, type RowSums, type SelectedKeys } from "$ipc";
import { type Entry, entryOfRow, isKeyOrder, KEY_ORDER, type Sort } from "./entry";
import { type Filter, filterRequest, NO_FILTER } from "./filter";
import type { Intervals } from "./intervals";
import { RowCache } from "./rows";

/** So many selected rows are read where they are shown; of more the core is asked. */
const SEEN_AT_MOST = 1_000;

/** The lines of a pane, however many there are and wherever they lie. */
export interface Lines {
  /** Those that pass the filter. */
  readonly count: number;
  /** All that are here. */
  readonly total: number;
  /** `undefined` while a line is on its way. */
  at(row: number): Entry | undefined;
  /** Says which rows are, or will soon be, on screen. */
  want(first: number, end: number): void;
  sort(sort: Sort): Promise<void>;
  filter(filter: Filter): Promise<void>;
  /** First row whose name starts like this; `null` when there is none. */
  find(text: string): Promise<number | null>;
  close(): void;
}

interface EntryWindow {
  status: ListingStatus;
  rows: Entry[];
}

/** Rows as entries: made once, so that a row that is drawn again is known to be the same. */
async function entries(listing: number, start: number, count: number): Promise<EntryWindow> {
  const { status, rows } = await call("rows", { listing, start, count });
  return { status, rows: rows.map(entryOfRow) };
}

/**
 * One level of a bucket: a listing that grows in Rust while it is shown. What comes later follows
 * at the end until it is sorted again, so a row keeps its number while anything is selected.
 */
export class ListedLines implements Lines {
  /** What every key begins with. */
  readonly prefix: string;
  /** Told when loading has come to rest with rows that are not sorted in. */
  onrest: () => void = () => {};

  #status: ListingStatus = $state.raw() as ListingStatus;
  /** Rises when rows arrive, so that what reads `at` runs again. */
  #arrivals = $state(0);
  /** How many rows stand in the chosen order; the rest follows as it came. */
  #sorted = $state(0);
  #sort: Sort = KEY_ORDER;
  /** Numbers the filters, so that a late answer does not undo a newer one. */
  #filters = 0;
  readonly #rows: RowCache<EntryWindow>;

  private constructor(prefix: string, status: ListingStatus) {
    this.prefix = prefix;
    this.#status = status;
    this.#sorted = status.rows;
    this.#rows = new RowCache(
      (start, count) => entries(status.listing, start, count),
      (answer) => {
        this.#arrivals += 1;
        this.follow(answer.status);
      },
    );
  }

  /** Opens the listing; answers when the first page is there. */
  static async open(place: Place, sort: Sort): Promise<ListedLines> {
    const status = await call("open_listing", { place, load_all: false });
    return ListedLines.#ordered(new ListedLines(place.prefix, status), sort);
  }

  /** Only what starts with a text; the server chooses, so that nothing else is loaded. */
  static async search(place: Place, text: string, sort: Sort): Promise<ListedLines> {
    const status = await call("search_place", { place, starts_with: text });
    return ListedLines.#ordered(new ListedLines(place.prefix + text, status), sort);
  }

  static async #ordered(lines: ListedLines, sort: Sort): Promise<ListedLines> {
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
    return this.#status.shown;
  }

  get total(): number {
    return this.#status.rows;
  }

  /** Rows that follow the sorted ones as they came. */
  get unsorted(): number {
    return Math.max(0, this.#status.rows - this.#sorted);
  }

  at(row: number): Entry | undefined {
    void this.#arrivals;
    return this.#rows.at(row);
  }

  want(first: number, end: number): void {
    this.#rows.want(first, end, this.count);
  }

  async sort(sort: Sort): Promise<void> {
    const { by, descending } = sort;
    const status = await call("sort_listing", { listing: this.listing, by, descending });
    this.#sort = sort;
    this.#sorted = status.rows;
    this.#replace(status);
  }

  /** Sorts in what came since. */
  async sortAgain(): Promise<void> {
    await this.sort(this.#sort);
  }

  async filter(filter: Filter = NO_FILTER): Promise<void> {
    this.#filters += 1;
    const turn = this.#filters;
    const status = await call("filter_listing", filterRequest(this.listing, filter, Date.now()));
    if (turn === this.#filters) this.#replace(status);
  }

  /** Every row may be another one now. */
  #replace(status: ListingStatus): void {
    this.#rows.invalidate();
    this.#status = status;
    this.#arrivals += 1;
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
    return (await call("find_row", { listing: this.listing, text })).row;
  }

  /** The keys of rows that are all here: what is meant is what can be seen. */
  seen(rows: Intervals): SelectedKeys | null {
    if (rows.count > SEEN_AT_MOST) return null;
    const seen: SelectedKeys = { keys: [], prefixes: [], bytes: 0 };
    for (const [start, end] of rows.list) {
      for (let row = start; row < end; row += 1) {
        const entry = this.#rows.fresh(row);
        if (!entry) return null;
        if (entry.kind === "prefix") seen.prefixes.push(entry.key);
        else seen.keys.push(entry.key);
        seen.bytes += entry.size ?? 0;
      }
    }
    return seen;
  }

  selected(rows: Intervals): Promise<SelectedKeys> {
    return call("keys_of_rows", { listing: this.listing, intervals: rows.toPairs() });
  }

  /** How much these rows are, without their keys. */
  sums(rows: Intervals): Promise<RowSums> {
    return call("sum_rows", { listing: this.listing, intervals: rows.toPairs() });
  }

  close(): void {
    // A listing that cannot be closed is gone already.
    call("close_listing", { listing: this.listing }).catch(() => {});
  }
}
