import { expect, type Page, test } from "./backend";
import { jobIn, pane, row, type Side } from "./steps";

/** Longer than the browser waits for the next letter of a name. */
const TYPE_AHEAD_PAUSE_MS = 1_200;

/** Moves the focus on until it is on, or inside, what a selector names. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const there = await page.evaluate((css) => document.activeElement?.closest(css) !== null, wanted);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${wanted}`);
}

/** Selects a line of the focused pane by typing its name. */
async function selectByName(page: Page, side: Side, name: string): Promise<void> {
  await expect(row(page, side, name)).toBeVisible();
  // A person pauses between two names; what is typed in one go is one name.
  await page.waitForTimeout(TYPE_AHEAD_PAUSE_MS);
  await page.keyboard.type(name);
  await expect(row(page, side, name)).toHaveAttribute("aria-selected", "true");
}

async function openByName(page: Page, side: Side, name: string): Promise<void> {
  await selectByName(page, side, name);
  await page.keyboard.press("Enter");
  await expect(row(page, side, name)).toHaveCount(0);
}

test("a copy without a mouse", async ({ page }) => {
  await tabTo(page, '[data-testid="try-demo"]');
  await page.keyboard.press("Enter");
  await expect(pane(page, "left")).toBeVisible();

  await tabTo(page, '[data-testid="pane-left"] [role="grid"]');
  await openByName(page, "left", "photos-1250000000");
  await selectByName(page, "left", "readme.txt");
  await page.keyboard.press("Control+c");

  await tabTo(page, '[data-testid="pane-right"] [role="grid"]');
  await openByName(page, "right", "backup-1250000000");
  await page.keyboard.press("Control+Shift+v");
  await expect(page.getByTestId("plan-objects")).toHaveText("1");
  await page.keyboard.press("Enter");

  await expect(page.getByTestId("copy-dialog")).toHaveCount(0);
  await page.keyboard.press("Control+Shift+j");
  const job = await jobIn(page, "done");
  await expect(job.getByTestId("job-verified")).toBeVisible();
});
