import { visible } from "$shared/display";
import { selectionWords } from "../browse/selection-words";
import { baseOf, onlyName } from "./names";
import type { ObjectSelection } from "./open.svelte";

/** What a selection is called in a title: the name of the only thing in it, else how many. */
export function titleOf(selection: ObjectSelection): string {
  const name = onlyName(selection);
  return name === null || name === "" ? selectionWords(selection) : visible(baseOf(name));
}
