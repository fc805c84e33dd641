import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Backend, thrownBy } from "../tests/backend";
import { pane } from "../tests/steps";
import { settled } from "./look";
import { clippedTexts } from "./rules";
import { screens } from "./table";
import { all, at, click, press, rail, sees, selects, shows, type Way } from "./ways";
import { open } from "./worlds";

const PICTURES = process.env.PARTWAY_SCREENS;

/** Layers that open over the window, by the key or the click that opens them. */
const LAYERS: { name: string; way: Way; role: string }[] = [
  { name: "the palette", way: press("Control+k"), role: "dialog" },
  { name: "the shortcuts", way: press("?"), role: "dialog" },
  { name: "the menu of a row", way: press("Shift+F10"), role: "menu" },
  { name: "delete", way: press("Delete"), role: "dialog" },
  { name: "rename", way: press("F2"), role: "dialog" },
  { name: "quick info", way: press("Space"), role: "dialog" },
  { name: "a new folder", way: press("Control+Shift+N"), role: "dialog" },
];

test.describe("what the system asks for", () => {
  test.describe.configure({ mode: "default" });
  let backend: Backend;
  test.beforeAll(async () => {
    backend = await open("demo");
  });
  test.afterAll(() => backend?.stop());

  const photos = all(at("left", "cos://Demo COS@photos-1250000000/"), shows("left", "readme.txt"), selects("left", "readme.txt"));

  test("the focus comes back from every layer", async ({ page }) => {
    const thrown = thrownBy(page);
    await page.goto(backend.page);
    await photos(page);
    for (const { name, way, role } of LAYERS) {
      await pane(page, "left").getByRole("grid").focus();
      await way(page);
      const layer = page.locator(`[role="${role}"], [role="alert${role}"]`).first();
      await expect(layer, name).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(layer, name).toHaveCount(0);
      await expect(pane(page, "left").getByRole("grid"), `after ${name}`).toBeFocused();
    }
    await all(rail("accounts"), click("add-account-accounts"), sees("account-dialog"))(page);
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("add-account-accounts")).toBeFocused();
    expect(thrown).toEqual([]);
  });

  test("nothing moves where nothing shall move", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(backend.page);
    await photos(page);
    for (const layer of LAYERS.slice(0, 4)) {
      await layer.way(page);
      expect(await page.evaluate(() => document.getAnimations().length), layer.name).toBe(0);
      await page.keyboard.press("Escape");
    }
  });

  test("forced colours leave a focus, a selection and edges to be seen", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto(backend.page);
    await photos(page);
    await pane(page, "left").getByRole("grid").press("End");
    await settled(page);
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, "browse-full-forced-colors.png") });
    const selected = pane(page, "left").locator('[data-testid="row"][aria-selected="true"]');
    const other = pane(page, "left").locator('[data-testid="row"][aria-selected="false"]').first();
    const ground = (row: typeof other) => row.evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await ground(selected)).not.toBe(await ground(other));
  });

  for (const screen of screens.filter((one) => one.world === "demo" && /^(browse|copy|accounts|palette)$/.test(one.name))) {
    test(`twice as large, nothing is lost: ${screen.name}, ${screen.state}`, async ({ page }) => {
      // A window of 1280 × 800 at 200 % has half as many CSS pixels.
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(backend.page);
      await screen.reach(page);
      await page.setViewportSize({ width: 640, height: 400 });
      await settled(page);
      if (PICTURES !== undefined) {
        await page.screenshot({ path: join(PICTURES, `${screen.name}-${screen.state}-200-percent.png`) });
      }
      expect(await clippedTexts(page)).toEqual([]);
    });
  }
});
