import { expect, test } from "./backend";
import { BACKUP, copyToTheRight, DATASETS, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

test.use({ quirks: "cos:no_part_copy;cos:no_tagging;cos:ignore_copy_conditions" });

test("a probe finds what the server lacks, and the copy says what it does instead", async ({ page }) => {
  await tryTheDemo(page);
  await page.getByTestId("nav-accounts").click();
  const account = page.locator('[data-account="demo-cos"]');
  await account.getByTestId("account-menu").click();
  await page.locator('[data-action="account.test"]').click();

  const dialog = page.getByTestId("test-dialog");
  await expect(dialog.getByTestId("account-checks")).toHaveAttribute("data-ok", "true");
  const support = (name: string) => dialog.locator(`[data-capability="${name}"]`);
  await expect(support("part_copy")).toHaveAttribute("data-support", "unknown");

  await dialog.getByTestId("probe-allow").check();
  await dialog.getByTestId("probe-bucket").selectOption(BACKUP);
  await dialog.getByTestId("probe-prefix").fill("tmp/");
  await dialog.getByTestId("test-again").click();
  for (const name of ["part_copy", "tagging", "copy_conditions"]) {
    await expect(support(name)).toHaveAttribute("data-support", "absent");
  }
  await expect(dialog.locator('[data-check="delete_object"]')).toHaveAttribute("data-outcome", "passed");
  await page.keyboard.press("Escape");

  await page.getByTestId("nav-browse").click();
  await open(page, "left", DATASETS, "images/");
  await open(page, "right", BACKUP);
  // The prefix of the probe is gone with its object.
  await expect(row(page, "right", "tmp/")).toHaveCount(0);
  await row(page, "left", "tiles-002.zip").click();
  const copy = await copyToTheRight(page);
  const fallbacks = copy.getByTestId("copy-fallbacks");
  await expect(fallbacks.locator('[data-capability="part_copy"]')).toContainText("one request");
  await expect(copy.getByTestId("plan-writes")).toHaveText("1");
  await startCopy(page);
  await jobIn(page, "done");
});
