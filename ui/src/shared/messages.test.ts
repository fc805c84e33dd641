import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../../messages/", import.meta.url);

const project = JSON.parse(readFileSync(new URL("../project.inlang/settings.json", root), "utf8"));
const locales: string[] = project.locales.filter((locale: string) => locale !== "en");

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

  describe.each(locales)("%s", (locale) => {
    const other = catalogue(folder, locale);

    test("has the same messages as English", () => {
      expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort());
    });

    test("says the same things as English", () => {
      for (const key of Object.keys(english)) {
        expect([key, placeholders(other[key])]).toEqual([key, placeholders(english[key])]);
      }
    });
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
  for (const name of saidByTheShell()) used.add(name);
  const keys = folders.flatMap((folder) => Object.keys(catalogue(folder, "en")));
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});

/** Tray and notifications speak without a page: the shell names their messages itself. */
function saidByTheShell(): string[] {
  const shell = new URL("../../../src-tauri/src/", import.meta.url);
  return (
    readdirSync(shell, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".rs"))
      .flatMap((name) => readFileSync(new URL(name, shell), "utf8").match(/"[a-z_]+"/g) ?? [])
      .map((quoted) => quoted.slice(1, -1))
      // What is said of one job has a form for several.
      .flatMap((name) => [name, `${name}_some`])
  );
}
