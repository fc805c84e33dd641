/**
 * Shortcuts as text, `Mod+Shift+Enter`: Mod is ⌘ on a Mac and Ctrl elsewhere. The last word is
 * `KeyboardEvent.key`, letters in upper case.
 */
export const onMac = typeof navigator !== "undefined" && /Mac|iPhone/.test(navigator.platform);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Whether a key press is this shortcut. */
export function matches(shortcut: string, event: Pressed, mac = onMac): boolean {
  const words = splitShortcut(shortcut);
  const key = words.at(-1) ?? "";
  const mod = words.includes("Mod");
  return (
    sameKey(key, event.key) &&
    event.ctrlKey === (words.includes("Ctrl") || (mod && !mac)) &&
    event.metaKey === (mod && mac) &&
    event.altKey === words.includes("Alt") &&
    // A sign such as `?` or `*` is typed with Shift on some keyboards and without on others.
    (event.shiftKey === words.includes("Shift") || isSign(key))
  );
}

/** Whether a shortcut is a bare key, which must not fire while somebody types. */
export function isBare(shortcut: string): boolean {
  return !/^(Mod|Ctrl|Alt)\+/.test(shortcut) && !/F\d+$/.test(shortcut);
}

/** Whether a text field has its own use for a shortcut: select all, the clipboard, undo. */
export function isEditing(shortcut: string): boolean {
  return /^Mod\+[ACVXZ]$/.test(shortcut);
}

/** The shortcut as people read it: `Ctrl+Shift+Enter`, `⇧⌘⏎`. */
export function shortcutLabel(shortcut: string, mac = onMac): string {
  const words = splitShortcut(shortcut);
  if (!mac) return words.map((word) => (word === "Mod" ? "Ctrl" : word)).join("+");
  const signs: Record<string, string> = {
    Mod: "⌘",
    Ctrl: "⌃",
    Alt: "⌥",
    Shift: "⇧",
    Enter: "⏎",
    Delete: "⌦",
    Backspace: "⌫",
  };
  return words.map((word) => signs[word] ?? word).join("");
}

function splitShortcut(shortcut: string): string[] {
  return shortcut.endsWith("++") ? [...shortcut.slice(0, -2).split("+"), "+"] : shortcut.split("+");
}

function sameKey(wanted: string, pressed: string): boolean {
  return wanted.toLowerCase() === pressed.toLowerCase() || (wanted === "Space" && pressed === " ");
}

function isSign(key: string): boolean {
  return key.length === 1 && key.toLowerCase() === key.toUpperCase() && !/\d/.test(key);
}
