import { type Entry, type Sort, sortEntries } from "./entry";
import type { Filter } from "./filter";
import type { Lines } from "./lines.svelte";

/** Accounts or buckets: all here. */
export class FewLines implements Lines {
  #all: Entry[];
  #text = "";
  #entries = $state.raw<Entry[]>([]);

  constructor(entries: Entry[], sort: Sort) {
    this.#all = sortEntries(entries, sort);
    this.#entries = this.#all;
  }

  get count(): number {
    return this.#entries.length;
  }

  get total(): number {
    return this.#all.length;
  }

  at(row: number): Entry | undefined {
    return this.#entries[row];
  }

  want(): void {}

  async sort(sort: Sort): Promise<void> {
    this.#all = sortEntries(this.#all, sort);
    this.#choose();
  }

  /** By name; there is nothing else to filter buckets by. */
  async filter(filter: Filter): Promise<void> {
    this.#text = filter.text.toLowerCase();
    this.#choose();
  }

  async find(text: string): Promise<number | null> {
    const wanted = text.toLowerCase();
    const found = this.#entries.findIndex((entry) =>
      [entry.name, entry.key].some((name) => name.toLowerCase().startsWith(wanted)),
    );
    return found < 0 ? null : found;
  }

  close(): void {}

  #choose(): void {
    this.#entries = this.#all.filter((entry) => entry.name.toLowerCase().includes(this.#text));
  }
}
