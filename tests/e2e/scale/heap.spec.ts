import type { CDPSession, Page } from "@playwright/test";
import { expect, test } from "@playwright/test";
import { copy } from "../screens/worlds";
import { figure } from "../summary/counts";
import { Backend, thrownBy } from "../tests/backend";

const JOBS = 50;
/** How long it is watched; PARTWAY_HEAP_MINUTES=10 is the whole of it. */
const MINUTES = Number(process.env.PARTWAY_HEAP_MINUTES ?? 0.75);
const WHOLE_MINUTES = 10;
const GROWTH_MB = 5;
/** What performance allows: messages a second, and bytes of one message. */
const MESSAGES = 10;
const MESSAGE_BYTES = 64 * 1024;

test(`${JOBS} running jobs leave the page as small as it was`, async ({ page }) => {
  test.setTimeout(MINUTES * 60_000 + 180_000);
  // Two seconds for a part, two at once: every job goes on for a quarter of an hour.
  const backend = await Backend.start({ latencyMs: 120, throughput: 512 * 2 ** 20 });
  const thrown = thrownBy(page);
  try {
    await backend.call("start_demo");
    const settings = await backend.call<{ settings: object }>("app_state");
    await backend.call("put_settings", { ...settings.settings, jobs_at_once: JOBS });
    for (let job = 0; job < JOBS; job += 1) {
      await copy(backend, ["genome/sample-0001.bam"], `many/${job}/`, { partsAtOnce: 2 });
    }
    const messages = await messagesOf(page);
    await page.goto(backend.page);
    await page.getByTestId("nav-transfers").click();
    await expect(page.getByTestId("job")).not.toHaveCount(0);

    const session = await page.context().newCDPSession(page);
    // What is loaded lazily is there, and every cache has its size.
    await page.waitForTimeout(10_000);
    const samples = [await heapMb(session)];
    const begun = messages.count;
    const beganMs = Date.now();
    const steps = Math.max(3, Math.round(MINUTES * 2));
    for (let step = 0; step < steps; step += 1) {
      await page.waitForTimeout((MINUTES * 60_000) / steps);
      samples.push(await heapMb(session));
    }
    const seconds = (Date.now() - beganMs) / 1000;
    const rate = (messages.count - begun) / seconds;
    const growth = Math.max(...samples.slice(1)) - (samples[0] as number);
    figure(
      `${JOBS} jobs for ${MINUTES} min: heap ${samples.map((mb) => mb.toFixed(1)).join(", ")} MB ` +
        `(at most ${growth.toFixed(2)} MB more); ${rate.toFixed(1)} messages a second, the largest ${messages.largest} bytes`,
    );
    expect(rate).toBeGreaterThan(1);
    expect(rate).toBeLessThanOrEqual(MESSAGES);
    expect(messages.largest).toBeLessThanOrEqual(MESSAGE_BYTES);
    // A short run sees the slope: no more than its share of what the whole may grow, and a floor
    // for what the collector leaves.
    expect(growth).toBeLessThan(Math.max(1.5, (GROWTH_MB * MINUTES) / WHOLE_MINUTES));
    expect(thrown).toEqual([]);
  } finally {
    await backend.stop();
  }
});

/** Counts what comes over the stream, without keeping any of it. */
async function messagesOf(page: Page): Promise<{ count: number; largest: number }> {
  const seen = { count: 0, largest: 0 };
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.eventSourceMessageReceived", ({ data }) => {
    seen.count += 1;
    seen.largest = Math.max(seen.largest, Buffer.byteLength(data));
  });
  return seen;
}

async function heapMb(session: CDPSession): Promise<number> {
  // Twice: what a finalizer lets go is collected by the second.
  for (let time = 0; time < 2; time += 1) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 2 ** 20;
}
