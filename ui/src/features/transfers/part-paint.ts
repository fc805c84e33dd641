import type { Layout, PartLetter } from "./part-layout";

/** The colours of the map, resolved for the theme the canvas stands in. */
export interface Palette {
  done: string;
  copying: string;
  retrying: string;
  failed: string;
  planned: string;
  ground: string;
}

/** Reads the tokens as real colours: a canvas does not understand `var()` or `light-dark()`. */
export function readPalette(near: HTMLElement): Palette {
  const probe = document.createElement("span");
  near.append(probe);
  const colour = (value: string) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const palette = {
    done: colour("var(--accent)"),
    copying: colour("color-mix(in oklch, var(--accent), var(--bg) 58%)"),
    retrying: colour("var(--warn)"),
    failed: colour("var(--danger)"),
    planned: colour("color-mix(in oklch, var(--line), var(--fg) 6%)"),
    ground: colour("var(--bg)"),
  };
  probe.remove();
  return palette;
}

/** Paints the cells whose letter changed since `before`; all of them when `before` is empty. */
export function paint(
  context: CanvasRenderingContext2D,
  layout: Layout,
  cells: string,
  before: string,
  palette: Palette,
): void {
  const edge = layout.pitch - (layout.pitch > 7 ? 2 : 1);
  for (let cell = 0; cell < layout.cells; cell += 1) {
    const letter = cells[cell] as PartLetter | undefined;
    if (letter === undefined || letter === before[cell]) continue;
    const x = (cell % layout.columns) * layout.pitch;
    const y = Math.floor(cell / layout.columns) * layout.pitch;
    paintCell(context, x, y, edge, letter, palette);
  }
}

/** Shape as well as colour tells the states apart: half a cell, a slash, a cross. */
function paintCell(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  edge: number,
  letter: PartLetter,
  palette: Palette,
): void {
  const fill = (colour: string, height = edge) => {
    context.fillStyle = colour;
    context.fillRect(x, y + edge - height, edge, height);
  };
  switch (letter) {
    case "#":
      fill(palette.done);
      break;
    case "o":
      fill(palette.copying);
      fill(palette.done, Math.round(edge / 2));
      break;
    case "r":
      fill(palette.retrying);
      stroke(context, palette.ground, edge, [[x, y + edge, x + edge, y]]);
      break;
    case "x":
      fill(palette.failed);
      stroke(context, palette.ground, edge, [
        [x, y, x + edge, y + edge],
        [x, y + edge, x + edge, y],
      ]);
      break;
    case ".":
      fill(palette.planned);
      break;
  }
}

function stroke(
  context: CanvasRenderingContext2D,
  colour: string,
  edge: number,
  lines: [x1: number, y1: number, x2: number, y2: number][],
): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, edge / 8);
  context.beginPath();
  for (const [x1, y1, x2, y2] of lines) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.stroke();
}
