import { type ApiError, call, type Errand, type ErrandStatus, errorOf } from "$ipc";
import type { ObjectSelection } from "./open.svelte";

/** How often a running errand is looked at, in milliseconds. */
const LOOK_MS = 200;

/** One thing being done to many objects. It goes on whether or not anybody looks. */
export class ErrandRun {
  status = $state.raw<ErrandStatus | null>(null);
  /** Why it did not begin, or cannot be looked at any more. */
  error = $state.raw<ApiError | null>(null);
  #begun = $state(false);
  #stopped = false;
  /** Numbers the runs; what comes from one that was left is not shown. */
  #turn = 0;

  get hasBegun(): boolean {
    return this.#begun;
  }

  get isRunning(): boolean {
    return this.#begun && this.error === null && this.status?.ended !== true;
  }

  /** Runs to the end; answers the last status, or `null` where it could not be followed. */
  async run(selection: ObjectSelection, errand: Errand): Promise<ErrandStatus | null> {
    const { place, keys, prefixes } = selection;
    this.#turn += 1;
    const turn = this.#turn;
    this.#begun = true;
    this.#stopped = false;
    this.error = null;
    this.status = null;
    try {
      let status = await call("begin_errand", { objects: { place, keys, prefixes }, errand });
      // Somebody stopped it before it had a number.
      if (this.#stopped || turn !== this.#turn) stopErrand(status);
      while (turn === this.#turn) {
        this.status = status;
        if (status.ended) break;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        status = await call("errand", { errand: status.errand });
      }
      await call("close_errand", { errand: status.errand });
      return turn === this.#turn ? status : null;
    } catch (cause) {
      if (turn === this.#turn) this.error = errorOf(cause);
      return null;
    }
  }

  /** Nothing more is done; what is done stays done. */
  stop(): void {
    this.#stopped = true;
    if (this.status) stopErrand(this.status);
  }

  /** Stops it, and forgets what it was about. */
  leave(): void {
    this.stop();
    this.#turn += 1;
    this.#begun = false;
    this.status = null;
    this.error = null;
  }
}

/** One that cannot be stopped has ended. */
function stopErrand({ errand }: ErrandStatus): void {
  call("stop_errand", { errand }).catch(() => {});
}
