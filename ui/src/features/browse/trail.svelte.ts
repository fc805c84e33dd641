import type { Spot } from "./spot";

/** A step of a pane's own history: the place, the line to stand on, how far it was scrolled. */
export interface Step {
  spot: Spot;
  lead: string | null;
  top: number;
}

/** More steps than anybody goes back. */
const REMEMBERED = 100;

/** Where a pane was, and where it came back from. */
export class Trail {
  #back = $state.raw<Step[]>([]);
  #forward = $state.raw<Step[]>([]);

  get canGoBack(): boolean {
    return this.#back.length > 0;
  }

  get canGoForward(): boolean {
    return this.#forward.length > 0;
  }

  /** Leaves a place on a new way, which has no forward. */
  leave(here: Step): void {
    this.#back = [...this.#back, here].slice(-REMEMBERED);
    this.#forward = [];
  }

  back(here: Step): Step | null {
    const step = this.#back.at(-1);
    if (!step) return null;
    this.#back = this.#back.slice(0, -1);
    this.#forward = [...this.#forward, here];
    return step;
  }

  forward(here: Step): Step | null {
    const step = this.#forward.at(-1);
    if (!step) return null;
    this.#forward = this.#forward.slice(0, -1);
    this.#back = [...this.#back, here];
    return step;
  }
}
