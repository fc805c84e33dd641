/**
 * How well a text fits what was typed: 0 not at all, the higher the better. The text begins with
 * it, a word begins with it, it stands somewhere inside, or its letters come in order, best at
 * the beginnings of words: `cto` finds `Copy to other pane`. Short texts come before long ones.
 */
export function score(typed: string, text: string): number {
  const query = fold(typed);
  if (query === "") return 1;
  const folded = fold(text);
  return fit(query, folded) - Math.min(folded.length, 99) / 1_000;
}

function fit(query: string, text: string): number {
  const at = text.indexOf(query);
  if (at === 0) return 100;
  if (at > 0) return isWordStart(text, at) ? 80 : 60;
  const words = query.split(" ");
  if (words.length > 1 && words.every((word) => text.includes(word))) return 50;
  return scattered(query.replaceAll(" ", ""), text);
}

/** Each letter after the one before; the more of them begin a word the better. */
function scattered(query: string, text: string): number {
  let from = 0;
  let starts = 0;
  for (const letter of query) {
    const next = wordStart(letter, text, from);
    const at = next >= 0 ? next : text.indexOf(letter, from);
    if (at < 0) return Number.NEGATIVE_INFINITY;
    if (isWordStart(text, at)) starts += 1;
    from = at + 1;
  }
  // Letters found here and there by chance are no hit.
  return starts * 2 > query.length ? 10 + starts : Number.NEGATIVE_INFINITY;
}

function wordStart(letter: string, text: string, from: number): number {
  let at = text.indexOf(letter, from);
  while (at >= 0 && !isWordStart(text, at)) at = text.indexOf(letter, at + 1);
  return at;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s/.:·▸\-_]/.test(text.charAt(at - 1));
}

/** Without case and accents, as one types it in a hurry. */
function fold(text: string): string {
  return text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}
