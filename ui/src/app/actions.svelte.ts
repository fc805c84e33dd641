import type { Component } from "svelte";
import { isBare, isEditing, matches } from "./shortcut";

/** Something the user can do, told once: buttons, menus and the keyboard all use the same. */
export interface Action {
  id: string;
  label: () => string;
  icon?: Component;
  /** Shortcuts in the order of preference; the first is shown. */
  keys?: string[];
  /** Why it cannot be done now; `null` when it can. */
  blocked?: () => string | null;
  run: () => void;
}

/** Sets of actions, the latest first: a screen's own come before the window's. */
const registered: Action[][] = [];

/** Makes actions reachable by keyboard until the answer is called; made for `$effect`. */
export function register(actions: Action[]): () => void {
  registered.unshift(actions);
  return () => {
    registered.splice(registered.indexOf(actions), 1);
  };
}

/** Runs the action whose shortcut was pressed, unless somebody types or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || layerIsOpen()) return;
  const typing = isTextField(event.target);
  for (const actions of registered) {
    for (const action of actions) {
      const key = action.keys?.find((shortcut) => matches(shortcut, event));
      if (key === undefined || (typing && (isBare(key) || isEditing(key)))) continue;
      if ((action.blocked?.() ?? null) !== null) continue;
      event.preventDefault();
      action.run();
      return;
    }
  }
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
