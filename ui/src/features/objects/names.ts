import type { ObjectRef, Place } from "$ipc";
import type { ObjectSelection } from "./open.svelte";

/** The only object of a selection; `null` where there are none, several, or a folder. */
export function onlyKey(selection: ObjectSelection): string | null {
  const [key, another] = selection.keys;
  return key !== undefined && another === undefined && selection.prefixes.length === 0 ? key : null;
}

/** The only object or folder of a selection. */
export function onlyName(selection: ObjectSelection): string | null {
  if (selection.keys.length + selection.prefixes.length !== 1) return null;
  return selection.keys[0] ?? selection.prefixes[0] ?? null;
}

/** An object by what names it to the core. */
export function refOf(place: Place, key: string, version: string | null = null): ObjectRef {
  return { place, key, version, key_md5: null };
}

/** What precedes the last segment: `a/b` and `a/b/` are both in `a/`. */
export function folderOf(key: string): string {
  const end = key.endsWith("/") ? key.length - 1 : key.length;
  return end === 0 ? "" : key.slice(0, key.lastIndexOf("/", end - 1) + 1);
}

/** The last segment, without the delimiter that ends a folder. */
export function baseOf(key: string): string {
  const name = key.slice(folderOf(key).length);
  return name.endsWith("/") ? name.slice(0, -1) : name;
}

/** A name for a second one beside the first: `a.tar.gz` → `a (2).tar.gz`, `a (2)` → `a (3)`. */
export function nameBeside(name: string): string {
  const dot = extensionAt(name);
  const [stem, extension] = [name.slice(0, dot), name.slice(dot)];
  const numbered = /^(.*) \((\d+)\)$/u.exec(stem);
  if (numbered) return `${numbered[1]} (${Number(numbered[2]) + 1})${extension}`;
  return `${stem} (2)${extension}`;
}

/** Where the extension begins; one more comes along before a compression's. */
function extensionAt(name: string): number {
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return name.length;
  const before = name.lastIndexOf(".", dot - 1);
  const two = name.slice(before);
  return before > 0 && /^\.[a-z][a-z0-9]{0,3}\.(gz|bz2|xz|zst|lz4)$/i.test(two) ? before : dot;
}
