import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { LANGUAGES, System } from "../screens/look";
import { screens } from "../screens/table";
import { open } from "../screens/worlds";

const FOLDER = resolve(import.meta.dirname, "../../../ui/manual/pictures");

/** Each picture of the manual is a screen of the table, some of them with something to be seen first. */
const PICTURES: { picture: string; name: string; state: string; says?: [testId: string, text: string] }[] = [
  { picture: "browse", name: "browse", state: "full" },
  { picture: "copy", name: "copy", state: "full" },
  { picture: "transfers", name: "transfers-parts", state: "full", says: ["part-line", "done"] },
  { picture: "incomplete", name: "incomplete", state: "full" },
];

test.use({ viewport: { width: 1120, height: 700 } });

for (const { picture, name, state, says } of PICTURES) {
  test(picture, async ({ page }) => {
    const screen = screens.find((one) => one.name === name && one.state === state);
    if (screen === undefined) throw new Error(`the table has no ${name}, ${state}`);
    const backend = await open(screen.world);
    try {
      await page.goto(backend.page);
      const system = await System.of(page);
      await system.become("light", "en");
      await screen.reach(page);
      if (says !== undefined) await expect(page.getByTestId(says[0])).toContainText(says[1]);
      for (const language of LANGUAGES) {
        await system.become("light", language);
        await mkdir(join(FOLDER, language), { recursive: true });
        const taken = await page.screenshot({ path: join(FOLDER, language, `${picture}.png`), animations: "disabled" });
        expect(taken.length).toBeGreaterThan(0);
      }
    } finally {
      await backend.stop();
    }
  });
}
