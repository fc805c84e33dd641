import { expect, test } from "./backend";
import { BACKUP, copyToTheRight, DATASETS, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

test("from the first start to verified copies, small and in parts", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "photos-1250000000");
  await open(page, "right", BACKUP);
  await row(page, "left", "readme.txt").click();
  await row(page, "left", "说明.md").click({ modifiers: ["Control"] });

  const small = await copyToTheRight(page);
  await expect(small.getByTestId("plan-objects")).toHaveText("2");
  await startCopy(page);
  const first = await jobIn(page, "done");
  await expect(first.getByTestId("job-verified")).toBeVisible();

  await page.getByTestId("nav-browse").click();
  await expect(row(page, "right", "说明.md")).toBeVisible();
});

test("an object of 5 GiB and one byte is copied in parts and its verdict names the evidence", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "climate/");
  await open(page, "right", BACKUP);
  await row(page, "left", "era5-2026.nc").click();

  const plan = await copyToTheRight(page);
  await expect(plan.getByTestId("plan-parts")).toHaveText("81");
  // The plan says why it chose what it chose.
  await plan.getByTestId("section-part-size").click();
  await expect(plan.getByTestId("part-size-why")).toContainText("smallest");
  await plan.getByTestId("section-pace").click();
  await expect(plan.getByTestId("copy-parts-why")).toContainText("Begins with 16");
  await startCopy(page);
  const job = await jobIn(page, "done");
  await expect(job.getByTestId("job-verified")).toBeVisible();
  await page.getByTestId("tab-objects").click();
  const compared = page.getByTestId("comparisons").getByRole("listitem");
  await expect(compared).toContainText(["Size: the same", "CRC-64/XZ: the same", "Parts: the same"]);

  await page.getByTestId("nav-history").click();
  const past = page.getByTestId("history-row").first();
  await expect(past.getByTestId("job-verified")).toBeVisible();
});

test("a copy onto an object that exists replaces it only where that was chosen", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "photos-1250000000");
  await open(page, "right", BACKUP);
  for (const policy of ["ask", "skip", "overwrite"]) {
    await page.getByTestId("nav-browse").click();
    await row(page, "left", "readme.txt").click();
    const dialog = await copyToTheRight(page);
    await dialog.getByTestId(`on-conflict-${policy}`).check();
    await startCopy(page);
    const job = await jobIn(page, "done");
    await expect(job.getByTestId("job-verified")).toHaveCount(policy === "skip" ? 0 : 1);
    await expect(job.getByTestId("job-note")).toHaveCount(policy === "skip" ? 1 : 0);
  }
  await expect(page.getByTestId("job")).toHaveCount(3);
});

test("a folder is moved with everything in it", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "photos-1250000000");
  await open(page, "right", BACKUP);
  const folder = page.getByTestId("pane-left").locator('[data-testid="row"][data-name$="/"]').first();
  const name = (await folder.getAttribute("data-name")) ?? "";
  await folder.click();
  const dialog = await copyToTheRight(page);
  await dialog.getByTestId("section-after").click();
  await dialog.getByTestId("copy-kind-move").check();
  await startCopy(page);
  const job = await jobIn(page, "done");
  await expect(job.getByTestId("job-moves")).toBeVisible();
  await page.getByTestId("nav-browse").click();
  await expect(row(page, "right", name)).toBeVisible();
  await page.getByTestId("pane-left").getByRole("button", { name: "Reload" }).click();
  await expect(row(page, "left", name)).toHaveCount(0);
});
