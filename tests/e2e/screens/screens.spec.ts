import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Backend, thrownBy } from "../tests/backend";
import { count } from "../summary/counts";
import { violations } from "./axe";
import { fixClock, LANGUAGES, System, THEMES } from "./look";
import { clippedTexts, smallTargets } from "./rules";
import { screens } from "./table";
import { open, type WorldName } from "./worlds";

/** Where the pictures go; without it only the rules are looked at. */
const PICTURES = process.env.PARTWAY_SCREENS;

for (const world of new Set(screens.map((screen) => screen.world))) {
  test.describe(world, () => screensOf(world));
}

/** One core for all screens of a world, so they come one after the other. */
function screensOf(world: WorldName): void {
  test.describe.configure({ mode: "default" });
  let backend: Backend;
  const begunMs = Date.now();
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    backend = await open(world);
    if (PICTURES !== undefined) await mkdir(PICTURES, { recursive: true });
  });
  test.afterAll(() => backend?.stop());

  for (const screen of screens.filter((one) => one.world === world)) {
    test(`${screen.name}, ${screen.state}`, async ({ page }) => {
      const thrown = thrownBy(page);
      await fixClock(page, begunMs);
      await page.goto(backend.page);
      const system = await System.of(page);
      await system.become("light", "en");
      await screen.reach(page);

      for (const theme of THEMES) {
        for (const language of LANGUAGES) {
          await test.step(`${theme}, ${language}`, async () => {
            await system.become(theme, language);
            if (PICTURES !== undefined) {
              const name = `${screen.name}-${screen.state}-${theme}-${language}.png`;
              await page.screenshot({ path: join(PICTURES, name), animations: "disabled" });
            }
            count("variants", 1);
            const broken = await violations(page);
            count("axe pages", 1);
            count("axe violations", broken.length);
            expect.soft(broken).toEqual([]);
            expect.soft(await clippedTexts(page)).toEqual([]);
          });
        }
      }
      count("screens", 1);
      expect.soft(await smallTargets(page)).toEqual([]);
      expect(await page.evaluate(() => document.getAnimations().length), "moves though it should not").toBe(0);
      expect(thrown).toEqual([]);
    });
  }
}
