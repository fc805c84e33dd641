import type { EventView, Throughput } from "$ipc";

/** A quarter of an hour, as the chart shows it. */
export const SPAN_MS = 15 * 60_000;

/** Samples and marks on one axis of time, in seconds; `null` where nothing was sampled. */
export interface Series {
  at: number[];
  speed: (number | null)[];
  inFlight: (number | null)[];
}

export interface Mark {
  at: number;
  level: EventView["level"];
  what: string;
}

export interface Minute {
  atMs: number;
  speed: number;
  inFlight: number;
  marks: number;
}

/** Lists for the chart. Where the job stood still, a gap keeps the line from lying across it. */
export function seriesOf(data: Throughput, sinceMs: number): Series {
  const series: Series = { at: [], speed: [], inFlight: [] };
  let before: number | null = null;
  data.at_ms.forEach((atMs, index) => {
    if (atMs < sinceMs) return;
    if (before !== null && atMs - before > data.step_ms * 4) {
      series.at.push((before + data.step_ms) / 1000);
      series.speed.push(null);
      series.inFlight.push(null);
    }
    series.at.push(atMs / 1000);
    series.speed.push(data.bytes_per_second[index] ?? 0);
    series.inFlight.push(data.in_flight[index] ?? 0);
    before = atMs;
  });
  return series;
}

/** Warnings and errors within the time that is shown, the oldest first. */
export function marksOf(events: readonly EventView[], sinceMs: number): Mark[] {
  return events
    .filter((event) => event.level !== "normal" && event.at_ms >= sinceMs)
    .map((event) => ({ at: event.at_ms / 1000, level: event.level, what: event.what }))
    .sort((a, b) => a.at - b.at);
}

/** Average, highest speed and marks: the chart in one sentence. */
export function summaryOf(series: Series, marks: readonly Mark[]) {
  const speeds = series.speed.filter((speed) => speed !== null);
  const sum = speeds.reduce((all, speed) => all + speed, 0);
  return {
    samples: speeds.length,
    average: speeds.length === 0 ? 0 : sum / speeds.length,
    highest: Math.max(0, ...speeds),
    marks: marks.length,
  };
}

/** The chart as a table: a row for each minute, the newest first. */
export function minutesOf(series: Series, marks: readonly Mark[]): Minute[] {
  const minutes = new Map<number, { speeds: number[]; flights: number[] }>();
  series.at.forEach((at, index) => {
    const speed = series.speed[index];
    if (speed === null || speed === undefined) return;
    const minute = Math.floor(at / 60);
    const one = minutes.get(minute) ?? { speeds: [], flights: [] };
    one.speeds.push(speed);
    one.flights.push(series.inFlight[index] ?? 0);
    minutes.set(minute, one);
  });
  const mean = (values: number[]) => values.reduce((all, value) => all + value, 0) / values.length;
  return [...minutes]
    .sort(([a], [b]) => b - a)
    .map(([minute, one]) => ({
      atMs: minute * 60_000,
      speed: mean(one.speeds),
      inFlight: Math.round(mean(one.flights)),
      marks: marks.filter((mark) => Math.floor(mark.at / 60) === minute).length,
    }));
}
