import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../../messages/", import.meta.url);

interface Variants {
  match: Record<string, string>;
}

function catalogue(folder: string, locale: string): Record<string, string | Variants[]> {
  const { $schema, ...messages } = JSON.parse(
    readFileSync(new URL(`${folder}/${locale}.json`, root), "utf8"),
  );
  return messages;
}

function placeholders(message: string | Variants[] | undefined): string[] {
  const texts =
    typeof message === "string"
      ? [message]
      : (message ?? []).flatMap((variants) => Object.values(variants.match));
  return [...new Set(texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();
}

const folders = readdirSync(root);

describe.each(folders)("messages/%s", (folder) => {
  const english = catalogue(folder, "en");
  const chinese = catalogue(folder, "zh-CN");

  test("both languages have the same messages", () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  test("both languages say the same things", () => {
    for (const key of Object.keys(english)) {
      expect([key, placeholders(chinese[key])]).toEqual([key, placeholders(english[key])]);
    }
  });
});

test("no message is in two folders", () => {
  const keys = folders.flatMap((folder) => Object.keys(catalogue(folder, "en")));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test("every message is used", () => {
  const sources = readdirSync(new URL("../", import.meta.url), { recursive: true })
    .map(String)
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.startsWith("paraglide"))
    .map((name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8"))
    .join("\n");
  const used = new Set(sources.match(/\bm\.\w+/g)?.map((name) => name.slice(2)));
  const keys = folders.flatMap((folder) => Object.keys(catalogue(folder, "en")));
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});
