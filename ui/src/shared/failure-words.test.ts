import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { ApiError } from "$ipc";
import { type Locale, overwriteGetLocale } from "../paraglide/runtime.js";

const language = vi.hoisted(() => ({ current: "en" }));
vi.mock("$app/language.svelte", () => ({ language }));
overwriteGetLocale(() => language.current as Locale);

const { adviceFor, headlineFor } = await import("./failure");
const { failureLine, isTranslated, placeOf } = await import("./failure-words");

const core = (path: string) =>
  readFileSync(new URL(`../../../src-tauri/crates/${path}`, import.meta.url), "utf8");

/** The kinds of the core, as they come over the wire. */
function kinds(): string[] {
  const declared = /enum FailureKind \{([^}]*)\}/.exec(core("domain/src/failure.rs"))?.[1] ?? "";
  const names = [...declared.matchAll(/^ {4}(\w+),$/gm)].map(([, name]) => name ?? "");
  return names.map((name) => name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase());
}

/** Those the contract adds, and those of this side of the door. */
const OTHERS = [
  ...[...core("api/src/error.rs").matchAll(/=> "(\w+)",/g)].map(([, kind]) => kind ?? ""),
  "internal",
  "bad_argument",
  "unwritable",
  "file",
  "in_use",
  "demo_cloud",
  "core_gone",
  "unexpected",
];

const error = (part: Partial<ApiError>): ApiError => ({
  kind: "access_denied",
  message: "the key may not do PutObject",
  field: null,
  operation: null,
  bucket: null,
  key: null,
  status: null,
  code: null,
  request_id: null,
  attempts: 0,
  ...part,
});

it("knows the kinds of the core", () => {
  expect(kinds()).toContain("no_such_upload");
  expect(kinds().length).toBeGreaterThan(20);
  expect(OTHERS).toContain("journal_newer");
});

describe.each([...kinds(), ...OTHERS])("%s", (kind) => {
  it("says what happened and what to do, in each language in its own words", () => {
    const said = ["en", "de", "zh-CN"].map((locale) => {
      language.current = locale;
      return [headlineFor(kind), adviceFor(kind)];
    });
    for (const [headline, advice] of said) {
      expect(headline).toBeTruthy();
      expect(advice).toBeTruthy();
    }
    expect(new Set(said.map(([headline]) => headline)).size).toBe(3);
    expect(new Set(said.map(([, advice]) => advice)).size).toBe(3);
  });
});

describe("in one line", () => {
  it("English is the core's own sentence", () => {
    language.current = "en";
    expect(failureLine(error({}))).toBe("the key may not do PutObject");
    expect(isTranslated(error({}))).toBe(false);
  });

  it("another language comes first, and the original behind it", () => {
    language.current = "de";
    expect(failureLine(error({}))).toBe(
      "Der Schlüssel darf das nicht. (the key may not do PutObject)",
    );
  });

  it("what the page says itself is in the language already", () => {
    language.current = "de";
    expect(failureLine(error({ kind: "stopped", message: "Angehalten" }))).toBe("Angehalten");
    expect(isTranslated(error({ kind: "stopped" }))).toBe(false);
  });
});

it("a place is told by the names everybody writes alike", () => {
  expect(placeOf(error({}))).toBeNull();
  expect(placeOf(error({ bucket: "b", key: "a/b" }))).toBe("b / a/b");
});
