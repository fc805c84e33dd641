import { m } from "$messages";
import { locales } from "../../paraglide/runtime.js";

/** The choice that is no language. */
export const SYSTEM = "system";

// Named in themselves: who cannot read the current language must find the own.
const NAMES: Record<string, string> = {
  en: "English",
  "zh-CN": "简体中文",
  de: "Deutsch",
  // Only in builds for tests.
  "en-XA": "Ṗšéúðö",
};

export function languageOptions(): { value: string; label: string }[] {
  const named = locales.map((locale: string) => ({
    value: locale,
    label: NAMES[locale] ?? locale,
  }));
  return [{ value: SYSTEM, label: m.follow_system() }, ...named];
}

/** What is kept: `null` follows the system. */
export function languageSetting(chosen: string): string | null {
  return chosen === SYSTEM ? null : chosen;
}
