import { expect, type Locator, type Page } from "@playwright/test";

export type Side = "left" | "right";

export const DATASETS = "datasets-1250000000";
export const BACKUP = "backup-1250000000";

export async function tryTheDemo(page: Page): Promise<void> {
  await page.getByTestId("try-demo").click();
  await expect(page.getByTestId("pane-left")).toBeVisible();
}

export function pane(page: Page, side: Side): Locator {
  return page.getByTestId(`pane-${side}`);
}

/** A line of a pane by its exact name. */
export function row(page: Page, side: Side, name: string): Locator {
  return pane(page, side).locator(`[data-testid="row"][data-name=${JSON.stringify(name)}]`);
}

/** Walks down, one double click after the other. */
export async function open(page: Page, side: Side, ...names: string[]): Promise<void> {
  for (const name of names) {
    await row(page, side, name).dblclick();
    await expect(row(page, side, name)).toHaveCount(0);
  }
}

/** From the buckets a pane begins with, to those of another account. */
export async function openAccount(page: Page, side: Side, name: string): Promise<void> {
  await pane(page, side).getByRole("button", { name: "Up", exact: true }).click();
  await row(page, side, name).dblclick();
  await expect(row(page, side, name)).toHaveCount(0);
}

/** Copies what is selected on the left into the place on the right, asking first: shows the plan. */
export async function copyToTheRight(page: Page): Promise<Locator> {
  await page.keyboard.press("Control+c");
  await pane(page, "right").click();
  await page.keyboard.press("Control+Shift+v");
  const dialog = page.getByTestId("copy-dialog");
  await expect(dialog.getByTestId("plan-objects")).toBeVisible();
  return dialog;
}

export async function startCopy(page: Page): Promise<void> {
  await page.getByTestId("copy-start").click();
  await expect(page.getByTestId("copy-dialog")).toHaveCount(0);
  await page.getByTestId("nav-transfers").click();
}

/** The only job, once it is in one of these states. */
export async function jobIn(page: Page, ...states: string[]): Promise<Locator> {
  const job = page.getByTestId("job").first();
  await expect(job).toHaveAttribute("data-state", new RegExp(`^(${states.join("|")})$`));
  return job;
}
