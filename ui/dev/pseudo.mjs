// Builds the messages with one language more: English with accents and a third longer, which
// shows what is not translated and what is cut off. For tests and for looking; `npm run messages`
// brings the real ones back.
//
//   node dev/pseudo.mjs && npx vite build --outDir DIR

import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const LOCALE = "en-XA";
const PLAIN = "aceilnorsuyzACEILNORSUYZ";
const ACCENTED = "áčéíļñöŕšúýžÁČÉÍĻÑÖŔŠÚÝŽ";
const ui = new URL("..", import.meta.url).pathname;
const scratch = mkdtempSync(join(ui, ".pseudo-"));

function accented(message) {
  if (typeof message === "string") return pseudo(message);
  return message.map((variants) => ({
    ...variants,
    match: Object.fromEntries(
      Object.entries(variants.match).map(([when, text]) => [when, pseudo(text)]),
    ),
  }));
}

try {
  cpSync(join(ui, "messages"), join(scratch, "messages"), { recursive: true });
  for (const area of readdirSync(join(scratch, "messages"))) {
    const { $schema, ...messages } = JSON.parse(
      readFileSync(join(scratch, "messages", area, "en.json"), "utf8"),
    );
    const made = Object.entries(messages).map(([key, message]) => [key, accented(message)]);
    writeFileSync(
      join(scratch, "messages", area, `${LOCALE}.json`),
      JSON.stringify({ $schema, ...Object.fromEntries(made) }),
    );
  }
  const settings = JSON.parse(readFileSync(join(ui, "project.inlang/settings.json"), "utf8"));
  settings.locales.push(LOCALE);
  mkdirSync(join(scratch, "project.inlang"));
  writeFileSync(join(scratch, "project.inlang/settings.json"), JSON.stringify(settings));
  symlinkSync(join(ui, "node_modules"), join(scratch, "node_modules"));
  const made = spawnSync(
    join(ui, "node_modules/.bin/paraglide-js"),
    [
      "compile",
      "--project",
      join(scratch, "project.inlang"),
      "--outdir",
      join(ui, "src/paraglide"),
      "--strategy",
      "globalVariable",
      "baseLocale",
      "--silent",
    ],
    { stdio: "inherit", cwd: scratch },
  );
  process.exitCode = made.status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** A text that stays readable but is accented, bracketed and a third longer; gaps stay. */
function pseudo(text) {
  const letters = text
    .split(/(\{\w+\})/)
    .map((piece) => (piece.startsWith("{") ? piece : accent(piece)))
    .join("");
  const longer = "·".repeat(Math.ceil(text.replace(/\{\w+\}/g, "").length / 3));
  return `⟦${letters}${longer}⟧`;
}

function accent(text) {
  return [...text].map((letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter).join("");
}
