import { expect, test } from "vitest";
import { countdown, expiryAt } from "./expiry";

test("a key is soon to expire in its last hour", () => {
  expect(expiryAt(null, 0)).toBe("lasting");
  expect(expiryAt(3_600_000, 0)).toBe("lasting");
  expect(expiryAt(3_599_000, 0)).toBe("soon");
  expect(expiryAt(5, 5)).toBe("expired");
});

test("counts down in hours, minutes and seconds", () => {
  expect(countdown(3_729_000, 0)).toBe("1:02:09");
  expect(countdown(750_000, 0)).toBe("12:30");
  expect(countdown(0, 10_000)).toBe("00:00");
});
