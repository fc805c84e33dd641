import Keyboard from "@lucide/svelte/icons/keyboard";
import Search from "@lucide/svelte/icons/search";
import { tick } from "svelte";
import type { Action } from "$app/actions.svelte";
import { m } from "$messages";

/** Which of the two layers over the window is open. */
class Layers {
  palette = $state(false);
  sheet = $state(false);
  #before: HTMLElement | null = null;

  openPalette(): void {
    this.#remember();
    this.palette = true;
  }

  openSheet(): void {
    this.#remember();
    this.sheet = true;
  }

  /** Closes, puts the focus where it was, and does what was chosen there. */
  async leave(then?: () => void): Promise<void> {
    this.palette = false;
    this.sheet = false;
    await tick();
    this.returnFocus();
    then?.();
  }

  returnFocus(): void {
    if (this.#before?.isConnected) this.#before.focus();
  }

  #remember(): void {
    const focused = document.activeElement;
    this.#before = focused instanceof HTMLElement ? focused : null;
  }
}

export const layers = new Layers();

export const paletteActions: Action[] = [
  {
    id: "palette.open",
    label: m.palette_open,
    icon: Search,
    keys: ["Mod+K"],
    run: () => layers.openPalette(),
  },
  {
    id: "shortcuts.open",
    label: m.shortcuts_open,
    icon: Keyboard,
    keys: ["?"],
    run: () => layers.openSheet(),
  },
];
