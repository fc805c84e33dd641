import { System } from "../screens/look";
import { Backend, expect, type Page, test } from "./backend";
import { tryTheDemo } from "./steps";

/** Fills in the wizard for the demo cloud's S3 endpoint and presses Test. */
async function testAccount(page: Page, keys: { endpoint: string; access: string; secret: string }): Promise<void> {
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("add-account-accounts").click();
  const dialog = page.getByTestId("account-dialog");
  await dialog.getByTestId("provider-s3").check();
  await dialog.getByTestId("account-next").click();
  await dialog.getByTestId("account-name").fill("By hand");
  await dialog.getByTestId("account-access-key").fill(keys.access);
  await dialog.getByTestId("account-secret-key").fill(keys.secret);
  await dialog.getByTestId("account-region").fill("us-east-1");
  await dialog.getByTestId("account-endpoint").fill(keys.endpoint);
  await dialog.getByTestId("account-test").click();
}

async function demoKeys(page: Page, backend: Backend) {
  await tryTheDemo(page);
  const endpoint = await backend.endpoint("s3");
  return { endpoint: endpoint.url, access: endpoint.access_key, secret: endpoint.secret_key };
}

test("right keys pass the test and are saved", async ({ page, backend }) => {
  await testAccount(page, await demoKeys(page, backend));
  await expect(page.getByTestId("account-checks")).toHaveAttribute("data-ok", "true");
  await page.getByTestId("account-save").click();
  await expect(page.getByTestId("account").filter({ hasText: "By hand" })).toBeVisible();
});

test("checks tick off while the test still runs", async ({ page }) => {
  const slow = await Backend.start({ latencyMs: 400 });
  try {
    await page.goto(slow.page);
    await testAccount(page, await demoKeys(page, slow));
    const checks = page.getByTestId("account-checks");
    await expect(checks.locator('[data-check="reach"][data-outcome="passed"]')).toBeVisible();
    expect(await checks.getAttribute("data-ok"), "it has not ended").toBeNull();
    await expect(checks).toHaveAttribute("data-ok", "true");
  } finally {
    await slow.stop();
  }
});

test("a wrong secret is called a wrong secret, with code and request id", async ({ page, backend }) => {
  const keys = await demoKeys(page, backend);
  await testAccount(page, { ...keys, secret: "not-the-secret-of-this-key" });
  const checks = page.getByTestId("account-checks");
  await expect(checks).toHaveAttribute("data-ok", "false");
  await expect(checks).toContainText("SignatureDoesNotMatch");
  await expect(checks, "what to do, here and now").toContainText("paste both halves of the key again");
  await expect(page.locator("body")).not.toContainText("not-the-secret-of-this-key");
});

test("an endpoint that nobody listens at is called unreachable", async ({ page, backend }) => {
  const keys = await demoKeys(page, backend);
  // Port 9 of this computer: refused at once.
  await testAccount(page, { ...keys, endpoint: "http://127.0.0.1:9" });
  const checks = page.getByTestId("account-checks");
  await expect(checks).toHaveAttribute("data-ok", "false");
  await expect(checks).toContainText("127.0.0.1:9");
});

test("input that cannot be right is told at its field", async ({ page, backend }) => {
  const keys = await demoKeys(page, backend);
  await testAccount(page, { ...keys, endpoint: "ftp://somewhere" });
  const endpoint = page.getByTestId("account-dialog").getByTestId("account-endpoint");
  await expect(endpoint).toHaveAttribute("aria-invalid", "true");
});

test("another language leaves what was typed", async ({ page }) => {
  const system = await System.of(page);
  await system.become("light", "en");
  await tryTheDemo(page);
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("add-account-accounts").click();
  const dialog = page.getByTestId("account-dialog");
  await dialog.getByTestId("account-next").click();
  await dialog.getByTestId("account-access-key").fill("AKIDexample");
  await system.become("light", "de");
  await expect(dialog.getByTestId("account-access-key")).toHaveValue("AKIDexample");
});

test("a region is picked by its place, and the endpoint follows region and network", async ({ page }) => {
  await tryTheDemo(page);
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("add-account-accounts").click();
  const dialog = page.getByTestId("account-dialog");
  await dialog.getByTestId("provider-tencent").check();
  await dialog.getByTestId("account-next").click();
  const region = dialog.getByTestId("account-region");
  const endpoint = dialog.getByTestId("account-endpoint");
  await region.fill("frankfurt");
  await region.press("ArrowDown");
  await region.press("Enter");
  await expect(region).toHaveValue("eu-frankfurt");
  await expect(endpoint).toHaveValue("https://cos.eu-frankfurt.myqcloud.com");
  await dialog.getByTestId("account-network").selectOption("internal");
  await expect(endpoint).toHaveValue("https://cos-internal.eu-frankfurt.tencentcos.cn");

  // A region nobody lists is taken as it is; Escape closes the list and not the dialog.
  await region.fill("ap-atlantis");
  await region.press("Escape");
  await expect(dialog).toBeVisible();
  await expect(endpoint).toHaveValue("https://cos-internal.ap-atlantis.tencentcos.cn");

  // An endpoint that is typed stays, whatever the region.
  await endpoint.fill("https://storage.example.com");
  await region.fill("ap-beijing");
  await expect(endpoint).toHaveValue("https://storage.example.com");
  await expect(dialog.getByTestId("account-network")).toHaveValue("own");
});
