import { expect, test } from "./backend";
import {
  BACKUP,
  copyToTheRight,
  jobIn,
  open,
  openAccount,
  pane,
  row,
  startCopy,
  tryTheDemo,
} from "./steps";

test("keys that are no file names are shown as they are", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "odd-keys-1250000000");
  const names = () =>
    pane(page, "left")
      .getByTestId("row")
      .evaluateAll((rows) => rows.map((line) => line.getAttribute("data-name")));
  await expect
    .poll(names)
    .toEqual(expect.arrayContaining(["*|glob?.[a-z]", "..", "100%25"]));
  // Nothing of a name may act as markup or change the direction of its line.
  const spoof = pane(page, "left").getByTestId("row").filter({ hasText: "right-to-left" });
  await pane(page, "left").getByRole("grid").press("End");
  await expect(spoof.locator("bdi").first()).toBeVisible();
  expect(await spoof.innerText()).not.toContain("\u202e");
});

test("a key of dots and a key of percents are copied byte for byte", async ({ page }) => {
  await tryTheDemo(page);
  await openAccount(page, "left", "Demo S3");
  await open(page, "left", "odd-keys-demo");
  await openAccount(page, "right", "Demo S3");
  await open(page, "right", "backup-demo");
  await row(page, "left", "100%25").click();
  await row(page, "left", "..").click({ modifiers: ["Control"] });
  await copyToTheRight(page);
  await startCopy(page);
  const job = await jobIn(page, "done");
  await expect(job.getByTestId("job-verified")).toBeVisible();
  await page.getByTestId("nav-browse").click();
  await expect(row(page, "right", "..")).toBeVisible();
  await expect(row(page, "right", "100%25")).toBeVisible();
});

test("a key the provider would misread is refused before anything is sent", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "odd-keys-1250000000");
  await open(page, "right", BACKUP);
  await row(page, "left", "..").click();
  const dialog = await copyToTheRight(page);
  await expect(dialog.getByTestId("plan-problem")).toContainText('".."');
  await expect(dialog.getByTestId("copy-start")).toBeDisabled();
});
