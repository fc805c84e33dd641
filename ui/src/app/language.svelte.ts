import { type Locale, locales, overwriteGetLocale } from "../paraglide/runtime.js";

/**
 * The language of the window. Messages read it through Paraglide's locale, and because it is a
 * rune every text that is on the screen follows at once.
 */
class Language {
  #current = $state<Locale>(systemLanguage());

  get current(): Locale {
    return this.#current;
  }

  /** `null` follows the system. */
  choose(setting: string | null): void {
    const known = locales.find((locale) => locale === setting);
    this.#current = known ?? systemLanguage();
    document.documentElement.lang = this.#current;
  }
}

function systemLanguage(): Locale {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export const language = new Language();

overwriteGetLocale(() => language.current);
