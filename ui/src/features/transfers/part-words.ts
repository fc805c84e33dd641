import { m } from "$messages";
import type { PartLetter } from "./part-layout";

/** The state of a part in words. */
export function partWord(letter: PartLetter): string {
  switch (letter) {
    case "#":
      return m.part_done();
    case "o":
      return m.part_copying();
    case "r":
      return m.part_retrying();
    case "x":
      return m.part_failed();
    case ".":
      return m.part_planned();
  }
}
