import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import type { Backend } from "../tests/backend";
import { settled } from "./look";
import { clippedTexts, outsideOfMessages } from "./rules";
import { screens } from "./table";
import { open, type WorldName } from "./worlds";

const UI = resolve(import.meta.dirname, "../../../ui");

/** A built page in the pseudo-locale, where one lies already. */
const BUILT = process.env.PARTWAY_UI_PSEUDO;
const PICTURES = process.env.PARTWAY_SCREENS;

/** What is called the same in every language. */
const NAMES = /Partway|Demo (COS|OBS|S3)/;

/** Every message a third longer: nothing is cut off, and nothing is in no catalogue. */
test.describe("in longer words", () => {
  test.describe.configure({ mode: "default" });
  let dist = "";
  let world: WorldName | null = null;
  let backend: Backend | null = null;

  test.beforeAll(() => {
    test.setTimeout(180_000);
    dist = BUILT ?? mkdtempSync(join(tmpdir(), "partway-pseudo-"));
    if (BUILT !== undefined) return;
    execFileSync("npx", ["vite", "build", "--mode", "pseudo", "--outDir", dist, "--emptyOutDir"], { cwd: UI });
  });
  test.afterAll(async () => {
    await backend?.stop();
    if (BUILT === undefined) rmSync(dist, { recursive: true, force: true });
  });

  for (const screen of screens) {
    test(`${screen.name}, ${screen.state}`, async ({ page }) => {
      test.setTimeout(180_000);
      if (world !== screen.world) {
        await backend?.stop();
        backend = await open(screen.world, dist);
        world = screen.world;
      }
      await page.goto(backend?.page ?? "");
      await screen.reach(page);
      await settled(page);
      if (PICTURES !== undefined) {
        await page.screenshot({ path: join(PICTURES, `${screen.name}-${screen.state}-pseudo.png`) });
      }
      expect.soft(await clippedTexts(page)).toEqual([]);
      expect(await outsideOfMessages(page, NAMES)).toEqual([]);
    });
  }
});
