import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { copy } from "../screens/worlds";
import { type Backend, expect, type Page, test } from "./backend";
import { BACKUP, copyToTheRight, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

const PHOTOS = "photos-1250000000";

test("an ended copy is found by a part of its key, and run again", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", PHOTOS);
  await open(page, "right", BACKUP);
  await row(page, "left", "readme.txt").click();
  await copyToTheRight(page);
  await startCopy(page);
  await jobIn(page, "done");

  await page.keyboard.press("Control+h");
  const jobs = page.getByTestId("history-row");
  await expect(jobs).toHaveCount(1);
  await page.keyboard.press("Control+f");
  await page.keyboard.type("ADME.t");
  await expect(jobs.getByTestId("history-match")).toContainText("readme.txt");
  await page.keyboard.type("nothing like it");
  await expect(jobs).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(jobs).toHaveCount(1);

  await page.getByTestId("run-again").click();
  const dialog = page.getByTestId("copy-dialog");
  await expect(dialog.getByTestId("plan-objects")).toHaveText("1");
  // It is there by now.
  await expect(dialog.getByTestId("copy-existing")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByTestId("history-forget").click();
  await expect(jobs).toHaveCount(0);
});

test("the history is written to a file, with keys nobody can read where that is asked", async ({ page, backend }) => {
  await copied(page, backend);
  await page.getByTestId("history-export").click();
  await page.getByTestId("export-hash").check();
  await page.getByTestId("export-now").click();
  await expect(page.getByTestId("export-dialog")).toHaveCount(0);
  const folder = join(backend.folder, "exports");
  const file = (await readdir(folder)).find((name) => name.endsWith(".csv"));
  await expect(page.getByTestId("toast")).toContainText(file ?? "a file");
  const text = await readFile(join(folder, file ?? ""), "utf8");
  expect(text.trim().split("\n")).toHaveLength(2);
  expect(text).not.toContain("readme.txt");
});

test("how long ended jobs are kept is chosen, and stays chosen", async ({ page, backend }) => {
  await copied(page, backend);
  await page.getByTestId("history-keep").click();
  await page.getByTestId("retention-days").selectOption("30");
  await page.getByTestId("retention-save").click();
  await expect(page.getByTestId("retention-dialog")).toHaveCount(0);
  expect(await backend.call("history_retention")).toMatchObject({ days: 30 });
  await page.getByTestId("history-keep").click();
  await expect(page.getByTestId("retention-days")).toHaveValue("30");
});

/** A copy that has ended, and the history that tells of it. */
async function copied(page: Page, backend: Backend): Promise<void> {
  await backend.call("start_demo");
  await copy(backend, ["readme.txt"], "", { from: "photos" });
  await page.reload();
  await page.getByTestId("nav-history").click();
  await expect(page.getByTestId("history-row")).toHaveCount(1);
}
