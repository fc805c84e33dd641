import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const ID = "virtual:licences";
const HERE = fileURLToPath(new URL("..", import.meta.url));

/** What a source file takes from a package: `from "pkg/part"`, `import "pkg"`. */
const TAKEN = /(?:from|import)\s+"((?:@[\w.-]+\/)?[\w.-]+)[^"]*"/g;

interface Locked {
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
}

/** Name, version and licence of each package the page takes something from, and of what those need. */
export function licences(): Plugin {
  return {
    name: "licences",
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load: (id) => (id === `\0${ID}` ? `export const packages = ${JSON.stringify(taken())};` : null),
  };
}

function taken(): { name: string; version: string; licence: string }[] {
  const lock = JSON.parse(readFileSync(join(HERE, "package-lock.json"), "utf8"));
  const locked: Record<string, Locked> = lock.packages;
  const open = [...imported()];
  const found = new Map<string, { name: string; version: string; licence: string }>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const one = locked[`node_modules/${name}`];
    if (!one || found.has(name)) continue;
    found.set(name, { name, version: one.version, licence: one.license ?? stated(name) });
    open.push(...Object.keys(one.dependencies ?? {}));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of a package whose description names no licence: the title of the text it comes with. */
function stated(name: string): string {
  const folder = join(HERE, "node_modules", name);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) return "";
  return readFileSync(join(folder, file), "utf8").trim().split("\n")[0]?.trim() ?? "";
}

function imported(): Set<string> {
  const names = new Set<string>(["svelte"]);
  for (const file of readdirSync(join(HERE, "src"), { recursive: true, encoding: "utf8" })) {
    if (!/\.(ts|svelte)$/.test(file) || file.endsWith(".test.ts")) continue;
    for (const [, name] of readFileSync(join(HERE, "src", file), "utf8").matchAll(TAKEN)) {
      if (name) names.add(name);
    }
  }
  return names;
}
