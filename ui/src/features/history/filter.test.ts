import { expect, test } from "vitest";
import { EVERYTHING, filterOf, isEverything } from "./filter";

const NOON = new Date(2026, 10, 20, 12).getTime();

test("a day is today from its beginning", () => {
  const since = filterOf({ ...EVERYTHING, days: 1 }, NOON).since_ms;
  expect(since).toBe(new Date(2026, 10, 20).getTime());
});

test("seven days are today and the six before", () => {
  const since = filterOf({ ...EVERYTHING, days: 7 }, NOON).since_ms;
  expect(since).toBe(new Date(2026, 10, 14).getTime());
});

test("nothing chosen asks for everything", () => {
  const filter = filterOf(EVERYTHING, NOON);
  expect([filter.since_ms, filter.account, filter.result, filter.min_bytes]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(isEverything({ ...EVERYTHING, text: "  " })).toBe(true);
  expect(isEverything({ ...EVERYTHING, gib: 1 })).toBe(false);
});
