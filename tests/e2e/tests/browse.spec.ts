import { expect, test } from "./backend";
import { BACKUP, DATASETS, jobIn, open, pane, row, tryTheDemo } from "./steps";

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
  await expect(row(page, "left", "genome/")).toBeVisible();
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

test("a slash in a name that is being typed belongs to the name", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS);
  await expect(row(page, "left", "genome/")).toBeVisible();
  await pane(page, "left").getByRole("grid").focus();
  await page.keyboard.type("genome/");
  await expect(page.getByTestId("filter-left")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(pane(page, "left").getByRole("navigation")).toContainText("genome");
});

test("from a step of the breadcrumb to the places beside it, with the keyboard alone", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "climate/");
  const location = pane(page, "left").getByRole("navigation");
  await location.getByRole("button", { name: "climate", exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "genome", exact: true })).toBeVisible();
  await page.keyboard.type("genome");
  await page.keyboard.press("Enter");
  await expect(location.locator('[aria-current="location"]')).toHaveText("genome");

  await location.getByRole("button", { name: DATASETS, exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("menuitem", { name: BACKUP }).click();
  await expect(location.locator('[aria-current="location"]')).toHaveText(BACKUP);
});

test("a breadcrumb leaves out steps only without room, and then names them in a menu", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS);
  const left = pane(page, "left");
  const hidden = left.getByTestId("crumbs-hidden-left");
  await expect(hidden).toHaveCount(0);
  await left.getByRole("grid").focus();
  await page.keyboard.press("Control+l");
  await left.getByTestId("address").fill("climate/of/many/far/away/and/quite/different/places/");
  await page.keyboard.press("Enter");
  await expect(left.getByRole("navigation").locator('[aria-current="location"]')).toHaveText("places");
  await hidden.click();
  await page.getByRole("menuitem", { name: DATASETS }).click();
  await expect(row(page, "left", "climate/")).toBeVisible();
  await expect(hidden).toHaveCount(0);
});

test("objects are dropped on a bookmark that is nowhere on the screen", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", BACKUP);
  await page.keyboard.press("Control+d");
  await pane(page, "left").getByRole("button", { name: "Up", exact: true }).click();
  await open(page, "left", "photos-1250000000");

  const from = await row(page, "left", "readme.txt").locator("[data-handle]").boundingBox();
  if (from === null) throw new Error("the row is not on the screen");
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
  await page.getByTestId("drop-shelf").getByText(BACKUP).hover();
  await expect(page.getByTestId("drag-badge")).toContainText("1 object");
  await page.mouse.up();
  await expect(page.getByTestId("copy-dialog")).toContainText(BACKUP);
  await expect(page.getByTestId("drop-shelf")).toHaveCount(0);
});

test("pasting starts at once, can be taken back, and asks where something exists", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "photos-1250000000");
  await open(page, "right", BACKUP);
  const paste = async () => {
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Control+c");
    await pane(page, "right").getByRole("grid").click();
    await page.keyboard.press("Control+v");
  };
  await paste();
  const toast = page.getByTestId("toast").filter({ hasText: "Undo" });
  await expect(toast).toBeVisible();
  await expect(page.getByTestId("copy-dialog")).toHaveCount(0);
  await expect(row(page, "right", "readme.txt")).toBeVisible();

  await toast.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Delete/ }).click();
  await expect(row(page, "right", "readme.txt")).toHaveCount(0);

  await paste();
  await expect(row(page, "right", "readme.txt")).toBeVisible();
  await paste();
  await expect(page.getByTestId("copy-dialog")).toContainText("exist");
  await page.keyboard.press("Escape");
  await page.getByTestId("nav-transfers").click();
  await jobIn(page, "done");
  await expect(page.getByTestId("job")).toHaveCount(2);
});

test("pasting asks first above what the settings allow", async ({ page, backend }) => {
  await tryTheDemo(page);
  const { settings } = await backend.call<{ settings: object }>("app_state");
  await backend.call("put_settings", { ...settings, ask_above: { objects: 1, gib: 100 } });
  await page.reload();
  await open(page, "left", "photos-1250000000");
  await open(page, "right", BACKUP);
  await row(page, "left", "readme.txt").click();
  await row(page, "left", "empty.txt").click({ modifiers: ["Control"] });
  await page.keyboard.press("Control+c");
  await pane(page, "right").getByRole("grid").click();
  await page.keyboard.press("Control+v");
  await expect(page.getByTestId("copy-dialog").getByTestId("plan-objects")).toHaveText("2");
});

test("rows become lower while the list is open, and the list stays where it was", async ({ page }) => {
  await tryTheDemo(page);
  await row(page, "left", MILLION).dblclick();
  await expect(row(page, "left", "part-0000000.parquet")).toBeVisible();
  const grid = pane(page, "left").getByRole("grid");
  await grid.evaluate((box) => {
    box.scrollTop = 300 * 28;
  });
  await expect(row(page, "left", "part-0000300.parquet")).toBeVisible();
  await page.getByTestId("nav-settings").click();
  await page.getByTestId("density").selectOption("compact");
  await page.getByTestId("nav-browse").click();
  const line = row(page, "left", "part-0000300.parquet");
  await expect(line).toBeInViewport();
  expect((await line.boundingBox())?.height).toBe(24);
});

test("a filter takes a day of the user's own", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", "photos-1250000000");
  await expect(row(page, "left", "readme.txt")).toBeVisible();
  await pane(page, "left").getByRole("grid").focus();
  await page.keyboard.press("/");
  const bar = pane(page, "left").getByRole("search");
  await bar.getByRole("button", { name: "Modified" }).click();
  await page.getByRole("menuitem", { name: "Modified since" }).click();
  await page.getByTestId("filter-since").fill("2020-01-01");
  await expect(row(page, "left", "readme.txt")).toBeVisible();
  await page.getByTestId("filter-since").fill("2026-02-01");
  await expect(row(page, "left", "readme.txt")).toHaveCount(0);
});
