// What a client in JavaScript needs: where the demo cloud is, and one line of JSON per check, as
// checks.py has it for those in Python.

import { isDeepStrictEqual, inspect } from "node:util";

const cloud = JSON.parse(process.env.PARTWAY_CLOUD);

export const url = cloud.url;
export const region = cloud.region;
export const accessKey = cloud.access_key;
export const secretKey = cloud.secret_key;
export const bucket = (word) => cloud.buckets[word];

export const MIB = 2 ** 20;
export const GIB = 2 ** 30;

// The program under test may print what it likes; the report has a channel of its own.
const report = process.stdout.write.bind(process.stdout);
console.log = console.error;

const checks = [];

/** Registers a function as a check. */
export const check = (name, run) => checks.push([name, run]);

/** Runs every check in the order written; a failed one never keeps the next from running. */
export async function run(client, version) {
  say({ client, version });
  const only = process.env.PARTWAY_CHECK ?? "";
  for (const [name, perform] of checks.filter(([name]) => name.includes(only))) {
    let detail = "";
    try {
      await perform();
    } catch (problem) {
      console.error(problem);
      detail = `${place(problem)}${problem?.code ?? ""} ${problem?.message ?? inspect(problem)}`;
    }
    say({ check: name, ok: detail === "", detail: detail.slice(0, 600) });
  }
}

/** The last line of a check that the problem went through, if its stack tells. */
const place = (problem) => {
  const lines = String(problem?.stack).match(/[^/]+\/\w+\.mjs:\d+/g) ?? [];
  const own = lines.find((line) => !line.includes("/checks.mjs"));
  return own ? `${own}: ` : "";
};

const say = (line) => report(`${JSON.stringify(line)}\n`);

/** Fails unless the two are the same. */
export function equal(actual, wanted, what) {
  if (!isDeepStrictEqual(actual, wanted)) {
    throw new Error(`${what} is ${short(actual)}, not ${short(wanted)}`);
  }
}

/** Fails unless the condition holds. */
export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

const short = (value) => inspect(value, { breakLength: Infinity }).slice(0, 200);
