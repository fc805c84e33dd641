import { toasts } from "$app/toasts.svelte";
import { call, errorOf } from "$ipc";
import type { Pane } from "./pane.svelte";

/** Typing pauses for this long without a hit before the server is asked, in milliseconds. */
const ASK_AFTER_MS = 300;

/** What was typed and not found among the loaded rows. */
export interface Missing {
  text: string;
  /** What the server has that starts like this. */
  state: "asking" | "found" | "none";
}

/** Type-ahead: first among the rows that are here, then on the server. */
export class Seek {
  missing = $state.raw<Missing | null>(null);
  readonly #pane: Pane;
  /** What is looked for next while something is being looked for. */
  #wanted: string | null = null;
  #finding: Promise<void> | null = null;
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor(pane: Pane) {
    this.#pane = pane;
  }

  /** Selects the first line that starts with a text; of several at once the last counts. */
  find(text: string): Promise<void> {
    this.forget();
    this.#wanted = text;
    this.#finding ??= this.#work().finally(() => {
      this.#finding = null;
    });
    return this.#finding;
  }

  get isBusy(): boolean {
    return this.#finding !== null;
  }

  /** Ends when nothing is being looked for: Enter right after typing means what was typed. */
  async settled(): Promise<void> {
    await this.#finding;
  }

  async #work(): Promise<void> {
    try {
      while (this.#wanted !== null) {
        const wanted = this.#wanted;
        this.#wanted = null;
        await this.#standOn(wanted);
      }
    } catch (cause) {
      toasts.fail(errorOf(cause));
    }
  }

  forget(): void {
    clearTimeout(this.#asking);
    this.missing = null;
  }

  async #standOn(text: string): Promise<void> {
    const pane = this.#pane;
    // What is typed before there are lines is meant for those that come.
    if (!pane.lines) await pane.arrived;
    const { lines } = pane;
    const row = await lines?.find(text);
    // Another place was opened, or more was typed, meanwhile.
    if (lines !== pane.lines || this.#wanted !== null) return;
    if (row == null) {
      // Of a whole listing the server knows no more than what is here.
      if (pane.listed?.status.complete === false) this.#askLater(text);
      return;
    }
    pane.selection = pane.selection.only(row);
    pane.view?.reveal(row);
  }

  #askLater(text: string): void {
    this.#asking = setTimeout(() => {
      this.#ask(text).catch((cause: unknown) => {
        this.forget();
        toasts.fail(errorOf(cause));
      });
    }, ASK_AFTER_MS);
  }

  async #ask(text: string): Promise<void> {
    const { place, lines } = this.#pane;
    if (!place || lines !== this.#pane.lines) return;
    const missing: Missing = { text, state: "asking" };
    this.missing = missing;
    const status = await call("search_place", { place, starts_with: text });
    call("close_listing", { listing: status.listing }).catch(() => {});
    if (this.missing === missing) {
      this.missing = { text, state: status.rows > 0 ? "found" : "none" };
    }
  }
}
