/**
 * Bytes, rates, times as people read them. Units are IEC (1 MiB = 1,048,576 bytes) unless the
 * user wants powers of 1000; `Intl` has no names for the former, so only the digits come from it.
 * Every function takes the locale last.
 */
import { units } from "./units.svelte";

const IEC = { step: 1024, names: ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] } as const;
const DECIMAL = { step: 1000, names: ["B", "kB", "MB", "GB", "TB", "PB"] } as const;

/** `1.17 TiB`, `64 MiB`: three significant digits, fewer when the number is round. */
export function bytes(count: number, locale: string): string {
  const { step, names } = units.decimal ? DECIMAL : IEC;
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= step && unit < names.length - 1) {
    value /= step;
    unit += 1;
  }
  // 1023.7 MiB must not be rounded to a fourth digit: it reads better as 1 GiB.
  if (unit > 0 && unit < names.length - 1 && Math.round(value) === step) {
    value = 1;
    unit += 1;
  }
  return `${digits(value, Number.isInteger(value) ? 0 : decimals(value), locale)} ${names[unit]}`;
}

/** `612 MiB/s`. */
export function rate(bytesPerSecond: number, locale: string): string {
  return `${bytes(bytesPerSecond, locale)}/s`;
}

/** `1,099,511,627,776`: exact, for tooltips. */
export function integer(count: number, locale: string): string {
  return numbers(locale, 0).format(count);
}

/** `61.4%`; never 100% before everything is there. */
export function percent(done: number, total: number, locale: string): string {
  const thousandths = total > 0 ? Math.floor((done / total) * 1000) : 1000;
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(
    Math.min(thousandths, 1000) / 1000,
  );
}

/**
 * A duration in words, in the one or two largest units: `34 min`, `2 hr, 14 min`, `40 sec`.
 * Seconds are left out from a minute and a half on, where they would only flicker.
 */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return unit(whole, "second", locale);
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return unit(minutes, "minute", locale);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined([hours, "hour"], [minutes % 60, "minute"], locale);
  return joined([Math.floor(hours / 24), "day"], [hours % 24, "hour"], locale);
}

/** `2026-11-05 10:06` in local time: the same in every language, and sortable by eye. */
export function moment(ms: number): string {
  // Not by `Intl`: that takes longer than all the rest of a row.
  const at = new Date(ms);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

const two = (number: number) => (number < 10 ? `0${number}` : String(number));

/** Time of day: with seconds for events, without for appointments. */
export function clock(ms: number, locale: string, to: "second" | "minute" = "second"): string {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    ...(to === "second" ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  }).format(ms);
}

type Span = [count: number, unit: "day" | "hour" | "minute"];

/** With a large first letter, as what stands alone in its row begins. */
export function capital(text: string, locale: string): string {
  const [first = ""] = text;
  return first.toLocaleUpperCase(locale) + text.slice(first.length);
}

function joined(large: Span, small: Span, locale: string): string {
  const text = unit(large[0], large[1], locale);
  return small[0] === 0 ? text : `${text} ${unit(small[0], small[1], locale)}`;
}

function unit(count: number, name: "day" | "hour" | "minute" | "second", locale: string): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" }).format(
    count,
  );
}

function decimals(value: number): number {
  if (value < 9.995) return 2;
  return value < 99.95 ? 1 : 0;
}

function digits(value: number, fraction: number, locale: string): string {
  return numbers(locale, fraction).format(value);
}

const known = new Map<string, Intl.NumberFormat>();

/** A format for numbers, made once: making one takes longer than a thousand uses. */
function numbers(locale: string, fraction: number): Intl.NumberFormat {
  const key = `${locale} ${fraction}`;
  const made = known.get(key);
  if (made) return made;
  const fractions = { minimumFractionDigits: fraction, maximumFractionDigits: fraction };
  const format = new Intl.NumberFormat(locale, fractions);
  known.set(key, format);
  return format;
}
