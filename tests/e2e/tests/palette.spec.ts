import { figure } from "../summary/counts";
import { expect, test } from "./backend";
import { tryTheDemo } from "./steps";

const TIMES = 9;
/** From the key to a list that can be read, in milliseconds. Told and not judged: machines differ. */
const AT_MOST = 50;

test("the palette is there before anybody waits for it", async ({ page }) => {
  await tryTheDemo(page);
  const took: number[] = [];
  for (let time = 0; time <= TIMES; time += 1) {
    took.push(
      await page.evaluate(async () => {
        const begun = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
        while (document.querySelector('[data-testid="palette"] [role="option"]') === null) {
          await new Promise((drawn) => requestAnimationFrame(drawn));
        }
        return performance.now() - begun;
      }),
    );
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("palette")).toHaveCount(0);
  }
  // The first one compiles what the others only run.
  const [first = 0, ...others] = took;
  const sorted = others.sort((a, b) => a - b);
  const [quickest = Number.POSITIVE_INFINITY] = sorted;
  const middle = sorted[Math.floor(TIMES / 2)] ?? Number.POSITIVE_INFINITY;
  const figures = [quickest, middle, sorted.at(-1) ?? 0, first].map((ms) => ms.toFixed(0));
  figure(
    `palette: ${figures[0]} to ${figures[2]} ms from key to list, ${figures[1]} in the middle, ${figures[3]} the first time; ` +
      `at most ${AT_MOST} ms wanted: ${quickest <= AT_MOST ? "met" : "NOT MET"}`,
  );
});
