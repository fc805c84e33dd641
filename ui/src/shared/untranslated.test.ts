import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Keys as they are printed: `Ctrl+S`, `Del`. */
const KEYS = /^((Ctrl|Shift|Alt)\+)*(Esc|Del|F\d+|[A-Z])$/;

/** What is the same in every language: names, signs, units, examples of addresses. */
const SAME_EVERYWHERE = [
  /^MIT OR Apache-2\.0$/,
  /^Partway\b/,
  /^(GiB|MiB|ms|https:\/\/)$/,
  /^([A-Z0-9]{1,4}|ETag)$/,
  KEYS,
  /^[a-z0-9]+:\/\/\S*$/,
];

/** Attributes that are read or read out. */
const SPOKEN = /\s(?:title|label|aria-label|placeholder|alt|hint|text)="([^"{]*)"/g;

const root = new URL("../", import.meta.url);
const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".svelte"));

/** Only what is drawn: no script, no style, no comment, no tag, nothing in braces. */
function drawn(source: string): string[] {
  const markup = source.replace(
    /<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g,
    "",
  );
  const spoken = [...markup.matchAll(SPOKEN)].map((found) => found[1] ?? "");
  const texts = withoutBraces(markup)
    .replace(/<\/?[a-zA-Z](?:=>|[^>])*>/g, "\n")
    .split("\n");
  return [...texts, ...spoken];
}

/** Expressions may nest: `{#if a}{@const b = { c }}`. */
function withoutBraces(text: string): string {
  let depth = 0;
  let rest = "";
  for (const sign of text) {
    if (sign === "{") depth += 1;
    else if (sign === "}") depth = Math.max(0, depth - 1);
    else if (depth === 0) rest += sign;
  }
  return rest;
}

function needsTranslation(text: string): boolean {
  const words = text.replace(/&\w+;/g, " ").trim();
  return /\p{L}{2,}/u.test(words) && !SAME_EVERYWHERE.some((known) => known.test(words));
}

test.each(files)("%s says nothing outside the catalogue", (name) => {
  const source = readFileSync(new URL(name, root), "utf8");
  expect(
    drawn(source)
      .map((text) => text.trim())
      .filter(needsTranslation),
  ).toEqual([]);
});

test("a text in the markup is seen", () => {
  expect(drawn('<p class="x">Hello there {name}</p>').filter(needsTranslation)).toEqual([
    "Hello there ",
  ]);
  expect(drawn('<Button label="Close" onclick={() => go()} />').filter(needsTranslation)).toEqual([
    "Close",
  ]);
});
