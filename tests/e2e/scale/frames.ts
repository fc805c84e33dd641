import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  tdur?: number;
  pid: number;
  tid: number;
}

const TIMELINE = "disabled-by-default-devtools.timeline";
const CATEGORIES = ["devtools.timeline", TIMELINE, `${TIMELINE}.frame`];

/** Script as Chromium's trace names it; one may lie within another and is then not added twice. */
const SCRIPT = new Set([
  "EvaluateScript",
  "EventDispatch",
  "FireAnimationFrame",
  "FunctionCall",
  "RunMicrotasks",
  "TimerFire",
  "v8.callFunction",
]);

/**
 * Milliseconds of script in each frame while something goes on. They are milliseconds of the
 * processor where the trace tells them, so that a busy machine does not count.
 */
export async function scriptPerFrame(page: Page, during: () => Promise<void>): Promise<number[]> {
  const browser = page.context().browser() as Browser;
  const path = join(tmpdir(), `partway-trace-${process.pid}.json`);
  await browser.startTracing(page, { path, categories: CATEGORIES });
  try {
    await during();
  } finally {
    await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(await readFile(path, "utf8")) as { traceEvents: TraceEvent[] };
  await rm(path);
  return perFrame(traceEvents);
}

function perFrame(events: TraceEvent[]): number[] {
  const scripts = events.filter((event) => event.ph === "X" && SCRIPT.has(event.name));
  const main = busiest(scripts);
  const frames = events
    .filter((event) => event.name === "BeginMainThreadFrame" && `${event.pid}:${event.tid}` === main)
    .map((event) => event.ts)
    .sort((a, b) => a - b);
  const sums = new Array<number>(Math.max(0, frames.length - 1)).fill(0);
  let end = 0;
  let frame = 0;
  for (const event of scripts.filter((one) => threadOf(one) === main).sort((a, b) => a.ts - b.ts)) {
    if (event.ts < end) continue;
    end = event.ts + (event.dur ?? 0);
    while (frame < sums.length && (frames[frame + 1] as number) <= event.ts) frame += 1;
    if (frame < sums.length && event.ts >= (frames[frame] as number)) {
      sums[frame] = (sums[frame] as number) + (event.tdur ?? event.dur ?? 0) / 1000;
    }
  }
  return sums;
}

const threadOf = (event: TraceEvent) => `${event.pid}:${event.tid}`;

/** The thread on which most of the script runs. */
function busiest(events: TraceEvent[]): string {
  const times = new Map<string, number>();
  for (const event of events) {
    times.set(threadOf(event), (times.get(threadOf(event)) ?? 0) + (event.dur ?? 0));
  }
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
