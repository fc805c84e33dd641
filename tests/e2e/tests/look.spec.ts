import { expect, test } from "./backend";
import { tryTheDemo } from "./steps";

test("language and theme change at once and are kept", async ({ page }) => {
  await tryTheDemo(page);
  await page.getByTestId("nav-settings").click();
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  await page.getByTestId("theme").selectOption("light");
  const light = await background();
  await page.getByTestId("theme").selectOption("dark");
  await expect.poll(background).not.toBe(light);

  await page.getByTestId("language").selectOption("zh-CN");
  await expect(page.getByTestId("nav-transfers")).toContainText("传输");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");

  await page.reload();
  await expect(page.getByTestId("nav-transfers")).toContainText("传输");
  expect(await background()).not.toBe(light);
});
