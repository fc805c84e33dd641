import { language } from "$app/language.svelte";
import type { CopyTerms } from "$ipc";
import { m } from "$messages";
import { capital, integer } from "$shared/format";
import { replacedBy } from "./terms";

/** What the copies have instead of what their sources have, in a line. */
export function replacementWords(terms: CopyTerms | null): string {
  const { properties, tags } = replacedBy(terms);
  if (properties === null && tags === null) return m.copy_given_nothing();
  const n = (count: number) => integer(count, language.current);
  const said: string[] = [];
  if (properties === 0) said.push(m.copy_given_no_properties());
  else if (properties !== null) said.push(m.copy_given_n_properties({ n: n(properties) }));
  if (tags === 0) said.push(m.copy_given_no_tags());
  else if (tags !== null) said.push(m.copy_given_n_tags({ n: n(tags) }));
  return capital(said.join(" · "), language.current);
}
