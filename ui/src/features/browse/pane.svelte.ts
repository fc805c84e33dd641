import { accounts } from "$app/accounts.svelte";
import { toasts } from "$app/toasts.svelte";
import { type ApiError, call, errorOf, type Place, type SelectedKeys } from "$ipc";
import { type Entry, entryOfAccount, entryOfBucket, KEY_ORDER, type Sort } from "./entry";
import { FewLines, type Lines, ListedLines } from "./lines.svelte";
import { rememberBuckets, withRegion } from "./regions";
import { Selection } from "./selection";
import { ACCOUNTS, nameInParent, parentOf, type Spot, sameSpot } from "./spot";

export type Side = "left" | "right";

/** A step of the pane's own history, and the line to stand on when it is seen again. */
interface Step {
  spot: Spot;
  lead: string | null;
}

/** More steps than anybody goes back. */
const REMEMBERED = 100;

/** One pane of the browser: where it stands, what it shows, what is selected. */
export class Pane {
  readonly side: Side;
  spot = $state.raw<Spot>(ACCOUNTS);
  lines = $state.raw<Lines | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** Something is on its way and nothing of it is here yet. */
  opening = $state(false);
  selection = $state.raw(Selection.none);
  sort = $state.raw<Sort>(KEY_ORDER);
  /** The address is being edited. */
  editing = $state(false);

  /** Set by the grid that draws this pane. */
  view: { reveal(row: number): void; focus(): void } | null = null;

  #back = $state.raw<Step[]>([]);
  #forward = $state.raw<Step[]>([]);
  /** What is looked for next while something is being looked for. */
  #wanted: string | null = null;
  #finding = false;
  /** Numbers the openings, so that a late answer does not replace a newer one. */
  #turn = 0;

  constructor(side: Side) {
    this.side = side;
  }

  get canGoBack(): boolean {
    return this.#back.length > 0;
  }

  get canGoForward(): boolean {
    return this.#forward.length > 0;
  }

  get place(): Place | null {
    return this.spot.kind === "objects" ? this.spot.place : null;
  }

  get listed(): ListedLines | null {
    return this.lines instanceof ListedLines ? this.lines : null;
  }

  get count(): number {
    return this.lines?.count ?? 0;
  }

  /** The line the keyboard stands on. */
  get lead(): Entry | undefined {
    return this.lines?.at(this.selection.lead);
  }

  /** The first place of a run: there is no way back from it. */
  async start(spot: Spot): Promise<void> {
    await this.#open(spot, null);
  }

  /** Goes somewhere and remembers the way back. */
  async go(spot: Spot, standOn: string | null = null): Promise<void> {
    if (!sameSpot(spot, this.spot)) {
      this.#back = [...this.#back, this.#step()].slice(-REMEMBERED);
      this.#forward = [];
    }
    await this.#open(spot, standOn);
  }

  async back(): Promise<void> {
    const step = this.#back.at(-1);
    if (!step) return;
    this.#back = this.#back.slice(0, -1);
    this.#forward = [...this.#forward, this.#step()];
    await this.#open(step.spot, step.lead);
  }

  async forward(): Promise<void> {
    const step = this.#forward.at(-1);
    if (!step) return;
    this.#forward = this.#forward.slice(0, -1);
    this.#back = [...this.#back, this.#step()];
    await this.#open(step.spot, step.lead);
  }

  /** Back to the list of accounts, without a way back to what is no more. */
  async top(): Promise<void> {
    await this.#open(ACCOUNTS, this.lead?.name ?? null);
  }

  async up(): Promise<void> {
    const parent = parentOf(this.spot);
    if (!parent) return;
    await this.go(parent, nameInParent(this.spot));
  }

  /** Asks again; what is here stays on screen until the answer comes. */
  async reload(): Promise<void> {
    await this.#open(this.spot, this.lead?.name ?? null, this.lines);
  }

  /** Opens what a line stands for; an object has nothing to open. */
  async enter(entry: Entry): Promise<void> {
    const spot = this.spotOf(entry);
    if (spot) await this.go(spot);
  }

  spotOf(entry: Entry): Spot | null {
    if (entry.kind === "account") return { kind: "buckets", account: entry.key };
    if (entry.kind === "bucket" && this.spot.kind === "buckets") {
      const { account } = this.spot;
      const place = { account, bucket: entry.key, region: entry.region, prefix: "" };
      return { kind: "objects", place };
    }
    if (entry.kind === "prefix" && this.place) {
      return { kind: "objects", place: { ...this.place, prefix: entry.key } };
    }
    return null;
  }

  async sortBy(by: Sort["by"]): Promise<void> {
    const descending = this.sort.by === by && !this.sort.descending;
    this.sort = { by, descending };
    try {
      await this.lines?.sort(this.sort);
      // Line numbers mean other objects now.
      this.selection = Selection.none;
      this.view?.reveal(0);
    } catch (cause) {
      toasts.fail(errorOf(cause));
    }
  }

  /** Sorts in what came later; row numbers mean other objects then. */
  async sortAgain(): Promise<void> {
    await this.listed?.sortAgain();
    this.selection = Selection.none;
  }

  /** Keys of the selected objects; `null` where there are none to select. */
  async selected(): Promise<SelectedKeys | null> {
    if (!this.listed || this.selection.rows.isEmpty) return null;
    return this.listed.selected(this.selection.rows);
  }

  /** Selects the first line that starts with a text; of several at once the last counts. */
  async find(text: string): Promise<void> {
    this.#wanted = text;
    if (this.#finding) return;
    this.#finding = true;
    try {
      while (this.#wanted !== null) {
        const wanted = this.#wanted;
        this.#wanted = null;
        await this.#standOn(wanted);
      }
    } catch (cause) {
      toasts.fail(errorOf(cause));
    } finally {
      this.#finding = false;
    }
  }

  async #standOn(text: string): Promise<void> {
    const { lines } = this;
    const row = await lines?.find(text);
    // Another place was opened, or more was typed, meanwhile.
    if (row == null || lines !== this.lines || this.#wanted !== null) return;
    this.selection = this.selection.only(row);
    this.view?.reveal(row);
  }

  #step(): Step {
    return { spot: this.spot, lead: this.lead?.name ?? null };
  }

  async #open(spot: Spot, standOn: string | null, kept: Lines | null = null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const before = this.lines;
    this.spot = spot.kind === "objects" ? { ...spot, place: withRegion(spot.place) } : spot;
    this.error = null;
    this.editing = false;
    this.opening = kept === null;
    this.lines = kept;
    if (!kept) this.selection = Selection.none;
    try {
      const lines = await this.#load(this.spot);
      if (turn !== this.#turn) {
        lines.close();
        return;
      }
      this.lines = lines;
      this.selection = Selection.none;
      this.view?.reveal(0);
      if (standOn !== null) await this.find(standOn);
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.lines = null;
      this.error = errorOf(cause);
    } finally {
      if (turn === this.#turn) this.opening = false;
      before?.close();
    }
  }

  async #load(spot: Spot): Promise<Lines> {
    if (spot.kind === "accounts") return new FewLines(accounts.list.map(entryOfAccount), this.sort);
    if (spot.kind === "buckets") {
      const buckets = await call("buckets", { account: spot.account });
      rememberBuckets(spot.account, buckets);
      return new FewLines(buckets.map(entryOfBucket), this.sort);
    }
    const lines = await ListedLines.open(spot.place, this.sort);
    lines.onrest = () => this.#sortIn(lines);
    return lines;
  }

  /** Sorts in what came later, unless that would move something the user is about to use. */
  #sortIn(lines: ListedLines): void {
    if (lines !== this.lines || !this.selection.rows.isEmpty) return;
    lines.sortAgain().catch((cause: unknown) => toasts.fail(errorOf(cause)));
  }
}
