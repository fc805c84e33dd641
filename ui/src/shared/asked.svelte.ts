import { type ApiError, errorOf } from "$ipc";

/** One question to the core and its answer; the answer to an older question is dropped. */
export class Asked<Answer> {
  value = $state.raw<Answer | null>(null);
  error = $state.raw<ApiError | null>(null);
  busy = $state(false);
  #turn = 0;

  /** Asks; what is known stays on screen until the answer comes. Whether it went well. */
  async ask(question: () => Promise<Answer>): Promise<boolean> {
    this.#turn += 1;
    const turn = this.#turn;
    this.busy = true;
    try {
      const value = await question();
      if (turn !== this.#turn) return false;
      this.value = value;
      this.error = null;
    } catch (cause) {
      if (turn !== this.#turn) return false;
      this.error = errorOf(cause);
    }
    this.busy = false;
    return this.error === null;
  }

  /** Forgets the answer, and one that is on its way. */
  forget(): void {
    this.#turn += 1;
    this.value = null;
    this.error = null;
    this.busy = false;
  }
}
