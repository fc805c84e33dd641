import { expect, type Page } from "@playwright/test";
import { row, type Side } from "../tests/steps";

/** Ways to a screen, for the table. */
export type Way = (page: Page) => Promise<void>;

/** Clicks an entry of the rail. */
export const rail =
  (screen: string): Way =>
  async (page) => {
    await page.getByTestId(`nav-${screen}`).click();
  };

/** One way after the other. */
export const all =
  (...ways: Way[]): Way =>
  async (page) => {
    for (const way of ways) await way(page);
  };

/** Waits until a test id is there. */
export const sees =
  (testId: string): Way =>
  async (page) => {
    await expect(page.getByTestId(testId).first()).toBeVisible();
  };

export const press =
  (keys: string): Way =>
  async (page) => {
    await page.keyboard.press(keys);
  };

export const click =
  (testId: string): Way =>
  async (page) => {
    await page.getByTestId(testId).first().click();
  };

/** Leads a pane to an address, which names an account in front of the bucket. */
export const at =
  (side: Side, address: string): Way =>
  async (page) => {
    const pane = page.getByTestId(`pane-${side}`);
    await pane.getByRole("grid").focus();
    await page.keyboard.press("Control+l");
    await pane.getByTestId("address").fill(address);
    await page.keyboard.press("Enter");
    await expect(pane.getByTestId("address")).toHaveCount(0);
  };

export const shows =
  (side: Side, name: string): Way =>
  async (page) => {
    await expect(row(page, side, name)).toBeVisible();
  };

/** Selects lines by their names. */
export const selects =
  (side: Side, ...names: string[]): Way =>
  async (page) => {
    for (const [at, name] of names.entries()) {
      await row(page, side, name).click(at === 0 ? {} : { modifiers: ["Control"] });
    }
  };

/** Gives a pane the focus. */
export const focus =
  (side: Side): Way =>
  async (page) => {
    await page.getByTestId(`pane-${side}`).getByRole("grid").focus();
  };

/** An entry of the menu that is open. */
export const choose =
  (action: string): Way =>
  async (page) => {
    await page.locator(`[role="menu"] [data-action="${action}"]`).click();
  };

/** The first job in a state, or the first of those that show a text. */
export const clickJob =
  (state: string, text = ""): Way =>
  async (page) => {
    const jobs = page.locator(`[data-testid="job"][data-state="${state}"]`);
    await jobs.filter({ hasText: text }).first().click();
  };
