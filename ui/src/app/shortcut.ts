/**
 * Shortcuts as text, `Mod+Shift+Enter`: Mod is ⌘ on a Mac and Ctrl elsewhere. The last word is
 * `KeyboardEvent.key`, letters in upper case.
 */
export const onMac = typeof navigator !== "undefined" && /Mac|iPhone/.test(navigator.platform);

/** The two traditions of file managers: F5 reloads in one and copies in the other. */
export type Preset = "explorer" | "commander";

/** Shortcuts of an action in the order of preference; the first is shown. */
export type Keys = string[] | Record<Preset, string[]>;

/** The shortcuts that hold: what the user chose, or the preset's. */
export function keysIn(preset: Preset, keys: Keys | undefined, own?: string[]): string[] {
  if (own !== undefined) return own;
  if (keys === undefined) return [];
  return Array.isArray(keys) ? keys : keys[preset];
}

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

/** A key press as a shortcut, `null` while only modifiers are held. */
export function shortcutFrom(event: Pressed, mac = onMac): string | null {
  if (["Control", "Shift", "Alt", "Meta", "AltGraph"].includes(event.key)) return null;
  const key = event.key === " " ? "Space" : event.key;
  const mod = mac ? event.metaKey : event.ctrlKey;
  const words = [
    mod ? "Mod" : "",
    mac && event.ctrlKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && !isSign(key) ? "Shift" : "",
    key.length === 1 ? key.toUpperCase() : key,
  ];
  return words.filter((word) => word !== "").join("+");
}

/** Whether a shortcut is a bare key, which must not fire while somebody types. */
export function isBare(shortcut: string): boolean {
  return !/^(Mod|Ctrl|Alt)\+/.test(shortcut) && !/F\d+$/.test(shortcut);
}

/** Whether a text field has its own use for a shortcut: select all, the clipboard, undo. */
export function isEditing(shortcut: string): boolean {
  return /^Mod\+[ACVXZ]$/.test(shortcut);
}

/** Keys by what is printed on them. */
const SIGNS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
  Insert: "Ins",
  ContextMenu: "Menu",
};

/** The shortcut as people read it: `Ctrl+Shift+Enter`, `⇧⌘⏎`. */
export function shortcutLabel(shortcut: string, mac = onMac): string {
  const words = splitShortcut(shortcut).map((word) => SIGNS[word] ?? word);
  if (!mac) return words.map((word) => (word === "Mod" ? "Ctrl" : word)).join("+");
  const signs: Record<string, string> = {
    Mod: "⌘",
    Ctrl: "⌃",
    Alt: "⌥",
    Shift: "⇧",
    Enter: "⏎",
    Del: "⌦",
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
