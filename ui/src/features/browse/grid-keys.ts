import { keymap } from "$app/keymap.svelte";
import { onMac } from "$app/shortcut";
import { moveFor } from "./keys";
import type { Pane } from "./pane.svelte";
import { TypeAhead } from "./typeahead";

/** Signs that are shortcuts themselves and therefore begin no name, but go on in one. */
const SHORTCUTS = /^[/*?]$/;

/** Moving and typing in a list; everything else is an action with a shortcut. */
export class GridKeys {
  readonly #pane: Pane;
  readonly #pageRows: () => number;
  readonly #typed = new TypeAhead();

  constructor(pane: Pane, pageRows: () => number) {
    this.#pane = pane;
    this.#pageRows = pageRows;
  }

  handle(event: KeyboardEvent): void {
    const pane = this.#pane;
    if (event.isComposing || (pane.count === 0 && !pane.opening)) return;
    const mod = onMac ? event.metaKey : event.ctrlKey;
    if (!event.altKey && pane.count > 0 && this.#moves(event, mod)) event.preventDefault();
    else if (this.#isText(event, mod)) {
      event.preventDefault();
      void pane.seek.find(this.#typed.push(event.key, event.timeStamp));
    }
  }

  #moves(event: KeyboardEvent, mod: boolean): boolean {
    if (onMac && mod) return false;
    const pane = this.#pane;
    const at = { lead: pane.selection.lead, count: pane.count, page: this.#pageRows() };
    const row = moveFor(event.key, at);
    if (row === null) return false;
    const { selection } = pane;
    if (event.shiftKey) pane.selection = selection.extend(row, mod);
    else pane.selection = mod ? selection.moveLead(row) : selection.only(row);
    pane.view?.reveal(row);
    return true;
  }

  /** Letters are names in one tradition; in the other they are with Alt. */
  #isText(event: KeyboardEvent, mod: boolean): boolean {
    if (mod || event.ctrlKey || event.metaKey || event.key.length !== 1) return false;
    // When it was pressed, not when a busy page comes to it.
    const typing = this.#typed.isTyping(event.timeStamp);
    if (event.altKey !== (keymap.preset === "commander")) return false;
    const begins = event.key !== " " && !SHORTCUTS.test(event.key);
    return begins || typing;
  }
}
