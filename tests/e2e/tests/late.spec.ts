import { type Backend, expect, type Page, test } from "./backend";
import { BACKUP, copyToTheRight, open, pane, row, tryTheDemo } from "./steps";

const PHOTOS = "photos-1250000000";
/** Longer than anybody needs from one key to the next. */
const LATE_MS = 1_500;

/** Lets the first answers to a command come late, as on a computer that is busy. */
async function delay(page: Page, command: string, times = Number.POSITIVE_INFINITY): Promise<void> {
  let left = times;
  await page.route(`**/ipc/${command}`, async (route) => {
    const isLate = left > 0;
    left -= 1;
    const answer = async () => {
      const response = await route.fetch();
      if (isLate) await new Promise((late) => setTimeout(late, LATE_MS));
      await route.fulfill({ response });
    };
    // Whoever asked, and whoever answers, may be gone by then.
    await answer().catch(() => {});
  });
}

/** Longer than any answer is late: what it does has happened. */
const answered = (page: Page) => page.waitForTimeout(2 * LATE_MS);

const place = (bucket: string, prefix = "") => ({ account: "demo-cos", bucket, region: null, prefix });

/** A copy that somebody else started, done before anything else happens. */
async function copied(backend: Backend, keys: string[], to: string, prefix = "", existing = "overwrite") {
  const { job } = await backend.call<{ job: number }>("start_copy", {
    source: place(PHOTOS),
    keys,
    prefixes: [],
    destination: place(to, prefix),
    rename: null,
    options: { part_size: null, transfers_at_once: 3, parts_at_once: 0, storage_class: null },
    overwrite: existing === "overwrite",
    on_conflict: existing,
    kind: "copy",
  });
  const state = async () => (await backend.call<{ state: string }>("job", { job })).state;
  await expect.poll(state).toBe(existing === "ask" ? "waiting" : "done");
  return job;
}

test.describe("a key that is pressed before an answer came", () => {
  test("pastes what was just copied, and not what was copied before", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await open(page, "right", BACKUP);
    await row(page, "left", "Grüße.txt").click();
    await page.keyboard.press("Control+c");
    await expect(page.getByTestId("paste")).toContainText("1 object");

    // Of so many rows only the core knows the keys.
    await pane(page, "left").getByRole("button", { name: "Up", exact: true }).click();
    await open(page, "left", "million-1250000000");
    await expect(row(page, "left", "part-0000000.parquet")).toBeVisible();
    await expect(pane(page, "left").getByTestId("load-all")).toBeVisible();
    await pane(page, "left").getByRole("grid").focus();
    await page.keyboard.press("Control+a");
    await delay(page, "keys_of_rows");
    await page.keyboard.press("Control+c");
    await pane(page, "right").getByRole("grid").click();
    await page.keyboard.press("Control+Shift+v");
    await expect(page.getByTestId("copy-dialog").getByRole("heading").first()).toContainText("10,000");
  });

  test("edits the address of a window whose tabs are not there yet", async ({ page }) => {
    await tryTheDemo(page);
    await delay(page, "session");
    await page.reload();
    await pane(page, "left").getByRole("grid").focus();
    await page.keyboard.press("Control+l");
    await answered(page);
    await expect(pane(page, "left").getByTestId("address")).toBeFocused();
  });

  test("finds the keyboard in the pane that was in use", async ({ page }) => {
    await tryTheDemo(page);
    await pane(page, "right").getByRole("grid").click();
    // Kept once it has settled.
    await answered(page);
    await page.reload();
    await expect(pane(page, "right").getByRole("grid")).toBeFocused();
  });

  test("names an object in the dialog that F2 opens", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await row(page, "left", "readme.txt").click();
    await delay(page, "keys_of_rows");
    await page.keyboard.press("F2");
    await page.keyboard.type("guide.txt", { delay: 90 });
    await expect(page.getByTestId("new-name")).toHaveValue(/^guide/);
  });
});

test.describe("what is deleted is what can be seen", () => {
  const asked = (page: Page) => page.getByTestId("delete-dialog");

  test("while the core puts the rows into another order", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await delay(page, "sort_listing");
    await pane(page, "left").locator('[data-sort="name"]').click();
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Delete");
    await expect(asked(page)).toContainText("readme.txt");
  });

  test("while the core looks for what passes a filter", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await row(page, "left", "2024/").click();
    await delay(page, "filter_listing");
    await page.keyboard.press("/");
    const sent = page.waitForRequest("**/ipc/filter_listing");
    await page.keyboard.type("e");
    await sent;
    await page.keyboard.press("Enter");
    await page.keyboard.press("Delete");
    await expect(asked(page)).toContainText("2024");
  });

  test("after the place was read again", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await row(page, "left", "readme.txt").click();
    await delay(page, "open_listing");
    await page.keyboard.press("F5");
    await row(page, "left", "Grüße.txt").click();
    await answered(page);
    await page.keyboard.press("Delete");
    await expect(asked(page)).toContainText("Grüße.txt");
  });

  test("after a search on the server was given up", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await delay(page, "search_place");
    await pane(page, "left").getByRole("grid").focus();
    await page.keyboard.press("/");
    await page.keyboard.type("read");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Escape");
    await answered(page);
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await expect(asked(page)).toBeVisible();
  });

  test("in the history, when another job comes on top", async ({ page, backend }) => {
    await tryTheDemo(page);
    const first = await copied(backend, ["readme.txt"], BACKUP, "a/");
    await page.getByTestId("nav-history").click();
    const jobs = page.getByTestId("history-row");
    await expect(jobs).toHaveCount(1);
    await jobs.first().focus();
    const second = await copied(backend, ["empty.txt"], BACKUP, "b/");
    await expect(jobs).toHaveCount(2);
    await expect(page.locator(`[data-job="${first}"]`)).toBeFocused();
    await page.keyboard.press("Delete");
    await expect(jobs).toHaveCount(1);
    await expect(jobs).toHaveAttribute("data-job", String(second));
  });

  test("among the uploads, when the oldest come to the top", async ({ page }) => {
    await tryTheDemo(page);
    let isOver = false;
    await page.route("**/ipc/uploads", async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      if (!isOver) answer.status.complete = false;
      await route.fulfill({ response, json: answer });
    });
    await page.getByTestId("nav-incomplete").click();
    const uploads = page.getByTestId("upload");
    await expect(uploads.nth(20)).toBeVisible();
    const name = (await uploads.first().getAttribute("aria-label")) ?? "";
    await uploads.first().click({ position: { x: 200, y: 10 } });
    isOver = true;
    await expect(page.getByTestId("uploads-status")).toContainText("Looked through");
    await expect(uploads.first()).not.toHaveAttribute("aria-label", name);
    await page.keyboard.press("Delete");
    await expect(page.getByTestId("abort-dialog")).toContainText(name.split(",")[0] as string);
  });
});

test.describe("what is answered is what was asked", () => {
  test("another destination has other conflicts", async ({ page, backend }) => {
    await tryTheDemo(page);
    for (const prefix of ["one/", "two/"]) await copied(backend, ["readme.txt", "empty.txt"], BACKUP, prefix);
    await open(page, "left", PHOTOS);
    await open(page, "right", BACKUP, "one/");
    await row(page, "left", "readme.txt").click();
    await row(page, "left", "empty.txt").click({ modifiers: ["Control"] });
    const dialog = await copyToTheRight(page);
    await dialog.getByTestId("conflicts-show").click();
    const ways = dialog.getByTestId("conflict-way");
    await expect(ways).toHaveCount(2);
    for (const at of [0, 1]) await ways.nth(at).selectOption("overwrite");
    await dialog.getByTestId("copy-prefix").fill("two/");
    await expect(ways).toHaveCount(0);
    await dialog.getByTestId("copy-start").click();
    await page.getByTestId("nav-transfers").click();
    await expect(page.locator('[data-testid="job"][data-state="waiting"]')).toHaveCount(1);
  });

  test("a double click answers for one object", async ({ page, backend }) => {
    await tryTheDemo(page);
    const keys = ["readme.txt", "empty.txt", "Grüße.txt"];
    await copied(backend, keys, BACKUP);
    await copied(backend, keys, BACKUP, "", "ask");
    await page.getByTestId("nav-transfers").click();
    const waiting = page.getByTestId("waiting");
    await expect(waiting).toContainText("and 2 more");
    await page.getByTestId("answer-replace").click();
    // As soon as the next one stands there, which is before anybody has read it.
    await page.evaluate(
      () =>
        new Promise<void>((done) => {
          const look = () => {
            const box = document.querySelector('[data-testid="waiting"]');
            if (!box?.textContent?.includes("and 1 more")) return void requestAnimationFrame(look);
            box.querySelector<HTMLElement>('[data-testid="answer-replace"]')?.click();
            done();
          };
          look();
        }),
    );
    await answered(page);
    await expect(waiting).toContainText("and 1 more");
  });

  test("a paste that needs a look does not come over another question", async ({ page, backend }) => {
    await tryTheDemo(page);
    await copied(backend, ["readme.txt"], BACKUP);
    await open(page, "left", PHOTOS);
    await open(page, "right", BACKUP);
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Control+c");
    await pane(page, "right").getByRole("grid").click();
    await delay(page, "plan_copy");
    await page.keyboard.press("Control+v");
    await row(page, "right", "readme.txt").click();
    await page.keyboard.press("Delete");
    await answered(page);
    await expect(page.getByTestId("delete-dialog")).toBeVisible();
    await expect(page.getByTestId("copy-dialog")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.getByTestId("toast").getByRole("button", { name: "Look" }).click();
    await expect(page.getByTestId("copy-dialog")).toBeVisible();
  });

  test("an older job that is run again does not take the place of a newer one", async ({ page, backend }) => {
    await tryTheDemo(page);
    for (const key of ["readme.txt", "empty.txt"]) await copied(backend, [key], BACKUP);
    await page.getByTestId("nav-history").click();
    const jobs = page.getByTestId("history-row");
    await expect(jobs).toHaveCount(2);
    await delay(page, "copy_again", 1);
    for (const at of [1, 0]) {
      await jobs.nth(at).click();
      await page.getByTestId("run-again").click();
    }
    const name = page.getByTestId("copy-dialog").getByTestId("copy-name");
    await expect(name).toHaveValue("empty.txt");
    await answered(page);
    await expect(name).toHaveValue("empty.txt");
  });

  test("a copy that is on its way closes its own dialog only", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await open(page, "right", BACKUP);
    await row(page, "left", "readme.txt").click();
    const dialog = await copyToTheRight(page);
    await delay(page, "start_copy", 1);
    await dialog.getByTestId("copy-start").click();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await row(page, "left", "empty.txt").click();
    await copyToTheRight(page);
    await answered(page);
    await expect(dialog).toContainText("empty.txt");
  });

  test("the details are those of what is selected", async ({ page }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await row(page, "left", "说明.md").click();
    await page.keyboard.press("Control+i");
    const title = page.getByTestId("details").getByRole("heading").first();
    await expect(title).toContainText("说明.md");
    await delay(page, "keys_of_rows", 1);
    for (const name of ["readme.txt", "empty.txt"]) await row(page, "left", name).click();
    await answered(page);
    await expect(title).toContainText("empty.txt");
  });
});

test.describe("what is being typed stays when a job ends", () => {
  test("an address", async ({ page, backend }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await pane(page, "left").getByRole("grid").focus();
    await page.keyboard.press("Control+l");
    const address = pane(page, "left").getByTestId("address");
    await address.fill(`cos://${BACKUP}/`);
    await copied(backend, ["readme.txt"], PHOTOS, "new/");
    await expect(row(page, "left", "new/")).toBeVisible();
    await expect(address).toHaveValue(`cos://${BACKUP}/`);
    await expect(address).toBeFocused();
  });

  test("metadata", async ({ page, backend }) => {
    await tryTheDemo(page);
    await open(page, "left", PHOTOS);
    await row(page, "left", "readme.txt").click();
    await page.keyboard.press("Control+i");
    await page.getByTestId("details").getByTestId("tab-metadata").click();
    const own = page.getByTestId("details").getByTestId("metadata");
    await own.getByRole("button", { name: "Add" }).click();
    await own.getByPlaceholder("Name").fill("colour");
    await own.getByPlaceholder("Value").fill("blue");
    await copied(backend, ["Grüße.txt"], PHOTOS, "new/");
    await expect(row(page, "left", "new/")).toBeVisible();
    await answered(page);
    await expect(own.getByPlaceholder("Value")).toHaveValue("blue");
  });
});

test("two numbers that are changed one right after the other are both kept", async ({ page, backend }) => {
  await tryTheDemo(page);
  await page.keyboard.press("Control+,");
  await delay(page, "put_history_retention");
  await page.getByTestId("retention-days").fill("11");
  await page.keyboard.press("Tab");
  await page.getByTestId("retention-objects").fill("2222");
  await page.keyboard.press("Tab");
  await expect.poll(() => backend.call("history_retention")).toMatchObject({ days: 11, objects: 2222 });
});
