import { describe, expect, test } from "vitest";
import { bytes, clock, duration, integer, percent, rate } from "./format";
import { units } from "./units.svelte";

const KIB = 1024;
const MIB = KIB ** 2;
const GIB = KIB ** 3;
const TIB = KIB ** 4;

describe("bytes", () => {
  test.each([
    [0, "0 B"],
    [1, "1 B"],
    [1023, "1,023 B"],
    [KIB, "1 KiB"],
    [1536, "1.50 KiB"],
    [64 * MIB, "64 MiB"],
    [GIB, "1 GiB"],
    [812 * GIB, "812 GiB"],
    [1.17 * TIB, "1.17 TiB"],
    [99.96 * MIB, "100 MiB"],
    [9.999 * MIB, "10.0 MiB"],
    [1023.7 * MIB, "1 GiB"],
    [48.828125 * TIB, "48.8 TiB"],
    [2 ** 53, "8 PiB"],
  ])("%d is %s", (count, text) => {
    expect(bytes(count, "en")).toBe(text);
  });

  test("a decimal terabyte is not called a TiB", () => {
    expect(bytes(1.2e12, "en")).toBe("1.09 TiB");
  });

  test("digits follow the locale, units do not", () => {
    expect(bytes(1.17 * TIB, "de")).toBe("1,17 TiB");
    expect(bytes(1.17 * TIB, "zh-CN")).toBe("1.17 TiB");
    expect(rate(612 * MIB, "zh-CN")).toBe("612 MiB/s");
  });

  test("powers of 1000 when the user wants them, under their own names", () => {
    units.decimal = true;
    expect(bytes(1.2e12, "en")).toBe("1.20 TB");
    expect(bytes(999_999, "en")).toBe("1 MB");
    units.decimal = false;
  });

  test("exact numbers are exact up to 2^53", () => {
    expect(integer(2 ** 53, "en")).toBe("9,007,199,254,740,992");
  });
});

describe("percent", () => {
  test.each([
    [0, 100, "0%"],
    [614, 1000, "61.4%"],
    [50, 100, "50%"],
    [99_999, 100_000, "99.9%"],
    [100, 100, "100%"],
    [120, 100, "100%"],
    [0, 0, "100%"],
  ])("%d of %d is %s", (done, total, text) => {
    expect(percent(done, total, "en")).toBe(text);
  });
});

describe("duration", () => {
  test.each([
    [0, "0 sec"],
    [40.4, "40 sec"],
    [89, "89 sec"],
    [90, "2 min"],
    [149, "2 min"],
    [34 * 60, "34 min"],
    [59.6 * 60, "1 hr"],
    [2 * 3600 + 14 * 60, "2 hr 14 min"],
    [3 * 3600, "3 hr"],
    [3 * 86400 + 5 * 3600, "3 days 5 hr"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(duration(seconds, "en")).toBe(text);
  });

  test("Chinese uses its own words", () => {
    expect(duration(2 * 3600 + 14 * 60, "zh-CN")).toBe("2小时 14分钟");
  });
});

test("event times have 24 hours and seconds", () => {
  expect(clock(new Date(2026, 10, 20, 0, 4, 9).getTime(), "en")).toBe("00:04:09");
});
