import { accounts } from "$app/accounts.svelte";
import type { AccountView } from "$ipc";
import { providerBadge } from "$shared/dialect";
import { KEY_ORDER, type Sort } from "./entry";
import { obstacleBetween } from "./feasible";
import { Pane, type Side } from "./pane.svelte";
import { accountOf, restoreSpot, type Spot } from "./spot";

const STORAGE_KEY = "partway.panes";

interface Kept {
  left: { spot: Spot; sort: Sort };
  right: { spot: Spot; sort: Sort };
  split: number;
}

/** Both panes, which of them is in use, and how the width is shared. */
class Panes {
  readonly left = new Pane("left");
  readonly right = new Pane("right");
  active = $state<Side>("left");
  /** Share of the left pane, 0 to 1. */
  split = $state(0.5);
  #restored = false;

  get current(): Pane {
    return this[this.active];
  }

  get other(): Pane {
    return this.otherOf(this.current);
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

  /** Opens the places of the last run, or the first account's buckets. Once per run. */
  restore(): void {
    if (this.#restored || accounts.list.length === 0) return;
    this.#restored = true;
    const kept = read();
    this.split = kept?.split ?? 0.5;
    for (const pane of [this.left, this.right]) {
      const before = kept?.[pane.side];
      pane.sort = before?.sort ?? KEY_ORDER;
      const [first] = accounts.list;
      const fallback: Spot = first ? { kind: "buckets", account: first.id } : { kind: "accounts" };
      void pane.start(restoreSpot(before?.spot, accounts.list) ?? fallback);
    }
  }

  /** Keeps the places for the next run. */
  keep(): void {
    if (!this.#restored) return;
    const { left, right, split } = this;
    const kept: Kept = {
      left: { spot: left.spot, sort: left.sort },
      right: { spot: right.spot, sort: right.sort },
      split,
    };
    localStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
  }
}

function read(): Partial<Kept> | null {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null") as Partial<Kept> | null;
  } catch {
    return null;
  }
}

export const panes = new Panes();
