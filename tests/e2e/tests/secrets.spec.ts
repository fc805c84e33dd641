import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./backend";
import { tryTheDemo } from "./steps";

const TYPED = "CANARY-typed-into-the-page/and+kept=by-nobody";

/** The secret as it is and as it is usually disguised. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Within a longer text Base64 may begin at any of three places.
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((before * 8) / 6), last);
  });
  return [secret, encodeURIComponent(secret), bytes.toString("hex"), ...base64];
}

function hits(text: string, secrets: string[]): string[] {
  return secrets.flatMap(disguises).filter((disguise) => text.includes(disguise));
}

test("a secret that was typed is nowhere in the page, its storage, its traffic or the files", async ({
  page,
  backend,
}) => {
  const answers: Promise<string>[] = [];
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  page.on("response", (response) => {
    // The stream has no end, and a body may be gone with its page.
    if (response.url().includes("/ipc/") && !response.url().includes("/stream")) {
      answers.push(response.text().catch(() => ""));
    }
  });
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));

  await tryTheDemo(page);
  const endpoint = await backend.endpoint("s3");
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("add-account-accounts").click();
  const dialog = page.getByTestId("account-dialog");
  await dialog.getByTestId("provider-s3").check();
  await dialog.getByTestId("account-next").click();
  await dialog.getByTestId("account-name").fill("By hand");
  await dialog.getByTestId("account-access-key").fill(endpoint.access_key);
  await dialog.getByTestId("account-region").fill("us-east-1");
  await dialog.getByTestId("account-endpoint").fill(endpoint.url);
  for (const secret of [TYPED, endpoint.secret_key]) {
    if (secret !== TYPED) await dialog.getByTestId("account-back").click();
    await dialog.getByTestId("account-secret-key").fill(secret);
    await dialog.getByTestId("account-test").click();
    const ok = secret === TYPED ? "false" : "true";
    await expect(page.getByTestId("account-checks")).toHaveAttribute("data-ok", ok);
    // Not even as the attribute of its own field.
    expect(hits(await page.content(), [TYPED, endpoint.secret_key])).toEqual([]);
  }
  await page.getByTestId("account-save").click();
  await expect(page.getByTestId("account").filter({ hasText: "By hand" })).toBeVisible();

  const secrets = [TYPED, endpoint.secret_key];
  const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  const places: [string, string][] = [
    ["the page", await page.content()],
    ["its storage", storage],
    ["its console", said.join("\n")],
    ["addresses it asked for", urls.join("\n")],
    ["answers it got", (await Promise.all(answers)).join("\n")],
  ];
  for (const entry of await readdir(backend.folder, { withFileTypes: true })) {
    if (entry.isFile()) {
      places.push([entry.name, await readFile(join(backend.folder, entry.name), "latin1")]);
    }
  }
  for (const [place, text] of places) {
    console.log(`${text.length} characters, ${hits(text, secrets).length} hits: ${place}`);
    expect(hits(text, secrets), place).toEqual([]);
  }
  // The search finds what it looks for.
  for (const disguise of disguises(TYPED)) expect(hits(`x${disguise}x`, secrets)).not.toEqual([]);
});
