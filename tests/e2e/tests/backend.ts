import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";

const ROOT = resolve(import.meta.dirname, "../../..");
const CLI = process.env.PARTWAY_CLI ?? join(ROOT, "target/debug/partway-cli");
const STARTING_MS = 30_000;

/** The real core behind the loopback bridge, on a data folder of its own. */
export class Backend {
  readonly #process: ChildProcess;
  readonly folder: string;
  readonly page: string;

  private constructor(process: ChildProcess, folder: string, page: string) {
    this.#process = process;
    this.folder = folder;
    this.page = page;
  }

  /** `quirks`: what the demo cloud's servers lack or do in their own way, `;` between them. */
  static async start(quirks: string): Promise<Backend> {
    if (!existsSync(CLI)) throw new Error(`${CLI} is missing: cargo build --package partway-cli`);
    const folder = await mkdtemp(join(tmpdir(), "partway-e2e-"));
    const token = randomBytes(16).toString("hex");
    const child = spawn(
      CLI,
      ["bridge", "--port", "0", "--token", token, "--ui", join(ROOT, "ui/dist")],
      {
        env: {
          ...process.env,
          PARTWAY_DATA_DIR: folder,
          PARTWAY_DEMO_LATENCY_MS: "40",
          PARTWAY_DEMO_JITTER_MS: "10",
          PARTWAY_DEMO_QUIRKS: quirks,
          // No keyring of a desktop is touched.
          DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const url = await listeningAt(child);
    return new Backend(child, folder, `${url}/?token=${token}`);
  }

  /** What the demo cloud tells about its endpoints; there once it runs. */
  async endpoint(provider: "cos" | "obs" | "s3"): Promise<{ url: string; access_key: string; secret_key: string }> {
    const text = await readFile(join(this.folder, "demo/endpoints.json"), "utf8");
    return JSON.parse(text)[provider];
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#process.once("exit", done));
    if (this.#process.exitCode === null && this.#process.kill("SIGKILL")) await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

function listeningAt(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let printed = "";
    const late = setTimeout(() => failed(new Error(`no address within ${STARTING_MS} ms: ${printed}`)), STARTING_MS);
    child.once("exit", (code) => failed(new Error(`the bridge ended (${code}): ${printed}`)));
    child.stdout?.on("data", (bytes) => {
      printed += bytes;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (url === undefined) return;
      clearTimeout(late);
      found(url);
    });
  });
}

/** A page on a backend that has never run before. */
export const test = base.extend<{ backend: Backend; quirks: string }>({
  quirks: ["", { option: true }],
  backend: async ({ quirks }, use) => {
    const backend = await Backend.start(quirks);
    await use(backend);
    await backend.stop();
  },
  page: async ({ page, backend }, use) => {
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    await page.goto(backend.page);
    await use(page);
    // A page that threw has failed, whatever it shows.
    expect(broken).toEqual([]);
  },
});

export { expect, type Page };
