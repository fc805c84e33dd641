import { expect, test } from "./backend";
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
