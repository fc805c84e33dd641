import { expect, test } from "./backend";
import { BACKUP, copyToTheRight, DATASETS, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

/** What the details of an object say it has. */
interface Has {
  headers: [string, string][];
  metadata: [string, string][];
}

test("headers, metadata and tags are replaced in the dialog, and the copy has them", async ({
  page,
  backend,
}) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "checkpoints/");
  await open(page, "right", BACKUP);
  await row(page, "left", "model.safetensors").click();
  const dialog = await copyToTheRight(page);
  await dialog.getByTestId("section-metadata").click();
  await dialog.getByTestId("properties-replace").check();
  const headers = dialog.getByTestId("copy-headers");
  await headers.getByRole("button", { name: "Add" }).click();
  await headers
    .getByRole("textbox", { name: "Headers: Name" })
    .or(headers.getByRole("combobox"))
    .last()
    .fill("cache-control");
  await headers.getByRole("textbox", { name: "Headers: Value" }).last().fill("no-store");
  await dialog.getByTestId("tags-replace").check();
  const tags = dialog.getByTestId("copy-tags");
  await tags.getByRole("button", { name: "Add" }).click();
  await tags.getByRole("textbox", { name: "Tags: Name" }).last().fill("team");
  await tags.getByRole("textbox", { name: "Tags: Value" }).last().fill("a b");
  await page.keyboard.press("Tab");
  await expect(dialog.getByTestId("section-metadata")).toContainText("tags replaced (1)");
  await startCopy(page);
  await jobIn(page, "done");

  const place = { account: "demo-cos", bucket: BACKUP, region: null, prefix: "" };
  const object = { place, key: "model.safetensors", version: null, key_md5: null };
  const has = await backend.call<Has>("object_details", object);
  expect(has.headers).toContainEqual(["cache-control", "no-store"]);
  const tagged = await backend.call<{ tags: [string, string][] }>("object_tags", object);
  expect(tagged.tags).toEqual([["team", "a b"]]);
});

test("what exists is dealt with one by one", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "images/");
  await open(page, "right", BACKUP);
  await row(page, "left", "tiles-000.zip").click();
  await page.keyboard.press("Control+a");
  await copyToTheRight(page);
  await startCopy(page);
  await jobIn(page, "done");

  await page.getByTestId("nav-browse").click();
  await row(page, "left", "tiles-000.zip").click();
  await page.keyboard.press("Control+a");
  const dialog = await copyToTheRight(page);
  await dialog.getByTestId("conflicts-show").click();
  const ways = dialog.getByTestId("conflict-way");
  await expect(ways).toHaveCount(3);
  await ways.nth(0).selectOption("overwrite");
  await ways.nth(1).selectOption("keep_both");
  await ways.nth(2).selectOption("skip");
  await expect(dialog.getByTestId("conflict-jobs")).toContainText("2 jobs");
  await startCopy(page);
  await expect(page.getByTestId("job")).toHaveCount(3);
  for (const job of await page.getByTestId("job").all()) {
    await expect(job).toHaveAttribute("data-state", "done");
  }
  await page.getByTestId("nav-browse").click();
  await expect(row(page, "right", "tiles-001 (2).zip")).toBeVisible();
  await expect(row(page, "right", "tiles-000 (2).zip")).toHaveCount(0);
  await expect(row(page, "right", "tiles-002 (2).zip")).toHaveCount(0);
});
