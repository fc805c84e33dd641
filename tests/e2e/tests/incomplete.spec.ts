import { expect, test } from "./backend";
import { tryTheDemo } from "./steps";

test("what was left behind is found, summed up and aborted; what was gone already is told", async ({ page }) => {
  await tryTheDemo(page);
  await page.keyboard.press("Control+Shift+u");
  await expect(page.getByTestId("uploads-status")).toContainText("without permission");
  await page.getByTestId("uploads-account").selectOption({ label: "Demo COS" });
  await page.getByTestId("uploads-age").selectOption("30");
  await expect(page.getByRole("heading", { name: /file fragments/ })).toBeVisible();
  const uploads = page.getByTestId("upload");
  await expect(uploads).toHaveCount(2);

  // The oldest stands first.
  await uploads.first().click();
  await page.keyboard.press(" ");
  await expect(uploads.first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Delete");
  const dialog = page.getByTestId("abort-dialog");
  await expect(dialog.getByTestId("abort-sum")).toContainText("1 upload with 256 MiB");
  await dialog.getByTestId("abort-confirm").click();
  await expect(uploads).toHaveCount(1);

  // The server has it no more, however often one looks.
  await page.keyboard.press("F5");
  await expect(page.getByTestId("uploads-status")).toContainText("Looked through");
  await expect(uploads).toHaveCount(1);
});
