import { beforeEach, describe, expect, it, vi } from "vitest";
import { m } from "$messages";
import { type Locale, locales, overwriteGetLocale } from "../../paraglide/runtime.js";

const language = vi.hoisted(() => ({ current: "en" }));
vi.mock("$app/language.svelte", () => ({ language }));
overwriteGetLocale(() => language.current as Locale);

const { encryptionWord } = await import("./encryption-words");
const { replacementWords } = await import("./replacement-words");
const { timingWords } = await import("./timing-words");

const properties = { headers: [], metadata: [] };
const some = { headers: [["cache-control", "no-store"]] as [string, string][], metadata: [] };
const terms = (part: object) => replacementWords({ acl: null, ...part } as never);

/** What a section of the dialog can say about itself in words of this program. */
const values: Record<string, () => string> = {
  "automatic part size": m.copy_automatic,
  "class of the source": m.copy_keep_class,
  "nothing replaced": () => replacementWords(null),
  "no properties": () => terms({ properties }),
  "no tags": () => terms({ tags: [] }),
  "other properties, no tags": () => terms({ properties: some, tags: [] }),
  "other tags": () => terms({ tags: [["team", "a"]] }),
  "ACL of the bucket": m.copy_access_default,
  "encryption of the bucket": () => encryptionWord(null, "cos"),
  "keys of the provider": () => encryptionWord("aes256", "cos"),
  "key service": () => encryptionWord("kms", "obs"),
  "key service, two layers": () => encryptionWord("kms-dual-layer", "s3"),
  "a key of one's own": () => encryptionWord("customer", "s3"),
  "current version": m.copy_version_current,
  verified: m.copy_after_verify,
  "a move": m.copy_kind_move,
  "when its turn comes": m.copy_as_soon_as_possible,
  "low priority": () =>
    timingWords({ priority: "low", start_at_ms: null, window: null }, language.current),
  "at an hour": () =>
    timingWords({ priority: "normal", start_at_ms: 0, window: null }, language.current),
};

describe.each(locales)("a value of the copy dialog in %s", (locale) => {
  beforeEach(() => {
    language.current = locale;
  });

  it.each(Object.keys(values))("begins with a capital: %s", (name) => {
    const text = values[name]?.() ?? "";
    const [first = ""] = text;
    expect(text).not.toBe("");
    expect(first).toBe(first.toLocaleUpperCase(locale));
  });
});
