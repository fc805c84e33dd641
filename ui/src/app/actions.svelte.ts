import type { Component } from "svelte";
import { keymap } from "./keymap.svelte";
import { isBare, isEditing, type Keys, keysIn, matches, shortcutLabel } from "./shortcut";
import { toasts } from "./toasts.svelte";

/** Under which heading the palette and the shortcut sheet show an action. */
export type ActionGroup =
  | "screens"
  | "window"
  | "browse"
  | "objects"
  | "copy"
  | "transfers"
  | "accounts";

/** Something the user can do, told once: buttons, menus and the keyboard all use the same. */
export interface Action {
  id: string;
  label: () => string;
  /** Without one it stands with the window's own. */
  group?: ActionGroup;
  icon?: Component;
  /** Shortcuts, the same in both presets or told for each. */
  keys?: Keys;
  /** Its shortcuts count only while the focus is in an element that matches: bare keys of a list. */
  within?: string;
  /** Why it cannot be done now; `null` when it can. */
  blocked?: () => string | null;
  /** Whether its keys are the browser's own now: it pastes what is not held here. */
  leavesKeys?: () => boolean;
  run: () => void;
}

/** The shortcuts of an action as they are now, the shown one first. */
export function shortcutsOf(action: Action): string[] {
  return keysIn(keymap.preset, action.keys, keymap.own[action.id]);
}

/** The shortcut to show beside an action: `Ctrl+Shift+Enter`; `null` without one. */
export function hintOf(action: Action): string | null {
  const [first] = shortcutsOf(action);
  return first === undefined ? null : shortcutLabel(first);
}

/** Sets of actions, the latest first: a screen's own come before the window's. */
const registered: Action[][] = [];

/** Every action there ever was in this window, for the sheet: screens come and go. */
const known = new Map<string, Action>();

/** Makes actions reachable by keyboard until the answer is called; made for `$effect`. */
export function register(actions: Action[]): () => void {
  registered.unshift(actions);
  for (const action of actions) known.set(action.id, action);
  return () => {
    registered.splice(registered.indexOf(actions), 1);
  };
}

/** What can be reached now, the window's own last; an id that is told twice counts once. */
export function reachable(): Action[] {
  const all = new Map<string, Action>();
  for (const action of registered.flat()) if (!all.has(action.id)) all.set(action.id, action);
  return [...all.values()];
}

/** Every action this window has told of so far. */
export function everKnown(): Action[] {
  return [...known.values()];
}

/** Runs the action whose shortcut was pressed, unless somebody types or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || layerIsOpen()) return;
  const typing = isTextField(event.target);
  let refused: string | null = null;
  for (const actions of registered) {
    for (const action of actions) {
      const key = shortcutsOf(action).find((shortcut) => matches(shortcut, event));
      if (key === undefined || (typing && (isBare(key) || isEditing(key)))) continue;
      if (action.within !== undefined && !isWithin(event.target, action.within)) continue;
      if (action.leavesKeys?.() === true) continue;
      const reason = action.blocked?.() ?? null;
      if (reason !== null) {
        // A bare key is often one too many; keys that were pressed together were meant.
        if (!isBare(key)) refused ??= reason;
        continue;
      }
      event.preventDefault();
      action.run();
      return;
    }
  }
  // Who copies a piece of text that is selected on the page means the browser's own copy.
  if (refused === null || typing || getSelection()?.type === "Range") return;
  event.preventDefault();
  toasts.say(refused);
}

function isWithin(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}

function layerIsOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !/^(checkbox|radio|range|button)$/.test(target.type);
}
