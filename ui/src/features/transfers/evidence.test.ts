import { expect, test } from "vitest";
import type { ComparisonView } from "$ipc";
import { comparedName, comparisonOutcome, comparisonValue } from "./evidence";

const line = (part: Partial<ComparisonView>): ComparisonView => ({
  compared: "size",
  expected: "1",
  expected_from: "HeadObject of the source",
  found: "1",
  found_from: "HeadObject of the destination",
  agrees: true,
  request_id: null,
  ...part,
});

test("silence of the server is neither agreement nor difference", () => {
  expect(comparisonOutcome(line({}))).toBe("same");
  expect(comparisonOutcome(line({ found: "2", agrees: false }))).toBe("other");
  expect(comparisonOutcome(line({ found: null, agrees: false }))).toBe("untold");
});

test("figures are written as the language writes them, all else as it came", () => {
  expect(comparisonValue(line({}), "1181116006400", "de")).toBe("1.181.116.006.400 B");
  const table = line({ compared: "part_table" });
  expect(comparisonValue(table, "9987 parts of 104857600 bytes", "en")).toBe("9,987 × 100 MiB");
  expect(comparisonValue(line({ compared: "crc64_xz" }), "1181116006400", "de")).toBe(
    "1181116006400",
  );
  expect(comparisonValue(line({ compared: "tags" }), "a\u202eb", "en")).not.toContain("\u202e");
});

test("a kind of comparison that is newer than the page is called what it is", () => {
  expect(comparedName("crc64_xz")).toBe("CRC-64/XZ");
  expect(comparedName("sha512")).toBe("sha512");
});
