import {
  type ApiError,
  type CopyRequest,
  call,
  type DryRunLine,
  type DryRunStatus,
  type Exported,
  errorOf,
  type ManifestFormat,
} from "$ipc";

/** How often a running dry run is looked at, in milliseconds. */
const LOOK_MS = 250;

/** Lines that are shown; an export has them all. */
const SHOWN = 500;

/** What a copy would do, object by object. Nothing is written anywhere. */
export class DryRun {
  status = $state.raw<DryRunStatus | null>(null);
  /** The first of those that would not simply be copied. */
  lines = $state.raw<DryRunLine[]>([]);
  error = $state.raw<ApiError | null>(null);
  #turn = 0;

  get isRunning(): boolean {
    return this.status !== null && !this.status.ended && this.error === null;
  }

  /** Begins anew and follows it to the end. */
  async run(request: CopyRequest): Promise<void> {
    this.close();
    const turn = this.#turn;
    try {
      const begun = await call("begin_dry_run", request);
      if (turn !== this.#turn) return closeDryRun(begun.dry_run);
      this.status = begun;
      for (;;) {
        const ask = { dry_run: begun.dry_run, notable: true, start: 0, count: SHOWN };
        const page = await call("dry_run", ask);
        if (turn !== this.#turn) return;
        this.status = page.status;
        this.lines = page.lines;
        if (page.status.ended) break;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      this.error = this.status?.error ?? null;
    } catch (cause) {
      if (turn === this.#turn) this.error = errorOf(cause);
    }
  }

  /** Writes all lines into a file; `null` where that failed. */
  async save(format: ManifestFormat): Promise<Exported | null> {
    if (!this.status) return null;
    try {
      return await call("export_dry_run", { dry_run: this.status.dry_run, format });
    } catch (cause) {
      this.error = errorOf(cause);
      return null;
    }
  }

  /** Ends it; what it said is no longer true. */
  close(): void {
    this.#turn += 1;
    const dry_run = this.status?.dry_run;
    this.status = null;
    this.lines = [];
    this.error = null;
    if (dry_run !== undefined) closeDryRun(dry_run);
  }
}

/** One that is closed already is no trouble. */
function closeDryRun(dry_run: number): void {
  call("close_dry_run", { dry_run }).catch(() => {});
}
