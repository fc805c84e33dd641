import { expect, type Page, test } from "./backend";
import { BACKUP, open, pane, row, tryTheDemo } from "./steps";

/** Longer than anybody needs from one key to the next. */
const LATE_MS = 1_500;

/** Lets the answers to one command come late, as on a computer that is busy. */
async function delay(page: Page, command: string): Promise<void> {
  await page.route(`**/ipc/${command}`, async (route) => {
    await new Promise((late) => setTimeout(late, LATE_MS));
    await route.continue();
  });
}

test.describe("a key that is pressed before an answer came", () => {
  test("pastes what was just copied, and not what was copied before", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", "photos-1250000000");
    await open(page, "right", BACKUP);
    await row(page, "left", "Grüße.txt").click();
    await page.keyboard.press("Control+c");
    await expect(page.getByTestId("paste")).toContainText("1 object");

    await delay(page, "keys_of_rows");
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Control+c");
    await pane(page, "right").getByRole("grid").click();
    await page.keyboard.press("Control+Shift+v");

    await expect(page.getByTestId("copy-dialog").getByTestId("plan-objects")).toHaveText("1");
    await expect(page.getByTestId("copy-dialog")).toContainText("readme.txt");
    await expect(page.getByTestId("copy-dialog")).not.toContainText("Grüße.txt");
  });

  test("edits the address of a window whose tabs are not there yet", async ({ page }) => {
    await tryTheDemo(page);
    await delay(page, "session");
    await page.reload();
    await pane(page, "left").getByRole("grid").focus();
    await page.keyboard.press("Control+l");
    await page.waitForTimeout(2 * LATE_MS);
    await expect(pane(page, "left").getByTestId("address")).toBeFocused();
  });

  test("finds the keyboard in the pane that was in use", async ({ page }) => {
    await tryTheDemo(page);
    await pane(page, "right").getByRole("grid").click();
    // Kept once it has settled.
    await page.waitForTimeout(LATE_MS);
    await page.reload();
    await expect(pane(page, "right").getByRole("grid")).toBeFocused();
  });
});
