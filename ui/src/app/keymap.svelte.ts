import type { Preset } from "./shortcut";

/** Which shortcuts hold: the preset, and by action id what the user chose instead. */
class Keymap {
  preset = $state<Preset>("explorer");
  own = $state<Record<string, string[]>>({});
}

export const keymap = new Keymap();
