import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "./backend";
import { tryTheDemo } from "./steps";

test("a language is chosen, shows at once, and is taken back", async ({ page }) => {
  await tryTheDemo(page);
  await page.keyboard.press("Control+,");
  await page.getByTestId("language").selectOption("de");
  await expect(page.getByRole("heading", { name: "Einstellungen" })).toBeVisible();
  await page.getByRole("button", { name: "Rückgängig" }).click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});

test("the palette finds a setting, and Esc gives the focus back", async ({ page }) => {
  await tryTheDemo(page);
  await page.getByTestId("nav-accounts").click();
  const where = page.getByTestId("import-accounts");
  await where.focus();
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette-field")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(where).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-field").fill("height of rows");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("density")).toBeFocused();
  await page.getByTestId("density").selectOption("compact");
  await page.getByTestId("nav-browse").click();
  const row = page.getByRole("row").nth(1);
  await expect.poll(async () => (await row.boundingBox())?.height).toBeLessThanOrEqual(26);
});

test("a shortcut can be chosen, but not one that is taken", async ({ page }) => {
  await tryTheDemo(page);
  await page.keyboard.press("?");
  await page
    .getByTestId("shortcut-sheet")
    .getByRole("button", { name: "Change shortcuts" })
    .click();
  const history = page.getByTestId("shortcut-go.history");
  await history.click();
  await page.keyboard.press("Control+b");
  await expect(page.getByRole("alert").filter({ hasText: "Browse" })).toBeVisible();
  await history.click();
  await page.keyboard.press("Control+Shift+y");
  await expect(history).toContainText("Ctrl+Shift+Y");
  await page.keyboard.press("Control+Shift+y");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
});

test("accounts of another program are taken over after a tick, their secrets never shown", async ({
  page,
  backend,
}) => {
  const secret = "CANARYcanaryCANARYcanaryCANARYcanary1234";
  const file = `endpoint=obs.eu-de.otc.t-systems.com\nak=ABCDEFGHIJKLMNOPQRST\nsk=${secret}\n`;
  await writeFile(join(backend.folder, ".obsutilconfig"), file);
  const answers: string[] = [];
  page.on("response", async (answer) => answers.push(await answer.text().catch(() => "")));
  await page.reload();
  await page.getByTestId("found-obsutil").click();
  const dialog = page.getByTestId("import-dialog");
  await expect(dialog.getByTestId("import-take")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("import-account").check();
  await dialog.getByTestId("import-take").click();
  await expect(dialog).toBeHidden();
  await page.getByTestId("nav-accounts").click();
  await expect(page.getByTestId("account")).toContainText("obs.eu-de.otc.t-systems.com");
  expect(answers.join("\n")).not.toContain(secret);
});

test("settings go into a file and come back from it", async ({ page, backend }) => {
  await tryTheDemo(page);
  await page.keyboard.press("Control+,");
  await page.getByTestId("retries").fill("3");
  await page.getByTestId("retries").blur();
  await page.getByTestId("default-part-size").selectOption({ label: "64 MiB" });
  const kept = async () =>
    (await backend.call<{ settings: { part_size: number } }>("app_state")).settings;
  await expect.poll(async () => (await kept()).part_size).toBe(64 * 1024 ** 2);
  const written = await backend.call<{ path: string }>("export_settings");
  await page.getByTestId("retries").fill("9");
  await page.getByTestId("retries").blur();
  await page.getByTestId("settings-file").setInputFiles(written.path);
  await expect(page.getByTestId("retries")).toHaveValue("3");
  // The changes before it can be taken back as well.
  const taken = page.getByTestId("toast").filter({ hasText: basename(written.path) });
  await taken.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("retries")).toHaveValue("9");
});

test("a proxy with a password is refused, and the licences are there", async ({ page }) => {
  await tryTheDemo(page);
  await page.keyboard.press("Control+,");
  await page.getByTestId("proxy").selectOption("own");
  await page.getByTestId("proxy-address").fill("http://me:secret@proxy.example");
  await page.getByTestId("proxy-address").press("Enter");
  await expect(page.getByText("its password would be readable")).toBeVisible();
  await page.getByTestId("licences").locator("summary").click();
  await expect(page.getByTestId("licences")).toContainText("MIT");
});
