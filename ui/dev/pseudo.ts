import type { Plugin } from "vite";

const PLAIN = "aceilnorsuyzACEILNORSUYZ";
const ACCENTED = "áčéíļñöŕšúýžÁČÉÍĻÑÖŔŠÚÝŽ";

/** The texts in a compiled message, and what is none in them: escapes and inserted values. */
const TEXT = /(?<=LocalizedString\} \*\/ \()`((?:[^`\\]|\\.)*)`/g;
const NO_LETTERS = /(\\.|\$\{[^}]*\})/;

/**
 * Makes every message longer by about a third, accented, and set in brackets: what is cut off
 * then shows, and what stands outside of brackets is in no catalogue.
 *
 *     npx vite build --mode pseudo --outDir DIR
 */
export function pseudo(): Plugin {
  return {
    name: "pseudo-locale",
    transform(code, id) {
      if (!id.includes("/paraglide/messages/")) return null;
      return { code: code.replace(TEXT, (_, text: string) => `\`${stretched(text)}\``), map: null };
    },
  };
}

function stretched(text: string): string {
  const pieces = text.split(NO_LETTERS);
  return `⟦${pieces.map((piece, at) => (at % 2 === 0 ? accented(piece) : piece)).join("")}⟧`;
}

/** Vowels twice: words grow where they stand, as in a language with longer ones. */
function accented(text: string): string {
  const letters = text.replace(/[aeiou]/g, "$&$&");
  return [...letters].map((letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter).join("");
}
