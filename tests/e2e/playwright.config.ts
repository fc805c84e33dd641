import { defineConfig } from "@playwright/test";

// The browser of the distribution, without what a test has no use for.
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// What people do, what they see, and how it holds at scale. Pictures of the manual are kept with the
// sources, so they are taken only when somebody asks.
const folders = ["tests", "screens", "scale", ...(process.env.PARTWAY_MANUAL ? ["manual"] : [])];

export default defineConfig({
  projects: folders.map((name) => ({ name, testDir: name })),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // Every test has a backend of its own, so they may run side by side.
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // A second try is named as flaky: it is a fault that nobody has understood yet.
  retries: 1,
  reporter: [["list"], ["./summary/reporter.ts"]],
  use: {
    browserName: "chromium",
    actionTimeout: 20_000,
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    // A trace costs as much as the page itself, so only what has failed once is traced.
    trace: "on-first-retry",
    launchOptions: {
      executablePath: process.env.PARTWAY_CHROMIUM ?? "/usr/bin/chromium",
      args: flags,
    },
  },
});
