import { accounts } from "$app/accounts.svelte";
import type { AccountView } from "$ipc";
import { providerBadge } from "$shared/dialect";
import { obstacleBetween } from "./feasible";
import { type KeptPanes, type KeptSide, readPanes } from "./kept-panes";
import { Pane, type Side } from "./pane.svelte";
import { keep, restored } from "./session";
import { accountOf, type Spot } from "./spot";
import { TabStrip } from "./tabs.svelte";

/** Both sides with their tabs, which of them is in use, and how the width is shared. */
class Panes {
  readonly strips = { left: new TabStrip("left"), right: new TabStrip("right") };
  active = $state<Side>("left");
  /** Share of the left pane, 0 to 1. */
  split = $state(0.5);
  /** Only the pane in use is shown. */
  single = $state(false);
  /** The tabs of the last run are here; before that there is nothing that could be used. */
  isRestored = $state(false);
  #restoring: Promise<void> | null = null;

  /** The tab in front on the left. */
  get left(): Pane {
    return this.strips.left.current;
  }

  get right(): Pane {
    return this.strips.right.current;
  }

  get current(): Pane {
    return this[this.active];
  }

  get other(): Pane {
    return this.otherOf(this.current);
  }

  /** Every tab of both sides. */
  get all(): Pane[] {
    return [...this.strips.left.list, ...this.strips.right.list];
  }

  otherOf(pane: Pane): Pane {
    return pane.side === "left" ? this.right : this.left;
  }

  accountOf(pane: Pane): AccountView | undefined {
    const id = accountOf(pane.spot);
    return id === null ? undefined : accounts.find(id);
  }

  accountById(id: string): AccountView | undefined {
    return accounts.find(id);
  }

  /** `COS · Prod`: provider and name, for sentences. */
  labelOf(id: string): string {
    const account = accounts.find(id);
    return account ? `${providerBadge(account.dialect)} · ${account.name}` : id;
  }

  /** Why nothing can be copied from one account to another by the servers alone. */
  obstacle(from: string, to: string): ReturnType<typeof obstacleBetween> {
    const [source, destination] = [accounts.find(from), accounts.find(to)];
    return source && destination ? obstacleBetween(source, destination) : null;
  }

  /** The sides change places, with all their tabs; the focus goes along. */
  swap(): void {
    const { left, right } = this.strips;
    const [list, at] = [left.list, left.at];
    left.take(right.list, right.at);
    right.take(list, at);
    this.active = this.active === "left" ? "right" : "left";
  }

  /** Goes to the other side, without a mouse. */
  switchSide(): void {
    this.active = this.active === "left" ? "right" : "left";
    this.current.view?.focus();
  }

  /** Goes somewhere in the pane in use, which may have to be restored first. */
  async go(spot: Spot, standOn: string | null = null): Promise<void> {
    await this.restore();
    await this.current.go(spot, standOn);
  }

  /** Opens the tabs of the last run, or the first account's buckets. Once per run. */
  async restore(): Promise<void> {
    if (accounts.list.length === 0) return;
    this.#restoring ??= this.#restore();
    await this.#restoring;
  }

  async #restore(): Promise<void> {
    const kept = readPanes(await restored("panes"), accounts.list);
    this.split = kept.split;
    this.single = kept.single;
    this.active = kept.active;
    for (const side of ["left", "right"] as const) this.#take(side, kept[side]);
    this.isRestored = true;
  }

  #take(side: Side, kept: KeptSide): void {
    const list = kept.tabs.map(({ spot, sort, top }) => {
      const pane = new Pane(side);
      pane.sort = sort;
      pane.rest(spot, top);
      return pane;
    });
    this.strips[side].take(list, kept.at);
    void this.strips[side].current.wake();
  }

  /** Keeps tabs and widths for the next run. Made for `$effect`. */
  keep(): void {
    if (!this.isRestored) return;
    const { active, split, single } = this;
    const kept: KeptPanes = {
      left: keptSide(this.strips.left),
      right: keptSide(this.strips.right),
      active,
      split,
      single,
    };
    keep("panes", kept);
  }
}

function keptSide(strip: TabStrip): KeptSide {
  const tabs = strip.list.map((pane) => ({ spot: pane.spot, sort: pane.sort, top: pane.top }));
  return { tabs, at: strip.at };
}

export const panes = new Panes();
