import type { JobKind, Place } from "$ipc";
import type { CopyLoad } from "../copy/draft.svelte";

/** What was copied or cut here, to be pasted. */
class Clipboard {
  /** What Ctrl+V will copy. */
  held = $state.raw<CopyLoad | null>(null);
  /** It was cut: pasting moves it. */
  kind = $state<JobKind>("copy");
  /** What was copied last, while the core is still asked which keys that are. */
  #coming = $state.raw<Promise<CopyLoad | null> | null>(null);
  #cut = $state.raw<ReadonlySet<string>>(new Set());

  get isEmpty(): boolean {
    return this.held === null && !this.isComing;
  }

  get isComing(): boolean {
    return this.#coming !== null;
  }

  /** Holds what comes; `null` where nothing came, or something else was copied meanwhile. */
  async take(coming: Promise<CopyLoad | null>, kind: JobKind): Promise<CopyLoad | null> {
    this.#coming = coming;
    const load = await coming;
    if (this.#coming !== coming) return null;
    this.#coming = null;
    // What was held before is not what the user wants to paste now.
    this.release();
    if (!load) return null;
    this.held = load;
    this.kind = kind;
    if (kind === "move") this.#cut = new Set([...load.prefixes, ...load.keys]);
    return load;
  }

  /** Ends when what was copied last is held. */
  async settled(): Promise<void> {
    while (this.#coming) await this.#coming;
  }

  /** Lets go of what was cut, once it has been pasted. */
  release(): void {
    this.held = null;
    this.kind = "copy";
    this.#cut = new Set();
  }

  /** Whether a line is about to be moved away: it is drawn faintly. */
  isCut(place: Place | null, key: string): boolean {
    const source = this.held?.source;
    if (this.#cut.size === 0 || !place || !source) return false;
    return source.account === place.account && source.bucket === place.bucket && this.#cut.has(key);
  }
}

export const clipboard = new Clipboard();
