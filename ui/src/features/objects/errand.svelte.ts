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

  get hasBegun(): boolean {
    return this.#begun;
  }

  get isRunning(): boolean {
    return this.#begun && this.error === null && this.status?.ended !== true;
  }

  /** Runs to the end; answers the last status, or `null` where it could not be followed. */
  async run(selection: ObjectSelection, errand: Errand): Promise<ErrandStatus | null> {
    const { place, keys, prefixes } = selection;
    this.#begun = true;
    this.error = null;
    this.status = null;
    try {
      let status = await call("begin_errand", { objects: { place, keys, prefixes }, errand });
      this.status = status;
      while (!status.ended) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        status = await call("errand", { errand: status.errand });
        this.status = status;
      }
      await call("close_errand", { errand: status.errand });
      return status;
    } catch (cause) {
      this.error = errorOf(cause);
      return null;
    }
  }

  /** Nothing more is done; what is done stays done. */
  stop(): void {
    const errand = this.status?.errand;
    // One that cannot be stopped has ended.
    if (errand !== undefined) call("stop_errand", { errand }).catch(() => {});
  }
}
