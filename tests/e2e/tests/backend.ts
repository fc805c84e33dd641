import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";

const ROOT = resolve(import.meta.dirname, "../../..");
const CLI = process.env.PARTWAY_CLI ?? join(ROOT, "target/debug/partway-cli");
const UI = process.env.PARTWAY_UI ?? join(ROOT, "ui/dist");
const STARTING_MS = 30_000;

/** How the demo cloud behind a backend behaves, and in what surroundings the core starts. */
export interface Surroundings {
  /** What the demo cloud's servers lack or do in their own way, `;` between them. */
  quirks?: string;
  /** Misbehaviour to be used up, `;` between the faults. */
  faults?: string;
  /** Of every answer of the demo cloud; 40 when not given. */
  latencyMs?: number;
  /** Bytes per second of one part; without it parts take no time. */
  throughput?: number;
  /** Where files of other programs would lie; a folder without any when not given. */
  home?: string;
  /** The built page; the one everybody gets when not given. */
  ui?: string;
}

/** The real core behind the loopback bridge, on a data folder of its own. */
export class Backend {
  readonly folder: string;
  readonly #surroundings: Surroundings;
  readonly #token = randomBytes(16).toString("hex");
  #process: ChildProcess | null = null;
  #url = "";

  private constructor(folder: string, surroundings: Surroundings) {
    this.folder = folder;
    this.#surroundings = surroundings;
  }

  static async start(surroundings: Surroundings = {}): Promise<Backend> {
    if (!existsSync(CLI)) throw new Error(`${CLI} is missing: cargo build --package partway-cli`);
    if (!existsSync(join(UI, "index.html"))) throw new Error(`${UI} is not built: npm run build in ui`);
    const folder = await mkdtemp(join(tmpdir(), "partway-e2e-"));
    const backend = new Backend(folder, surroundings);
    await backend.#open();
    return backend;
  }

  /** The address of the page, with the token in it. */
  get page(): string {
    return `${this.#url}/?token=${this.#token}`;
  }

  /** One command to the core, as the page sends it. */
  async call<Answer = unknown>(command: string, args: unknown = {}): Promise<Answer> {
    const response = await fetch(`${this.#url}/ipc/${command}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-partway-token": this.#token },
      body: JSON.stringify(args),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${command}: ${JSON.stringify(answer)}`);
    return answer as Answer;
  }

  /** What the demo cloud tells about its endpoints; there once it runs. */
  async endpoint(provider: "cos" | "obs" | "s3"): Promise<{ url: string; access_key: string; secret_key: string }> {
    const text = await readFile(join(this.folder, "demo/endpoints.json"), "utf8");
    return JSON.parse(text)[provider];
  }

  /** Kills the core and starts another one on the same folder; its address is a new one. */
  async restart(): Promise<void> {
    await this.#kill();
    await this.#open();
  }

  async stop(): Promise<void> {
    await this.#kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    const { quirks, faults, latencyMs, throughput, home, ui } = this.#surroundings;
    const child = spawn(CLI, ["bridge", "--port", "0", "--token", this.#token, "--ui", ui ?? UI], {
      env: {
        ...process.env,
        HOME: home ?? this.folder,
        PARTWAY_DATA_DIR: this.folder,
        PARTWAY_DEMO_LATENCY_MS: String(latencyMs ?? 40),
        PARTWAY_DEMO_JITTER_MS: String(latencyMs === 0 ? 0 : 10),
        PARTWAY_DEMO_THROUGHPUT: String(throughput ?? 0),
        PARTWAY_DEMO_QUIRKS: quirks ?? "",
        PARTWAY_DEMO_FAULTS: faults ?? "",
        // No keyring of a desktop is touched.
        DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    this.#url = await listeningAt(child);
  }

  async #kill(): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    if (child.kill("SIGKILL")) await ended;
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

/** Collects what a page throws: a page that threw has failed, whatever it shows. */
export function thrownBy(page: Page): string[] {
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  return broken;
}

/** A page on a backend that has never run before. */
export const test = base.extend<{ backend: Backend; quirks: string }>({
  quirks: ["", { option: true }],
  backend: async ({ quirks }, use) => {
    const backend = await Backend.start({ quirks });
    await use(backend);
    await backend.stop();
  },
  page: async ({ page, backend }, use) => {
    const broken = thrownBy(page);
    await page.goto(backend.page);
    await use(page);
    expect(broken).toEqual([]);
  },
});

export { expect, type Page };
