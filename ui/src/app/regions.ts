import { tick } from "svelte";

/**
 * F6 goes round the regions of the window (`data-region`): rail, panes, lists, details. Each
 * remembers what was focused in it.
 */
const lastFocused = new WeakMap<Element, HTMLElement>();

/** In a region with a list the list is what one came for. */
const LIST = '[role="grid"][tabindex="0"], [role="row"][tabindex="0"]';
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex="0"]:not(:disabled)';

/** Moves the focus to the next region, or the one before. */
export function cycleRegion(backwards: boolean): void {
  const all = regions();
  const here = document.activeElement?.closest("[data-region]") ?? null;
  if (here !== null && document.activeElement instanceof HTMLElement) {
    lastFocused.set(here, document.activeElement);
  }
  const at = here === null ? -1 : all.indexOf(here as HTMLElement);
  const step = backwards ? -1 : 1;
  for (let tried = 1; tried <= all.length; tried += 1) {
    const region = all[(at + step * tried + all.length * 2) % all.length];
    if (region !== undefined && focusInto(region)) return;
  }
}

/** After a screen or a row went away with the focus in it, gives the focus to the screen. */
export async function keepFocus(): Promise<void> {
  await tick();
  if (isFocusLost()) focusScreen();
}

/** Nothing has the focus, or only the stage, because there was nothing better in it. */
export function isFocusLost(): boolean {
  const focused = document.activeElement;
  if (focused === null || focused === document.body || focused === stage()) return true;
  return focused.closest("[inert]") !== null;
}

/** Gives the focus to the first region of the screen that is shown. */
export async function enterScreen(): Promise<void> {
  await tick();
  focusScreen();
}

function focusScreen(): void {
  const whole = stage();
  const region = regions().find((one) => one !== whole && whole?.contains(one));
  if (region === undefined || !focusInto(region)) whole?.focus();
}

function stage(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-region="main"]');
}

/** Innermost regions only: a screen with lists of its own is not a stop itself. */
function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) =>
      !region.closest("[inert]") &&
      region.offsetParent !== null &&
      region.querySelector("[data-region]:not([inert] *)") === null,
  );
}

function focusInto(region: HTMLElement): boolean {
  const before = lastFocused.get(region);
  const target =
    before?.isConnected === true
      ? before
      : (region.querySelector<HTMLElement>(LIST) ?? region.querySelector<HTMLElement>(FOCUSABLE));
  (target ?? region).focus();
  return document.activeElement === (target ?? region);
}
