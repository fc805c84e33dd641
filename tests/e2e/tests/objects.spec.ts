import { expect, type Page, test } from "./backend";
import { BACKUP, jobIn, open, pane, row, tryTheDemo } from "./steps";

const PHOTOS = "photos-1250000000";
const VERSIONS = "versions-1250000000";

/** Opens the details of an object that is selected on the left. */
async function details(page: Page, name: string, tab: string) {
  await row(page, "left", name).click();
  await page.keyboard.press("Control+i");
  const panel = page.getByTestId("details");
  await panel.getByTestId(`tab-${tab}`).click();
  return panel;
}

test("metadata is changed by a copy onto itself that brings everything else along", async ({
  page,
}) => {
  await tryTheDemo(page);
  await open(page, "left", PHOTOS);
  const panel = await details(page, "readme.txt", "metadata");
  const own = panel.getByTestId("metadata");
  await own.getByRole("button", { name: "Add" }).click();
  await own.getByPlaceholder("Name").fill("colour");
  await own.getByPlaceholder("Value").fill("blue");
  await panel.getByTestId("metadata-save").click();
  await page.getByRole("button", { name: "Show in Transfers" }).click();
  await jobIn(page, "done");

  await page.getByTestId("nav-browse").click();
  await panel.getByTestId("tab-info").click();
  await panel.getByTestId("tab-metadata").click();
  await expect(own.getByPlaceholder("Value")).toHaveValue("blue");
  const type = panel.getByTestId("headers").getByPlaceholder("Value").first();
  await expect(type).toHaveValue("text/plain; charset=utf-8");
});

test("what is deleted in a bucket with versions comes back", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", VERSIONS);
  await row(page, "left", "report.txt").click();
  await page.keyboard.press("Delete");
  const dialog = page.getByTestId("delete-dialog");
  await expect(dialog).toContainText("can be undone");
  await expect(dialog.getByTestId("delete-confirm")).toHaveCount(0);
  await dialog.getByTestId("delete-now").click();
  await expect(dialog).toHaveCount(0);
  await expect(row(page, "left", "report.txt")).toHaveCount(0);

  // Without versions it is final, and a folder is counted before.
  await pane(page, "left").getByRole("button", { name: "Up", exact: true }).click();
  await open(page, "left", PHOTOS);
  await row(page, "left", "2024/").click();
  await page.keyboard.press("Delete");
  await expect(dialog.getByTestId("delete-sum")).toContainText("14 objects");
  await expect(dialog).toContainText("cannot be undone");
  await dialog.getByTestId("delete-now").click();
  await expect(row(page, "left", "2024/")).toHaveCount(0);
});

test("a link is made only when asked for, and an object is renamed by a job", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", PHOTOS);
  const panel = await details(page, "readme.txt", "info");
  await panel.getByRole("button", { name: "Presigned link…" }).click();
  const link = page.getByTestId("link-dialog");
  await expect(link.getByTestId("link-url")).toHaveCount(0);
  await link.getByTestId("link-make").click();
  const url = await link.getByTestId("link-url").inputValue();
  const answer = await fetch(url);
  expect(await answer.text()).toContain("Example pictures");
  await page.keyboard.press("Escape");

  await row(page, "left", "readme.txt").click();
  await page.keyboard.press("F2");
  await page.getByTestId("new-name").fill("liesmich.txt");
  await page.keyboard.press("Enter");
  await expect(row(page, "left", "liesmich.txt")).toBeVisible();
  await expect(row(page, "left", "readme.txt")).toHaveCount(0);
});

test("a dry run says what would be replaced, and a key of one's own encrypts the copy", async ({
  page,
  backend,
}) => {
  await tryTheDemo(page);
  await open(page, "left", PHOTOS);
  await open(page, "right", BACKUP);
  const place = (bucket: string) => ({ account: "demo-cos", bucket, region: null, prefix: "" });
  for (const name of ["first", "again"]) {
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Control+Shift+Enter");
    const dialog = page.getByTestId("copy-dialog");
    await dialog.getByTestId("on-conflict-overwrite").check();
    await dialog.getByTestId("section-encryption").click();
    await dialog.getByTestId("encryption-customer").check();
    await expect(dialog).toContainText("Enter the encryption key first");
    await dialog.getByTestId("own-key").fill(`${"00".repeat(31)}ff`);
    await dialog.getByTestId("own-key-use").click();
    await expect(dialog.getByTestId("own-key-md5")).toBeVisible();
    await dialog.getByTestId("dry-run").click();
    await expect(dialog.getByTestId("dry-run-status")).toContainText("1 object looked at");
    await expect(dialog.getByTestId("dry-run-line")).toHaveCount(name === "first" ? 0 : 1);
    await dialog.getByTestId("copy-start").click();
    await page.getByRole("button", { name: "Show in Transfers" }).first().click();
    await jobIn(page, "done");
    await page.getByTestId("nav-browse").click();
  }
  const bare = backend.call("object_details", { place: place(BACKUP), key: "readme.txt" });
  await expect(bare).rejects.toThrow(/object_details/);
});
