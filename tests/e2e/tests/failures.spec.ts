import { expect, test } from "./backend";
import { pane, row, tryTheDemo } from "./steps";

/** What a refusal says, from the top to the bottom. */
const SAID = {
  de: { headline: "Der Schlüssel darf das nicht.", advice: /in der Konsole des Anbieters erlauben/, more: "Technische Einzelheiten", fact: "Vorgang" },
  "zh-CN": { headline: "该密钥没有此操作的权限。", advice: /请在服务商控制台为该密钥授权此操作/, more: "技术细节", fact: "操作" },
} as const;

for (const [language, said] of Object.entries(SAID)) {
  test(`a refusal is told in ${language}, with the core's own sentence below`, async ({ page }) => {
    await tryTheDemo(page);
    await page.keyboard.press("Control+,");
    await page.getByTestId("language").selectOption(language);
    await page.getByTestId("nav-browse").click();
    await row(page, "left", "no-access-1250000000").dblclick();
    const box = pane(page, "left").getByTestId("error-box");
    await expect(box).toBeVisible();
    const headline = box.getByText(said.headline);
    const advice = box.getByText(said.advice);
    const original = box.locator('[lang="en"]');
    await expect(original).toContainText("ListObjects");
    const [top, middle, bottom] = [await headline.boundingBox(), await advice.boundingBox(), await original.boundingBox()];
    expect(top && middle && top.y < middle.y).toBe(true);
    expect(middle && bottom && middle.y < bottom.y).toBe(true);
    await box.getByText(said.more).click();
    await expect(box.getByRole("term").filter({ hasText: said.fact })).toBeVisible();
  });
}
