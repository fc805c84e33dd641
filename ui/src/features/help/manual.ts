import { type Block, readBlocks } from "./markdown";

/** The same files people read in the repository, so the two cannot differ. */
const texts = import.meta.glob<string>("../../../manual/*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});
const pictures = import.meta.glob<string>("../../../manual/pictures/*/*.png", {
  query: "?url",
  import: "default",
  eager: true,
});

const FOLDER = "../../../manual/";

/** The manual in a language; English where there is none. */
export function manualIn(language: string): Block[] {
  return readBlocks(texts[`${FOLDER}${language}.md`] ?? texts[`${FOLDER}en.md`] ?? "");
}

/** Where a picture of the manual was built to; `null` when it was not taken. */
export function pictureAt(path: string): string | null {
  return pictures[FOLDER + path] ?? null;
}
