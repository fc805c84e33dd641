import { toasts } from "$app/toasts.svelte";
import { type ApiError, errorOf, type Place, type SelectedKeys, windowError } from "$ipc";
import { m } from "$messages";
import { type Entry, KEY_ORDER, type Sort } from "./entry";
import { type Filter, isFilter, NO_FILTER } from "./filter";
import { type Lines, ListedLines } from "./lines.svelte";
import { isAllOf, linesAt } from "./lines-at";
import { withRegion } from "./regions";
import { Seek } from "./seek.svelte";
import { Selection } from "./selection";
import { ACCOUNTS, nameInParent, parentOf, type Spot, sameSpot, spotBelow } from "./spot";
import { type Step, Trail } from "./trail.svelte";
import type { View } from "./view";

export type Side = "left" | "right";

/** One tab of a pane: where it stands, what it shows, what is selected. */
export class Pane {
  side = $state<Side>("left");
  spot = $state.raw<Spot>(ACCOUNTS);
  lines = $state.raw<Lines | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** Something is on its way and nothing of it is here yet. */
  opening = $state(false);
  selection = $state.raw(Selection.none);
  sort = $state.raw<Sort>(KEY_ORDER);
  filter = $state.raw<Filter>(NO_FILTER);
  /** The filter can be seen. */
  filtering = $state(false);
  /** The server was asked only for what starts with this. */
  searched = $state<string | null>(null);
  /** The address is being edited. */
  editing = $state(false);

  readonly trail = new Trail();
  readonly seek = new Seek(this);
  /** Set by the grid that draws this pane. */
  view: View | null = null;
  /** How far it was scrolled when it was last drawn. */
  top = 0;
  /** What it shows has changed while it was not on screen. */
  stale = false;
  /** Ends when the lines of what is being opened are here, or will not come. */
  arrived: Promise<void> = Promise.resolve();

  /** The selection that took in all lines there were. */
  #all = $state.raw<Selection | null>(null);
  /** The selection that stands for everything under the place, loaded or not. */
  #everything = $state.raw<Selection | null>(null);
  /** What was shown before the server was asked for a part of it. */
  #whole: ListedLines | null = null;
  /** Numbers the openings, so that a late answer does not replace a newer one. */
  #turn = 0;
  /** Changes of the order or the filter that are not answered: the core may have other rows already. */
  #changes = 0;

  constructor(side: Side) {
    this.side = side;
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

  /** Everything under the place is selected, also what is not loaded. */
  get everything(): boolean {
    return this.#everything !== null && this.#everything === this.selection;
  }

  /** All loaded lines are selected, and there may be more on the server. */
  get couldBeMore(): boolean {
    const incomplete = this.listed?.status.complete === false && !this.isFiltered;
    return incomplete && this.#all !== null && this.#all === this.selection;
  }

  get isFiltered(): boolean {
    return isFilter(this.filter);
  }

  /** The first place of a run: there is no way back from it. */
  async start(spot: Spot, standOn: string | null = null, top = 0): Promise<void> {
    await this.#open(spot, standOn, top);
  }

  /** Says where a tab stands that nobody has looked at yet; `wake` opens it. */
  rest(spot: Spot, top: number): void {
    this.spot = spot;
    this.top = top;
    this.stale = true;
  }

  /** To be called when the tab comes to the front. */
  async wake(): Promise<void> {
    if (!this.stale) return;
    this.stale = false;
    await this.#open(this.spot, this.lead?.name ?? null, this.top, this.lines);
  }

  /** Goes somewhere and remembers the way back. */
  async go(spot: Spot, standOn: string | null = null): Promise<void> {
    if (!sameSpot(spot, this.spot)) this.trail.leave(this.#step());
    await this.#open(spot, standOn);
  }

  async back(): Promise<void> {
    const step = this.trail.back(this.#step());
    if (step) await this.#open(step.spot, step.lead, step.top);
  }

  async forward(): Promise<void> {
    const step = this.trail.forward(this.#step());
    if (step) await this.#open(step.spot, step.lead, step.top);
  }

  /** Back to the list of accounts, without a way back to what is no more. */
  async leaveAccount(): Promise<void> {
    await this.#open(ACCOUNTS, this.lead?.name ?? null);
  }

  async up(): Promise<void> {
    const parent = parentOf(this.spot);
    if (!parent) return;
    await this.go(parent, nameInParent(this.spot));
  }

  /** Asks again; what is here stays on screen until the answer comes. */
  async reload(): Promise<void> {
    const top = this.view?.top ?? this.top;
    await this.#open(this.spot, this.lead?.name ?? null, top, this.lines);
  }

  /** Waits no longer for what is being opened; an answer that comes later is dropped. */
  giveUp(): void {
    if (!this.opening) return;
    this.#turn += 1;
    this.opening = false;
    this.error = windowError("stopped", m.browse_opening_stopped());
  }

  /** Opens what a line stands for; an object has nothing to open. */
  async enter(entry: Entry): Promise<void> {
    const spot = this.spotOf(entry);
    if (spot) await this.go(spot);
  }

  spotOf(entry: Entry): Spot | null {
    return spotBelow(this.spot, entry);
  }

  async sortBy(by: Sort["by"]): Promise<void> {
    const descending = this.sort.by === by && !this.sort.descending;
    this.sort = { by, descending };
    await this.#rearrange(() => this.lines?.sort(this.sort));
  }

  /** Sorts in what came later; row numbers mean other objects then. */
  async sortAgain(): Promise<void> {
    await this.listed?.sortAgain();
    this.selection = Selection.none;
  }

  /** Shows only the lines that pass. */
  async filterBy(filter: Filter): Promise<void> {
    this.filter = filter;
    await this.#rearrange(() => this.lines?.filter(filter));
  }

  /** Asks the server for what starts with a text; what is loaded waits for `endSearch`. */
  async search(text: string): Promise<void> {
    this.#whole ??= this.listed;
    this.searched = text;
    // It says what was asked for, and how to see everything again.
    this.filtering = true;
    await this.#open(this.spot, null, 0, null, true);
  }

  /** Shows again what was shown before the search. */
  async endSearch(): Promise<void> {
    if (this.searched === null) return;
    this.searched = null;
    const whole = this.#whole;
    this.#turn += 1;
    const turn = this.#turn;
    this.opening = false;
    if (!whole) return this.reload();
    this.error = null;
    // Shown once it is as it was: what is selected before that would be something else after it.
    await whole.filter(this.filter).catch((cause: unknown) => toasts.fail(errorOf(cause)));
    if (turn !== this.#turn) {
      if (this.searched !== null) return;
      this.#whole = null;
      if (whole !== this.lines) whole.close();
      return;
    }
    const found = this.lines;
    this.#whole = null;
    this.lines = whole;
    this.selection = Selection.none;
    this.view?.scrollTo(0);
    if (found !== whole) found?.close();
  }

  /** Puts the filter and a search away. */
  async unfilter(): Promise<void> {
    this.filtering = false;
    if (this.isFiltered) await this.filterBy(NO_FILTER);
    await this.endSearch();
  }

  selectAll(): void {
    this.selection = this.selection.all(this.count);
    this.#all = this.selection;
  }

  selectEverything(): void {
    this.selection = this.selection.all(this.count);
    this.#everything = this.selection;
  }

  /** Keys of the selected objects; `null` where there are none to select. */
  async selected(): Promise<SelectedKeys | null> {
    const { listed, selection, everything, isFiltered } = this;
    if (!listed || selection.rows.isEmpty) return null;
    const whole = everything || (!isFiltered && isAllOf(listed, selection.rows));
    if (whole) return { keys: [], prefixes: [listed.prefix], bytes: 0 };
    const seen = listed.seen(selection.rows);
    if (seen) return seen;
    if (this.#changes > 0) throw windowError("rearranging", m.browse_rearranging());
    return listed.selected(selection.rows);
  }

  /** Lets go of the listing; the tab is closed. */
  close(): void {
    this.#turn += 1;
    this.seek.forget();
    this.lines?.close();
    this.#whole?.close();
    this.lines = null;
  }

  #step(): Step {
    return { spot: this.spot, lead: this.lead?.name ?? null, top: this.view?.top ?? this.top };
  }

  /** Line numbers mean other objects afterwards. */
  async #rearrange(change: () => Promise<void> | undefined): Promise<void> {
    this.#changes += 1;
    try {
      await change();
      this.selection = Selection.none;
      this.view?.scrollTo(0);
    } catch (cause) {
      toasts.fail(errorOf(cause));
    } finally {
      this.#changes -= 1;
    }
  }

  async #open(
    spot: Spot,
    standOn: string | null,
    top = 0,
    kept: Lines | null = null,
    keepFilter = kept !== null,
  ): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const before = this.lines;
    let arrive = () => {};
    this.arrived = new Promise((resolve) => {
      arrive = resolve;
    });
    this.spot = spot.kind === "objects" ? { ...spot, place: withRegion(spot.place) } : spot;
    this.error = null;
    // What is read again by itself takes nobody's address away.
    if (!kept) this.editing = false;
    this.stale = false;
    this.seek.forget();
    this.opening = kept === null;
    this.lines = kept;
    if (!kept) this.selection = Selection.none;
    if (!keepFilter) this.#dropFilter();
    try {
      const lines = await this.#load(this.spot, () => turn === this.#turn);
      if (turn !== this.#turn) {
        lines.close();
        return;
      }
      // Where somebody has stepped meanwhile.
      const lead = kept ? (this.lead?.name ?? standOn) : standOn;
      this.lines = lines;
      this.selection = Selection.none;
      this.view?.scrollTo(top);
      this.top = top;
      arrive();
      // Who has typed meanwhile wants to stand elsewhere.
      if (lead !== null && !this.seek.isBusy) await this.seek.find(lead);
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.lines = null;
      this.error = errorOf(cause);
    } finally {
      arrive();
      if (turn === this.#turn) this.opening = false;
      if (before !== this.#whole && before !== this.lines) before?.close();
    }
  }

  #dropFilter(): void {
    this.filter = NO_FILTER;
    this.filtering = false;
    if (this.searched === null) return;
    this.searched = null;
    this.#whole?.close();
    this.#whole = null;
  }

  /** The order and the filter may be chosen anew while the lines are on their way. */
  async #load(spot: Spot, isWanted: () => boolean): Promise<Lines> {
    let { sort } = this;
    let filter = NO_FILTER;
    const lines = await linesAt(spot, sort, this.searched);
    if (lines instanceof ListedLines) lines.onrest = () => this.#sortIn(lines);
    while (isWanted() && (sort !== this.sort || filter !== this.filter)) {
      if (sort !== this.sort) {
        sort = this.sort;
        await lines.sort(sort);
      } else {
        filter = this.filter;
        await lines.filter(filter);
      }
    }
    return lines;
  }

  /** Sorts in what came later, unless that would move something the user is about to use. */
  #sortIn(lines: ListedLines): void {
    if (lines !== this.lines || !this.selection.rows.isEmpty) return;
    this.#changes += 1;
    lines
      .sortAgain()
      .then(() => {
        // A row that was chosen meanwhile is another one now; all of them are still all.
        const isAll = this.selection.rows.count === lines.count;
        if (lines === this.lines && !isAll) this.selection = Selection.none;
      })
      .catch((cause: unknown) => toasts.fail(errorOf(cause)))
      .finally(() => {
        this.#changes -= 1;
      });
  }
}
