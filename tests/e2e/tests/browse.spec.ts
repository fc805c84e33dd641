import { expect, test } from "./backend";
import { DATASETS, open, pane, row, tryTheDemo } from "./steps";

const MILLION = "million-1250000000";

test("tabs, and where they stand, are there again at the next start", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS);
  await page.keyboard.press("Control+t");
  await expect(pane(page, "left").getByTestId("pane-tab")).toHaveCount(2);
  // The focus went with the new tab: the keyboard goes on in its list.
  await expect(row(page, "left", "climate/")).toBeVisible();
  await page.keyboard.type("cli");
  await page.keyboard.press("Enter");
  const location = pane(page, "left").getByRole("navigation");
  await expect(location).toContainText("climate");
  await page.keyboard.press("Control+1");
  await expect(location).not.toContainText("climate");
  await page.keyboard.press("Control+2");
  await expect(location).toContainText("climate");

  // Kept once it has settled.
  await page.waitForResponse((answer) => answer.url().includes("put_session"));
  await page.reload();
  await expect(pane(page, "left").getByTestId("pane-tab")).toHaveCount(2);
  await expect(location).toContainText("climate");
  await page.keyboard.press("Control+w");
  await expect(pane(page, "left").getByTestId("pane-tab")).toHaveCount(1);
});

test("a filter shows what matches, and says over how many it looked", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS);
  await pane(page, "left").getByRole("grid").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("MAT");
  await expect(row(page, "left", "climate/")).toBeVisible();
  await expect(row(page, "left", "genome/")).toHaveCount(0);
  await expect(pane(page, "left").getByTestId("count-status")).toContainText("1 of 5");
  await page.keyboard.type("x");
  await expect(pane(page, "left")).toContainText("Looked through 5 items");
  await page.keyboard.press("Escape");
  await expect(row(page, "left", "genome/")).toBeVisible();
});

test("what is not loaded is found on the server, and can be selected", async ({ page }) => {
  await tryTheDemo(page);
  await row(page, "left", MILLION).dblclick();
  await expect(row(page, "left", "part-0000000.parquet")).toBeVisible();
  await pane(page, "left").getByRole("grid").focus();
  await page.keyboard.type("part-09");
  await page.getByTestId("notice-left").getByRole("button", { name: "Show" }).click();
  await expect(row(page, "left", "part-0900000.parquet")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row(page, "left", "part-0000000.parquet")).toBeVisible();

  await page.keyboard.press("Control+a");
  await page.getByTestId("select-everything").click();
  await expect(page.getByTestId("notice-left")).toContainText("also what is not loaded");
  await expect(pane(page, "left").getByTestId("selection-status")).toContainText("Everything under");
});
