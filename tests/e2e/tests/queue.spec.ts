import { copy } from "../screens/worlds";
import { type Backend, expect, type Page, test } from "./backend";

/** Takes so long that what comes after it waits. */
const LONG = ["genome/cohort-2026.tar"];

/** The jobs from top to bottom. */
async function order(page: Page): Promise<number[]> {
  const jobs = await page.getByTestId("job").all();
  return Promise.all(jobs.map(async (job) => Number(await job.getAttribute("data-job"))));
}

/** One job that runs, and two that wait for their turn behind it. */
async function queue(backend: Backend): Promise<number[]> {
  await backend.call("start_demo");
  const { settings } = await backend.call<{ settings: object }>("app_state");
  await backend.call("put_settings", { ...settings, jobs_at_once: 1 });
  const keys = [LONG, ["genome/sample-0001.bam"], ["genome/sample-0002.bam"]];
  const jobs: number[] = [];
  for (const [at, some] of keys.entries()) jobs.push(await copy(backend, some, `${at}/`));
  return jobs;
}

test("a job that waits is dragged before another, and Escape lets it where it was", async ({ page, backend }) => {
  const [runs, second, third] = await queue(backend);
  await page.reload();
  await page.getByTestId("nav-transfers").click();
  const waiting = page.locator('[data-testid="job"][data-state="queued"]');
  await expect(waiting).toHaveCount(2);
  expect(await order(page)).toEqual([runs, second, third]);

  const last = waiting.nth(1);
  const first = await waiting.nth(0).boundingBox();
  if (first === null) throw new Error("the first job is not drawn");
  const above = async () => {
    await last.hover();
    await last.getByTestId("job-grip").hover();
    await page.mouse.down();
    await page.mouse.move(first.x + 60, first.y + first.height / 2, { steps: 4 });
    await page.mouse.move(first.x + 60, first.y + 4, { steps: 4 });
  };
  await above();
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(await order(page)).toEqual([runs, second, third]);

  await above();
  await page.mouse.up();
  await expect.poll(() => order(page)).toEqual([runs, third, second]);
});

test("what was interrupted is told at the start, and goes on from there with one press", async ({ page, backend }) => {
  await backend.call("start_demo");
  const job = await copy(backend, LONG, "a/");
  const parts = async () => (await backend.call<{ parts_done: number }>("job", { job })).parts_done;
  await expect.poll(parts).toBeGreaterThan(8);
  await backend.restart();
  const done = await parts();
  await page.goto(backend.page);

  const banner = page.getByTestId("interrupted-banner");
  await expect(banner).toBeVisible();
  await page.getByTestId("nav-transfers").click();
  const row = page.getByTestId("job").first();
  await expect(row).toHaveAttribute("data-state", "interrupted");
  await banner.getByTestId("resume-all").click();
  await expect(banner).toHaveCount(0);
  await expect(row).toHaveAttribute("data-state", "copying");
  await expect.poll(parts).toBeGreaterThan(done);
});
