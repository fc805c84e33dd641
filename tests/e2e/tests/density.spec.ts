import { expect, type Page, test } from "./backend";
import { BACKUP, copyToTheRight, DATASETS, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

const HEIGHTS = { compact: -4, normal: 0, roomy: 4 } as const;

async function setDensity(page: Page, density: string): Promise<void> {
  await page.keyboard.press("Control+,");
  await page.getByTestId("density").selectOption(density);
}

/** Height of the first thing that looks like this, and whether what follows begins at its end. */
async function heightOf(page: Page, selector: string): Promise<number> {
  await expect(page.locator(selector).nth(1)).toBeVisible();
  // At one moment: a table that is still being filled sorts its rows anew.
  const boxes: DOMRect[] = await page.evaluate(
    (wanted) => [...document.querySelectorAll(wanted)].slice(0, 4).map((one) => one.getBoundingClientRect().toJSON()),
    selector,
  );
  for (const [index, box] of boxes.entries()) {
    const before = boxes[index - 1];
    if (before) expect(box.top - before.bottom).toBeCloseTo(0, 1);
  }
  return boxes[0]?.height ?? 0;
}

test("the rows of every table follow the density, and stay side by side", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "images/");
  await open(page, "right", BACKUP);
  await row(page, "left", "tiles-000.zip").click();
  await page.keyboard.press("Control+a");
  await copyToTheRight(page);
  await startCopy(page);
  await jobIn(page, "done");
  for (const [density, more] of Object.entries(HEIGHTS)) {
    await setDensity(page, density);
    await page.getByTestId("nav-transfers").click();
    await page.getByTestId("tab-objects").click();
    expect(await heightOf(page, '[data-testid="transfer"]')).toBe(28 + more);
    await page.getByTestId("tab-events").click();
    expect(await heightOf(page, '[data-testid="event"]')).toBe(26 + more);
    await page.getByTestId("nav-incomplete").click();
    expect(await heightOf(page, '[data-testid="upload"]')).toBe(30 + more);
  }
});

test("a table of parts is as high as its rows, and ends with the last part", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "genome/");
  await open(page, "right", BACKUP);
  await row(page, "left", "sample-0001.bam").click();
  await copyToTheRight(page);
  await startCopy(page);
  await jobIn(page, "copying", "done");
  for (const [density, more] of Object.entries(HEIGHTS)) {
    await setDensity(page, density);
    await page.getByTestId("nav-transfers").click();
    await page.getByRole("button", { name: "Show as table" }).click();
    const list = page.getByRole("list", { name: "Parts", exact: true });
    await expect.poll(() => list.evaluate((box) => box.scrollHeight)).toBe(1_024 * (24 + more));
    await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    const last = list.locator('[aria-posinset="1024"]');
    await expect(last).toBeVisible();
    const [row, box] = [await last.boundingBox(), await list.boundingBox()];
    expect(row && box && Math.abs(row.y + row.height - box.y - box.height)).toBeLessThanOrEqual(1);
  }
});
