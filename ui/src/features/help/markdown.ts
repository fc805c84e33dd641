/**
 * The little Markdown the manual is written in: headings, paragraphs, lists, pictures, and in a line
 * strong, emphasis and code. It becomes plain values, never HTML.
 */
export type Inline = { kind: "text" | "strong" | "emphasis" | "code"; text: string };

export type Block =
  | { kind: "heading"; level: 1 | 2; text: string; id: string }
  | { kind: "paragraph"; line: Inline[] }
  | { kind: "list"; items: Inline[][] }
  | { kind: "picture"; path: string; caption: string };

/** Blocks are parted by empty lines. */
export function readBlocks(text: string): Block[] {
  const blocks = text.split(/\n\s*\n/).map((block) => block.trim());
  let headings = 0;
  return blocks
    .filter((block) => block !== "")
    .map((block): Block => {
      const heading = /^(#{1,2}) (.*)$/.exec(block);
      if (heading) {
        headings += 1;
        const level = heading[1]?.length === 1 ? 1 : 2;
        return { kind: "heading", level, text: heading[2] ?? "", id: `manual-${headings}` };
      }
      const picture = /^!\[(.*)\]\((.*)\)$/.exec(block);
      if (picture) return { kind: "picture", caption: picture[1] ?? "", path: picture[2] ?? "" };
      if (block.startsWith("- ")) {
        return {
          kind: "list",
          items: block
            .split(/\n?^- /m)
            .filter(Boolean)
            .map(readLine),
        };
      }
      return { kind: "paragraph", line: readLine(block) };
    });
}

/** Emphasis is written with stars or with underscores, which a name may hold as well. */
const MARKED =
  /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|(?<![\p{L}\p{N}_])_(?!\s)(.+?)(?<!\s)_(?![\p{L}\p{N}_])/gsu;

/** The pieces of a line, in order. */
export function readLine(line: string): Inline[] {
  const pieces: Inline[] = [];
  let end = 0;
  for (const found of line.matchAll(MARKED)) {
    if (found.index > end) pieces.push({ kind: "text", text: line.slice(end, found.index) });
    end = found.index + found[0].length;
    const [, strong, starred, code, underlined] = found;
    const emphasis = starred ?? underlined;
    if (strong !== undefined) pieces.push({ kind: "strong", text: strong });
    else if (emphasis !== undefined) pieces.push({ kind: "emphasis", text: emphasis });
    else pieces.push({ kind: "code", text: code ?? "" });
  }
  if (end < line.length) pieces.push({ kind: "text", text: line.slice(end) });
  return pieces;
}
