import { type Locale, locales, overwriteGetLocale } from "../paraglide/runtime.js";

/**
 * The language of the window. Messages read it through Paraglide's locale, and because it is a
 * rune every text that is on the screen follows at once.
 */
class Language {
  #current = $state<Locale>(systemLanguage());
  #setting: string | null = null;

  get current(): Locale {
    return this.#current;
  }

  /** `null` follows the system. */
  choose(setting: string | null): void {
    this.#setting = setting;
    const known = locales.find((locale) => locale === setting);
    this.#current = known ?? systemLanguage();
    document.documentElement.lang = this.#current;
  }

  /** Asks the system again. */
  follow(): void {
    this.choose(this.#setting);
  }
}

function systemLanguage(): Locale {
  const system = navigator.language.toLowerCase();
  if (system.startsWith("zh")) return "zh-CN";
  return system.startsWith("de") ? "de" : "en";
}

export const language = new Language();

overwriteGetLocale(() => language.current);

// The system's language may change while the window is open.
globalThis.addEventListener?.("languagechange", () => language.follow());
