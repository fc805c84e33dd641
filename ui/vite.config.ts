import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { licences } from "./dev/licences";
import { pseudo } from "./dev/pseudo";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Where `partway-cli bridge` (or dev/fake-core.mjs) listens during `npm run dev`. */
const BRIDGE = process.env.PARTWAY_BRIDGE ?? "http://127.0.0.1:5199";

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), licences(), ...(mode === "pseudo" ? [pseudo()] : [])],
  resolve: {
    alias: {
      $ipc: source("ipc/index.ts"),
      $app: source("app"),
      $shared: source("shared"),
      $features: source("features"),
      $messages: source("paraglide/messages.js"),
    },
  },
  // The oldest WebView that is supported; WebKitGTK and WebView2 are newer.
  build: { target: "safari17", outDir: "dist", emptyOutDir: true, assetsInlineLimit: 0 },
  server: { port: 5173, strictPort: true, fs: { allow: [".."] }, proxy: { "/ipc": BRIDGE } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
