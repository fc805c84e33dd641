import { expect, type Page, test } from "./backend";
import { BACKUP, copyToTheRight, DATASETS, jobIn, open, row, startCopy, tryTheDemo } from "./steps";

/** 20 GiB take long enough to be pressed on. */
async function startLongCopy(page: Page): Promise<void> {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "genome/");
  await open(page, "right", BACKUP);
  await row(page, "left", "sample-0002.bam").click();
  await copyToTheRight(page);
  await startCopy(page);
}

test("pause holds a copy, resume finishes it", async ({ page }) => {
  await startLongCopy(page);
  const job = await jobIn(page, "copying");
  await job.getByTestId("job-pause").click();
  await jobIn(page, "paused");
  await page.reload();
  await page.getByTestId("nav-transfers").click();
  await jobIn(page, "paused");
  await page.getByTestId("job").getByTestId("job-resume").click();
  await jobIn(page, "done");
  await expect(page.getByTestId("job").getByTestId("job-verified")).toBeVisible();
});

test("cancel asks what becomes of the parts, and leaves no object behind", async ({ page }) => {
  await startLongCopy(page);
  const job = await jobIn(page, "copying");
  await job.getByTestId("job-cancel").click();
  await page.getByTestId("cancel-dialog").getByTestId("cancel-confirm").click();
  await jobIn(page, "cancelled");
  await page.getByTestId("nav-browse").click();
  await expect(row(page, "right", "sample-0002.bam")).toHaveCount(0);
});

/** How often a row and the map below it were looked at, and what they said where they differed. */
interface Watched {
  looks: number;
  apart: string[];
}

test("a row and the part map below it tell the same moment", async ({ page }) => {
  await tryTheDemo(page);
  await open(page, "left", DATASETS, "genome/");
  await open(page, "right", BACKUP);
  await row(page, "left", "sample-0001.bam").click();
  await copyToTheRight(page);
  await startCopy(page);
  await jobIn(page, "copying");
  await expect(page.getByTestId("part-map")).toBeVisible();
  const watched = await page.evaluate(
    () =>
      new Promise<Watched>((done) => {
        const seen: Watched = { looks: 0, apart: [] };
        const until = performance.now() + 3_000;
        const count = (text?: string | null) => /([\d,]+) of 1,024 parts/.exec(text ?? "")?.[1];
        const look = () => {
          const rowSays = count(document.querySelector('[data-testid="job"]')?.textContent);
          const mapSays = count(document.querySelector('[data-region="details"] h2')?.textContent);
          seen.looks += 1;
          if (rowSays !== undefined && rowSays !== mapSays) seen.apart.push(`${rowSays} and ${mapSays}`);
          if (performance.now() < until) requestAnimationFrame(look);
          else done(seen);
        };
        look();
      }),
  );
  expect(watched.looks).toBeGreaterThan(10);
  expect(watched.apart).toEqual([]);
});
