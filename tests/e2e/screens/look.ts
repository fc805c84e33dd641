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

/** When every run begins, as far as a picture shows it. */
const BEGUN_MS = Date.UTC(2026, 10, 20, 9, 0);

/**
 * Lets a page show the times of a run as if it had begun at a fixed one, so that pictures do not
 * differ by their day. Times before it are the demo cloud's own, which never change.
 */
export async function fixClock(page: Page, begunMs: number): Promise<void> {
  await page.addInitScript(
    ({ begun, shown }) => {
      const shifted = (at: Date | number) => (Number(at) < begun ? at : Number(at) - begun + shown);
      const prototype = Intl.DateTimeFormat.prototype;
      const format = Object.getOwnPropertyDescriptor(prototype, "format")?.get;
      Object.defineProperty(prototype, "format", {
        get() {
          const real = format?.call(this);
          return (at?: Date | number) => real(shifted(at ?? Date.now()));
        },
      });
    },
    { begun: begunMs, shown: BEGUN_MS },
  );
}

/** Two frames on, with every font there. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}
