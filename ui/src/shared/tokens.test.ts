import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const themes = ["light", "dark"] as const;

/** WCAG relative luminance of `oklch(L C h)`. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.max(0, Math.min(1, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function token(name: string, theme: (typeof themes)[number]): number {
  const colour = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
  const found = new RegExp(`--${name}: light-dark\\(${colour}, ${colour}\\)`).exec(css);
  if (found === null) throw new Error(`no token --${name}`);
  const [l, c, h] = found.slice(theme === "light" ? 1 : 4).map(Number);
  return luminance(l ?? 0, c ?? 0, h ?? 0);
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const grounds = ["bg", "bg-raised", "bg-sunken", "bg-hover", "bg-selected", "bg-selected-dim"];
const texts = ["fg", "fg-muted", "fg-faint", "accent", "ok", "warn", "danger", "info"];
const tones = ["accent", "ok", "warn", "danger", "info"];

describe.each(themes)("%s", (theme) => {
  const ratio = (text: string, ground: string) =>
    contrast(token(text, theme), token(ground, theme));

  test.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    "--%s is readable on --%s",
    (text, ground) => {
      expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(tones)("text is readable on --%s-soft", (tone) => {
    for (const text of ["fg", "fg-muted", tone]) {
      expect(ratio(text, `${tone}-soft`)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("the primary button is readable", () => {
    expect(ratio("accent-fg", "accent")).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["bg", "bg-raised", "bg-sunken"])("control edges can be seen on --%s", (ground) => {
    expect(ratio("line-strong", ground)).toBeGreaterThanOrEqual(3);
    expect(ratio("accent", ground)).toBeGreaterThanOrEqual(3);
  });
});
