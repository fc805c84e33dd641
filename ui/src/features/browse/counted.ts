import { language } from "$app/language.svelte";
import { integer } from "$shared/format";

/** A number for a message: `count` chooses the plural, `n` is what is read. */
export function counted(count: number): { count: number; n: string } {
  return { count, n: integer(count, language.current) };
}
