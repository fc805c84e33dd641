import { expect, it } from "vitest";
import { warmth } from "./storage-class";

it.each([
  ["STANDARD", "hot"],
  ["MAZ_STANDARD", "hot"],
  ["STANDARD_IA", "cool"],
  ["ONEZONE_IA", "cool"],
  ["WARM", "cool"],
  ["GLACIER_IR", "cool"],
  ["COLD", "cold"],
  ["ARCHIVE", "cold"],
  ["DEEP_ARCHIVE", "cold"],
  ["GLACIER", "cold"],
  ["INTELLIGENT_TIERING", "tiered"],
  ["REDUCED_REDUNDANCY", "hot"],
])("%s is %s", (word, expected) => {
  expect(warmth(word)).toBe(expected);
});
