import type { ObjectDetails } from "$ipc";
import { m } from "$messages";
import { bytes } from "$shared/format";

/** What would become of an object, in a word. */
export function fateWord(fate: string): string {
  switch (fate) {
    case "replace":
      return m.copy_fate_replace();
    case "keep_both":
      return m.copy_fate_keep_both();
    case "skip":
      return m.copy_fate_skip();
    case "ask":
      return m.copy_fate_ask();
    case "refuse":
      return m.copy_fate_refuse();
    default:
      return m.copy_fate_copy();
  }
}

type Compared = Pick<ObjectDetails, "size" | "etag" | "crc64" | "modified_ms">;

export type Verdict = "same_crc64" | "same_etag" | "size" | "newer" | "older" | "differs";

/** Source beside what stands at the destination. A checksum says more than an ETag. */
export function compare([from, to]: readonly [Compared, Compared]): Verdict {
  if (from.size !== to.size) return "size";
  if (from.crc64 !== null && from.crc64 === to.crc64) return "same_crc64";
  if (from.etag === to.etag) return "same_etag";
  if (from.modified_ms === null || to.modified_ms === null) return "differs";
  if (from.modified_ms === to.modified_ms) return "differs";
  return from.modified_ms > to.modified_ms ? "newer" : "older";
}

export function compareWords(both: readonly [Compared, Compared], locale: string): string {
  const [from, to] = both;
  switch (compare(both)) {
    case "same_crc64":
      return m.copy_compare_same({ what: "CRC64" });
    case "same_etag":
      return m.copy_compare_same({ what: "ETag" });
    case "size":
      return m.copy_compare_size({ from: bytes(from.size, locale), to: bytes(to.size, locale) });
    case "newer":
      return m.copy_compare_newer();
    case "older":
      return m.copy_compare_older();
    case "differs":
      return m.copy_compare_differs();
  }
}
