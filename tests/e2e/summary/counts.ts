import { test } from "@playwright/test";

/** Notes a number of something; the summary adds up what has the same name. */
export function count(name: string, number: number): void {
  test.info().annotations.push({ type: `count:${name}`, description: String(number) });
}

/** Notes a figure that the summary prints as it is. */
export function figure(sentence: string): void {
  test.info().annotations.push({ type: "figure", description: sentence });
}
