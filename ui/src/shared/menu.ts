import type { Component } from "svelte";

/** One line of a menu. */
export type MenuEntry =
  | { kind: "separator" }
  /** Says what the lines below it are. */
  | { kind: "heading"; label: string }
  /** A menu in the menu. */
  | {
      kind: "menu";
      id: string;
      label: string;
      icon?: Component<{ size?: number }>;
      entries: MenuEntry[];
    }
  | {
      kind: "item";
      id: string;
      label: string;
      icon?: Component<{ size?: number }>;
      /** As `shortcutLabel` writes it. */
      shortcut?: string;
      /** Why it cannot be chosen now; shown in place of the shortcut. */
      reason?: string | null;
      danger?: boolean;
      run: () => void;
    };

/** Releasing the right button over an item must not choose it (bits-ui #1955). */
export function ignoreOtherButtons(event: PointerEvent): void {
  if (event.button !== 0) event.preventDefault();
}
