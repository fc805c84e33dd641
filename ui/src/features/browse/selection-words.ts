import { language } from "$app/language.svelte";
import { m } from "$messages";
import { counted } from "./counted";

interface Many {
  readonly length: number;
}

/** `3 objects and 1 folder`: what is selected, held or copied. */
export function selectionWords(selected: { keys: Many; prefixes: Many }): string {
  const { keys, prefixes } = selected;
  const parts = [
    ...(keys.length > 0 ? [m.copy_these_objects(counted(keys.length))] : []),
    ...(prefixes.length > 0 ? [m.copy_these_folders(counted(prefixes.length))] : []),
  ];
  return new Intl.ListFormat(language.current, { type: "conjunction" }).format(parts);
}
