/**
 * Names as they are shown. A key is any text: what would be invisible or would reorder the line
 * is replaced by a visible mark, so that two different keys never look the same by such a trick.
 */

/** A run of a shown name; `mark` runs stand for characters that cannot be seen. */
export interface Piece {
  text: string;
  mark: boolean;
}

const NAMED: Record<string, string> = {
  "\t": "⇥",
  "\n": "⏎",
  "\r": "‹CR›",
  "\u007f": "‹DEL›",
  "\u00a0": "‹NBSP›",
  "\u00ad": "‹SHY›",
  "\u061c": "‹ALM›",
  "\u200b": "‹ZWSP›",
  "\u200c": "‹ZWNJ›",
  "\u200d": "‹ZWJ›",
  "\u200e": "‹LRM›",
  "\u200f": "‹RLM›",
  "\u2028": "‹LSEP›",
  "\u2029": "‹PSEP›",
  "\u202a": "‹LRE›",
  "\u202b": "‹RLE›",
  "\u202c": "‹PDF›",
  "\u202d": "‹LRO›",
  "\u202e": "‹RLO›",
  "\u2060": "‹WJ›",
  "\u2066": "‹LRI›",
  "\u2067": "‹RLI›",
  "\u2068": "‹FSI›",
  "\u2069": "‹PDI›",
  "\ufeff": "‹BOM›",
};

/** Control, format, private-use and unassigned characters, and every blank but the plain one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u;

const EMOJI_PART = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;

/** Printable ASCII without blanks at the ends: most names, which need no closer look. */
const PLAIN = /^[!-~]([ -~]*[!-~])?$/;

/** A name in pieces. Blanks at the ends are marked, an empty name is `∅`. */
export function pieces(name: string): Piece[] {
  if (name === "") return [{ text: "∅", mark: true }];
  if (PLAIN.test(name)) return [{ text: name, mark: false }];
  const characters = [...name];
  const firstInk = characters.findIndex((character) => character !== " ");
  const lastInk = characters.findLastIndex((character) => character !== " ");
  const found: Piece[] = [];
  characters.forEach((character, at) => {
    const edge = character === " " && (at < firstInk || at > lastInk || firstInk < 0);
    const joins =
      character === "\u200d" &&
      EMOJI_PART.test(characters[at - 1] ?? "") &&
      EMOJI_PART.test(characters[at + 1] ?? "");
    const mark = edge || (UNSEEN.test(character) && !joins);
    const text = mark ? markOf(character) : character;
    const last = found.at(-1);
    if (last?.mark === mark) last.text += text;
    else found.push({ text, mark });
  });
  return found;
}

function markOf(character: string): string {
  // Not U+2420 and its neighbours: few fonts have them.
  if (character === " ") return "␣";
  const named = NAMED[character];
  if (named) return named;
  const code = character.codePointAt(0) ?? 0;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

/** A name as one plain text with its marks, for tooltips, labels and messages. */
export function visible(name: string): string {
  return pieces(name)
    .map((piece) => piece.text)
    .join("");
}

/** A name for a row: `∅` also stands for an empty segment before the slash of a prefix. */
export function rowPieces(name: string, isPrefix: boolean): Piece[] {
  if (!isPrefix || !name.endsWith("/")) return pieces(name);
  return [...pieces(name.slice(0, -1)), { text: "/", mark: false }];
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** How many characters at the end of a long name stay readable: the extension and a few more. */
const TAIL = 12;

/**
 * A name split so that CSS can cut the head and keep the tail (the end with the extension). Short
 * names, and names in right-to-left letters (whose pieces would change places), have no tail.
 */
export function forEllipsis(all: Piece[]): { head: Piece[]; tail: Piece[] } {
  const whole = { head: all, tail: [] };
  const text = all.map((piece) => piece.text).join("");
  const characters = [...text];
  if (characters.length <= TAIL + 4 || RIGHT_TO_LEFT.test(text)) return whole;
  const dot = characters.lastIndexOf(".");
  const extension = dot > 0 ? characters.length - dot : 0;
  const keep = extension > 0 && extension <= TAIL ? Math.max(TAIL, extension + 4) : TAIL;
  return split(all, characters.length - keep);
}

/** Cuts pieces at a character, but never inside a mark or a grapheme. */
function split(all: Piece[], at: number): { head: Piece[]; tail: Piece[] } {
  const head: Piece[] = [];
  const tail: Piece[] = [];
  let seen = 0;
  for (const piece of all) {
    const length = [...piece.text].length;
    if (seen + length <= at) head.push(piece);
    else if (seen >= at || piece.mark) tail.push(piece);
    else {
      const cut = graphemeAt(piece.text, at - seen);
      if (cut > 0) head.push({ text: piece.text.slice(0, cut), mark: false });
      if (cut < piece.text.length) tail.push({ text: piece.text.slice(cut), mark: false });
    }
    seen += length;
  }
  return { head, tail };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Offset of the first grapheme that starts at or after a number of characters. */
function graphemeAt(text: string, characters: number): number {
  if (PLAIN.test(text)) return Math.min(characters, text.length);
  let seen = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (seen >= characters) return index;
    seen += [...segment].length;
  }
  return text.length;
}
