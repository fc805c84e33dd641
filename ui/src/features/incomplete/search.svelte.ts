import { type ApiError, call, errorOf, type UploadSearchStatus, type UploadView } from "$ipc";

const PAGE = 1_000;
const AGAIN_MS = 400;

/** Which uploads are shown. */
export interface UploadFilter {
  /** `null` looks through all accounts. */
  account: string | null;
  /** Opened at least so many days ago; 0 shows all. */
  olderThanDays: number;
}

/**
 * One look through the buckets. Rows come in while it goes on, in the order in which they are
 * found; once it is complete the oldest stands first, which costs most.
 */
export class UploadSearch {
  status = $state.raw<UploadSearchStatus | null>(null);
  uploads = $state.raw<UploadView[]>([]);
  error = $state.raw<ApiError | null>(null);

  #search: number | null = null;
  #over = false;

  readonly complete = $derived(this.status?.complete ?? false);
  readonly denied = $derived(
    (this.status?.problems ?? []).filter((problem) => problem.error.kind === "access_denied")
      .length,
  );

  async run(filter: UploadFilter, nowMs: number): Promise<void> {
    const before = filter.olderThanDays > 0 ? nowMs - filter.olderThanDays * 86_400_000 : null;
    try {
      const begun = await call("search_uploads", {
        account: filter.account,
        bucket: null,
        region: null,
      });
      this.#search = begun.search;
      if (this.#over) return this.close();
      this.status = begun;
      await this.#read(begun.search, before);
    } catch (cause) {
      if (!this.#over) this.error = errorOf(cause);
    }
  }

  async #read(search: number, openedBefore: number | null): Promise<void> {
    for (;;) {
      const page = await call("uploads", {
        search,
        start: this.uploads.length,
        count: PAGE,
        ...(openedBefore === null ? {} : { opened_before_ms: openedBefore }),
      });
      if (this.#over) return;
      if (page.uploads.length > 0) this.uploads = [...this.uploads, ...page.uploads];
      const all = this.uploads.length >= page.matching;
      if (page.status.complete && all) {
        this.uploads = oldestFirst(this.uploads);
        this.status = page.status;
        return;
      }
      this.status = { ...page.status, complete: false };
      if (all) await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }

  /** Takes rows out: they are gone, or on their way. */
  drop(gone: (upload: UploadView) => boolean): void {
    this.uploads = this.uploads.filter((upload) => !gone(upload));
  }

  /** Ends it and lets the core forget what it found. */
  close(): void {
    this.#over = true;
    if (this.#search === null) return;
    // One that cannot be closed is gone already.
    call("close_upload_search", { search: this.#search }).catch(() => {});
    this.#search = null;
  }
}

export function oldestFirst(uploads: readonly UploadView[]): UploadView[] {
  return [...uploads].sort(
    (a, b) =>
      (a.initiated_ms ?? Number.POSITIVE_INFINITY) - (b.initiated_ms ?? Number.POSITIVE_INFINITY),
  );
}
