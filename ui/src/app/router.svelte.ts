/**
 * Where the window is. A window has no address bar, so the place is plain state: a screen, and in
 * Transfers and History the job whose details are open.
 */
export type Screen =
  | "browse"
  | "transfers"
  | "history"
  | "incomplete"
  | "accounts"
  | "settings"
  | "help";

export interface Route {
  screen: Screen;
  /** The job shown in detail. */
  job: number | null;
}

/** More steps than anybody goes back. */
const REMEMBERED = 50;

class Router {
  #route = $state<Route>({ screen: "browse", job: null });
  #back: Route[] = [];

  get screen(): Screen {
    return this.#route.screen;
  }

  get job(): number | null {
    return this.#route.job;
  }

  /** Goes to a screen; without `job` it shows the list with nothing opened. */
  go(screen: Screen, job: number | null = null): void {
    if (screen === this.#route.screen && job === this.#route.job) return;
    this.#back.push(this.#route);
    this.#back.splice(0, this.#back.length - REMEMBERED);
    this.#route = { screen, job };
  }

  /** The first screen; nothing is before it to go back to. */
  start(screen: Screen): void {
    this.#route = { screen, job: null };
  }

  /** Opens or closes a job's details without leaving the screen or adding a step back. */
  openJob(job: number | null): void {
    this.#route = { ...this.#route, job };
  }

  /** Returns to the place before, if there is one. */
  back(): void {
    const before = this.#back.pop();
    if (before !== undefined) this.#route = before;
  }
}

export const router = new Router();
