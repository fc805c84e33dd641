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
  args?: { data?: { functionName?: string } };
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

/** Milliseconds of script in one frame. */
export interface Frame {
  /** Of the processor: what the page costs, whoever else runs. */
  cpu: number;
  /** Of the clock: what somebody on this machine waits. */
  wall: number;
}

/** A function of this name makes something happen each frame; the page is not charged for it. */
const DRIVER = "partwayTestDrives";

/**
 * The script of the page in each frame while something goes on. Layout that a driver forces would
 * have come later in the same frame, and is no script.
 */
export async function scriptPerFrame(page: Page, during: () => Promise<void>): Promise<Frame[]> {
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

function perFrame(events: TraceEvent[]): Frame[] {
  const scripts = events.filter((event) => event.ph === "X" && SCRIPT.has(event.name));
  const main = busiest(scripts);
  const begins = events
    .filter((event) => event.name === "BeginMainThreadFrame" && threadOf(event) === main)
    .map((event) => event.ts)
    .sort((a, b) => a - b);
  const frames = begins.slice(1).map((): Frame => ({ cpu: 0, wall: 0 }));
  let end = 0;
  let at = 0;
  for (const event of scripts.filter((one) => threadOf(one) === main).sort((a, b) => a.ts - b.ts)) {
    while (at < frames.length && (begins[at + 1] as number) <= event.ts) at += 1;
    const frame = frames[at];
    if (!frame || event.ts < (begins[at] as number)) continue;
    const drives = event.args?.data?.functionName === DRIVER;
    const within = event.ts < end;
    if (within ? drives : !drives) add(frame, event, within ? -1 : 1);
    if (!within) end = event.ts + (event.dur ?? 0);
  }
  return frames;
}

function add(frame: Frame, event: TraceEvent, sign: 1 | -1): void {
  const wall = (event.dur ?? 0) / 1000;
  frame.wall += sign * wall;
  frame.cpu += sign * (event.tdur === undefined ? wall : event.tdur / 1000);
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
