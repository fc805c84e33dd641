import { expect, test } from "vitest";
import type { EventView } from "$ipc";
import { marksOf, minutesOf, seriesOf, summaryOf } from "./throughput";

const data = (at: number[]) => ({
  step_ms: 1_000,
  at_ms: at,
  bytes_per_second: at.map((_, index) => (index + 1) * 100),
  in_flight: at.map(() => 16),
});
const event = (at_ms: number, level: EventView["level"]) =>
  ({ id: at_ms, at_ms, level, what: "throttled" }) as EventView;

test("a pause is a gap and no line across it", () => {
  const series = seriesOf(data([1_000, 2_000, 60_000]), 0);
  expect(series.at).toEqual([1, 2, 3, 60]);
  expect(series.speed).toEqual([100, 200, null, 300]);
});

test("what is older than the chart is left out", () => {
  expect(seriesOf(data([1_000, 2_000, 3_000]), 2_000).at).toEqual([2, 3]);
  expect(
    marksOf(
      [event(3_000, "error"), event(2_000, "warning"), event(2_500, "normal"), event(1, "error")],
      2_000,
    ),
  ).toEqual([
    { at: 2, level: "warning", what: "throttled" },
    { at: 3, level: "error", what: "throttled" },
  ]);
});

test("the sentence counts only what was sampled", () => {
  const series = seriesOf(data([1_000, 2_000, 60_000]), 0);
  expect(summaryOf(series, [])).toEqual({ samples: 3, average: 200, highest: 300, marks: 0 });
  expect(summaryOf(seriesOf(data([]), 0), [])).toMatchObject({
    samples: 0,
    average: 0,
    highest: 0,
  });
});

test("the table has a row for each minute, the newest first", () => {
  const series = seriesOf(data([1_000, 2_000, 61_000]), 0);
  const marks = marksOf([event(62_000, "warning")], 0);
  expect(minutesOf(series, marks)).toEqual([
    { atMs: 60_000, speed: 300, inFlight: 16, marks: 1 },
    { atMs: 0, speed: 150, inFlight: 16, marks: 0 },
  ]);
});
