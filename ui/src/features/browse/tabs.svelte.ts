import { Pane, type Side } from "./pane.svelte";
import type { Spot } from "./spot";

/** The tabs of one side of the window; there is always one. */
export class TabStrip {
  readonly side: Side;
  list = $state.raw<Pane[]>([]);
  at = $state(0);

  constructor(side: Side) {
    this.side = side;
    this.list = [new Pane(side)];
  }

  get current(): Pane {
    return this.list[this.at] as Pane;
  }

  get canClose(): boolean {
    return this.list.length > 1;
  }

  /** A new tab behind the one in front, and in front of it then. */
  async add(spot: Spot): Promise<void> {
    const pane = new Pane(this.side);
    pane.sort = this.current.sort;
    this.list = [...this.list.slice(0, this.at + 1), pane, ...this.list.slice(this.at + 1)];
    this.at += 1;
    await pane.start(spot);
  }

  /** Closes a tab; the last one stays. */
  close(at: number): void {
    const pane = this.list[at];
    if (!pane || !this.canClose) return;
    this.list = this.list.filter((other) => other !== pane);
    if (this.at > at || this.at === this.list.length) this.at -= 1;
    pane.close();
    void this.current.wake();
  }

  /** Brings a tab to the front; one that is not there changes nothing. */
  show(at: number): void {
    if (!this.list[at]) return;
    this.at = at;
    void this.current.wake();
  }

  /** Replaces all tabs: at the start of a run, or when the sides change places. */
  take(list: Pane[], at: number): void {
    for (const pane of list) pane.side = this.side;
    this.list = list;
    this.at = Math.max(0, Math.min(at, list.length - 1));
  }
}
