import type { ComparisonView } from "$ipc";
import { m } from "$messages";
import { visible } from "$shared/display";
import { bytes, integer } from "$shared/format";

/** What is compared, by the engine's stable words; checksums are called the same everywhere. */
const NAMES: Record<string, () => string> = {
  size: m.fact_size,
  crc64_xz: () => "CRC-64/XZ",
  crc64_nvme: () => "CRC-64/NVME",
  plain_etag: () => "ETag",
  composite_etag: m.compared_composite,
  upload_id: m.fact_upload,
  part_table: m.tab_parts,
  version: m.fact_version,
  encryption: m.compared_encryption,
  properties: m.compared_properties,
  tags: m.compared_tags,
  person: m.compared_person,
};

export type Outcome = "same" | "other" | "untold";

export function comparedName(compared: string): string {
  return NAMES[compared]?.() ?? compared;
}

export function comparisonOutcome(line: ComparisonView): Outcome {
  if (line.agrees) return "same";
  return line.found === null ? "untold" : "other";
}

/** One side of a comparison. Its figures are written as numbers are in that language. */
export function comparisonValue(line: ComparisonView, side: string, locale: string): string {
  const figure = (digits: string) => integer(Number(digits), locale);
  if (line.compared === "size" && /^\d{1,15}$/.test(side)) return `${figure(side)} B`;
  const [, parts, size] =
    (line.compared === "part_table" && /^(\d+) parts of (\d+) bytes$/.exec(side)) || [];
  if (parts && size) return `${figure(parts)} × ${bytes(Number(size), locale)}`;
  return visible(side);
}
