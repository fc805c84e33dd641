import type { CDPSession, Page } from "@playwright/test";

export const THEMES = ["light", "dark"] as const;
export const LANGUAGES = ["en", "zh-CN", "de"] as const;

export type Theme = (typeof THEMES)[number];
export type Language = (typeof LANGUAGES)[number];

/** A system whose theme and language change under a window that is open and follows both. */
export class System {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #agent: string;

  private constructor(page: Page, session: CDPSession, agent: string) {
    this.#page = page;
    this.#session = session;
    this.#agent = agent;
  }

  static async of(page: Page): Promise<System> {
    const session = await page.context().newCDPSession(page);
    return new System(page, session, await page.evaluate(() => navigator.userAgent));
  }

  async become(theme: Theme, language: Language): Promise<void> {
    await this.#page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await this.#session.send("Emulation.setUserAgentOverride", {
      userAgent: this.#agent,
      acceptLanguage: language,
    });
    // The browser tells pages only when its own settings change.
    await this.#page.evaluate(() => window.dispatchEvent(new Event("languagechange")));
    await this.#page.waitForFunction((lang) => document.documentElement.lang === lang, language);
    await settled(this.#page);
  }
}

/** Two frames on, with every font there. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}
