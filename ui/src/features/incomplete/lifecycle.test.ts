import { expect, test } from "vitest";
import { lifecycleRule } from "./lifecycle";

test("each dialect scopes its rule in its own way", () => {
  expect(lifecycleRule("s3", 7)).toContain("<Filter><Prefix></Prefix></Filter>");
  expect(lifecycleRule("cos", 7)).toContain("<Filter><Prefix></Prefix></Filter>");
  expect(lifecycleRule("obs", 7)).toMatch(/<Rule>\s+<ID>.*<\/ID>\s+<Prefix><\/Prefix>/);
});

test("days are whole and at least one", () => {
  for (const [days, written] of [
    [7, 7],
    [0, 1],
    [2.6, 3],
    [Number.NaN, 1],
  ] as const) {
    expect(lifecycleRule("s3", days)).toContain(
      `<DaysAfterInitiation>${written}</DaysAfterInitiation>`,
    );
  }
});
