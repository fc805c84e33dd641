import { expect, type Page, test } from "./backend";
import { BACKUP, copyToTheRight, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

const PHOTOS = "photos-1250000000";
const ARCHIVE = "archive-1250000000";

/** Moves on with Tab until a test id has the focus. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let presses = 0; presses < 12; presses++) {
    if (await page.getByTestId(testId).evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${testId}`);
}

test("a conflict waits in its job and is answered from the keyboard", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", PHOTOS);
  await open(page, "right", BACKUP);
  for (const again of [false, true]) {
    await page.getByTestId("nav-browse").click();
    await row(page, "left", "readme.txt").click();
    const dialog = await copyToTheRight(page);
    await expect(dialog.getByTestId("copy-existing")).toHaveCount(again ? 1 : 0);
    await startCopy(page);
    await jobIn(page, again ? "waiting" : "done");
  }

  const job = page.getByTestId("job").first();
  await job.focus();
  await page.keyboard.press("Enter");
  const waiting = page.getByTestId("waiting");
  await expect(waiting).toHaveAttribute("data-waits-for", "decision");
  await expect(waiting).toContainText("readme.txt");
  await tabTo(page, "answer-keep_both");
  await page.keyboard.press("Enter");

  await jobIn(page, "done");
  await expect(job.getByTestId("job-verified")).toBeVisible();
  await expect(waiting).toHaveCount(0);
  // The button is gone; whoever used it stands on its job and not nowhere.
  await expect(job).toBeFocused();

  await page.getByTestId("nav-browse").click();
  await expect(row(page, "right", "readme (2).txt")).toBeVisible();
  await expect(row(page, "right", "readme.txt")).toBeVisible();
});

test("an archived source is asked back, and its job says that it goes on by itself", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", ARCHIVE);
  await open(page, "right", BACKUP);
  await row(page, "left", "2019/").click();
  await copyToTheRight(page);
  await startCopy(page);
  await jobIn(page, "waiting");

  const waiting = page.getByTestId("waiting");
  await expect(waiting).toHaveAttribute("data-restoring", "false");
  const restore = page.getByTestId("answer-restore");
  await restore.click();
  const dialog = page.getByTestId("restore-dialog");
  await expect(dialog.getByTestId("restore-tier")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(restore).toBeFocused();

  await page.keyboard.press("Enter");
  await dialog.getByTestId("restore-tier").selectOption("expedited");
  await dialog.getByTestId("restore-days").fill("2");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(waiting).toHaveAttribute("data-restoring", "true");
  await expect(waiting).toContainText("expedited, readable for 2 days");

  // The first look comes after a quarter of a minute.
  const job = page.getByTestId("job").first();
  await expect(job).toHaveAttribute("data-state", "done", { timeout: 60_000 });
  await expect(waiting).toHaveCount(0);
});
