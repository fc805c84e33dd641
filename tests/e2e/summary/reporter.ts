import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { LANGUAGES, THEMES } from "../screens/look";
import { index } from "./index-page";

const MESSAGES = resolve(import.meta.dirname, "../../../ui/messages");

/** Says at the end what was looked at, in figures. */
export default class Summary implements Reporter {
  readonly #counts = new Map<string, number>();
  readonly #figures: string[] = [];
  #journeys = { passed: 0, all: 0 };

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== test.expectedStatus && result.retry < test.retries) return;
    if (test.location.file.includes("/tests/e2e/tests/")) {
      this.#journeys.all += 1;
      if (result.status === "passed") this.#journeys.passed += 1;
    }
    for (const { type, description } of result.annotations) {
      if (type === "figure") this.#figures.push(description ?? "");
      const name = /^count:(.*)$/.exec(type)?.[1];
      if (name !== undefined) {
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + Number(description));
      }
    }
  }

  onEnd(_result: FullResult): void {
    const lines: string[] = [];
    const { passed, all } = this.#journeys;
    if (all > 0) lines.push(`journeys: ${passed} of ${all}`);
    const screens = this.#counts.get("screens") ?? 0;
    if (screens > 0) {
      const variants = `${THEMES.length} themes × ${LANGUAGES.length} languages`;
      lines.push(`screens × variants: ${screens} × ${variants} = ${this.#counts.get("variants")}`);
      lines.push(`axe: ${this.#counts.get("axe pages")} pages, ${this.#counts.get("axe violations")} violations`);
    }
    lines.push(`strings: ${LANGUAGES.map((language) => `${language} ${strings(language)}`).join(", ")}`);
    lines.push(...this.#figures);
    console.log(`\n${lines.join("\n")}`);
    const pictures = process.env.PARTWAY_SCREENS;
    if (pictures !== undefined) {
      const names = readdirSync(pictures).filter((name) => name.endsWith(".png"));
      writeFileSync(join(pictures, "index.html"), index(names));
      console.log(`pictures: ${names.length} in ${pictures}`);
    }
  }
}

/** How many messages a language has. */
function strings(language: string): number {
  const files = readdirSync(MESSAGES).map((area) => join(MESSAGES, area, `${language}.json`));
  const counts = files.filter((file) => existsSync(file)).map((file) => {
    const { $schema: _, ...messages } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    return Object.keys(messages).length;
  });
  return counts.reduce((sum, one) => sum + one, 0);
}
