import uPlot from "uplot";
import type { Mark, Series } from "./throughput";

/** Colours of the theme the chart stands in: a canvas does not understand `var()`. */
export interface Ink {
  line: string;
  area: string;
  flight: string;
  grid: string;
  text: string;
  warning: string;
  error: string;
  font: string;
}

export interface Words {
  time: (seconds: number) => string;
  speed: (bytesPerSecond: number) => string;
}

const MARK_HEIGHT = 10;

/** Ticks of speed are round in the units it is written in: 1, 2, 4 … 512 of each. */
const SPEEDS = [0, 1, 2, 3, 4].flatMap((power) =>
  [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((count) => count * 1024 ** power),
);

export function readInk(near: HTMLElement): Ink {
  const probe = document.createElement("span");
  near.append(probe);
  const colour = (value: string) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const ink = {
    line: colour("var(--accent)"),
    area: colour("color-mix(in oklch, var(--accent), transparent 78%)"),
    flight: colour("var(--fg-muted)"),
    grid: colour("var(--line)"),
    text: colour("var(--fg-muted)"),
    warning: colour("var(--warn)"),
    error: colour("var(--danger)"),
    font: `12px ${getComputedStyle(near).fontFamily}`,
  };
  probe.remove();
  return ink;
}

/** A chart in `parent`: speed as an area, requests in flight as a line, marks along the bottom. */
export function plot(
  parent: HTMLElement,
  size: { width: number; height: number },
  ink: Ink,
  words: Words,
  marks: () => readonly Mark[],
): uPlot {
  const axis = {
    stroke: ink.text,
    font: ink.font,
    ticks: { show: false },
    grid: { stroke: ink.grid, width: 1 },
  };
  return new uPlot(
    {
      ...size,
      legend: { show: false },
      padding: [8, 0, 0, 0],
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: false },
        speed: { range: (_, __, most) => [0, Math.max(1, most) * 1.08] },
        flight: { range: (_, __, most) => [0, Math.max(4, most) * 1.25] },
      },
      axes: [
        { ...axis, size: 22, space: 90, values: (_, ticks) => ticks.map(words.time) },
        {
          ...axis,
          scale: "speed",
          size: 78,
          space: 34,
          incrs: SPEEDS,
          values: (_, ticks) => ticks.map((tick) => (tick === 0 ? "0" : words.speed(tick))),
        },
        {
          ...axis,
          scale: "flight",
          side: 1,
          size: 34,
          space: 34,
          grid: { show: false },
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : "")),
        },
      ],
      series: [
        {},
        { scale: "speed", stroke: ink.line, fill: ink.area, width: 1.5, points: { show: false } },
        { scale: "flight", stroke: ink.flight, width: 1, dash: [4, 3], points: { show: false } },
      ],
      hooks: { draw: [(chart) => drawMarks(chart, ink, marks())] },
    },
    [[], [], []],
    parent,
  );
}

export function fill(chart: uPlot, series: Series): void {
  chart.setData([series.at, series.speed, series.inFlight]);
}

/** A triangle for a warning, a cross for an error: never by colour alone. */
function drawMarks(chart: uPlot, ink: Ink, marks: readonly Mark[]): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  const foot = bbox.top + bbox.height;
  ctx.save();
  ctx.lineWidth = 1.5 * scale;
  for (const mark of marks) {
    const x = chart.valToPos(mark.at, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const half = (MARK_HEIGHT / 2) * scale;
    ctx.beginPath();
    if (mark.level === "error") {
      ctx.strokeStyle = ink.error;
      ctx.moveTo(x - half, foot - 2 * half);
      ctx.lineTo(x + half, foot);
      ctx.moveTo(x + half, foot - 2 * half);
      ctx.lineTo(x - half, foot);
      ctx.stroke();
    } else {
      ctx.fillStyle = ink.warning;
      ctx.moveTo(x, foot - 2 * half);
      ctx.lineTo(x + half, foot);
      ctx.lineTo(x - half, foot);
      ctx.fill();
    }
  }
  ctx.restore();
}
