import { type ApiError, call, errorOf, type HistoryFilter, type HistoryFound } from "$ipc";

const PAGE = 100;
/** Typing settles for this long before the journal is asked. */
const SETTLE_MS = 150;

/** Ended jobs that fit a filter, page by page as they are scrolled to. */
export class HistorySearch {
  found = $state.raw<HistoryFound[]>([]);
  loaded = $state(false);
  error = $state.raw<ApiError | null>(null);

  #filter: HistoryFilter | null = null;
  #next: number | null = null;
  #loading = false;
  /** Of the newest question: answers to older ones are dropped. */
  #turn = 0;

  /** Asks anew after a short while; what is shown stays until the answer is there. */
  ask(filter: HistoryFilter): () => void {
    this.#filter = filter;
    const turn = ++this.#turn;
    const timer = setTimeout(() => void this.#load(turn, null), this.loaded ? SETTLE_MS : 0);
    return () => clearTimeout(timer);
  }

  /** The next page, if there is one. */
  more(): void {
    if (this.#next !== null && !this.#loading) void this.#load(this.#turn, this.#next);
  }

  /** Takes a job out that was forgotten. */
  drop(job: number): void {
    this.found = this.found.filter((one) => one.job.id !== job);
  }

  async #load(turn: number, before: number | null): Promise<void> {
    if (this.#filter === null) return;
    this.#loading = true;
    try {
      const page = await call("search_history", { filter: this.#filter, before, limit: PAGE });
      if (turn !== this.#turn) return;
      this.found = before === null ? page.found : [...this.found, ...page.found];
      this.#next = page.next;
      this.error = null;
      this.loaded = true;
      this.#loading = false;
      // A page of few hits among very many says only how far it came.
      if (page.found.length === 0) this.more();
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.error = errorOf(cause);
      this.loaded = true;
    } finally {
      if (turn === this.#turn) this.#loading = false;
    }
  }
}
