import type { JobView } from "$ipc";
import { moveJob } from "./commands";

/** A drag shorter than this is a click, in pixels. */
const SLACK = 4;

/**
 * Drags a waiting job among the waiting ones. Pointer events, because a WebView's own drag and
 * drop cannot be relied on; the keyboard does the same with Alt and an arrow.
 */
export class Reorder {
  /** The job that is dragged. */
  job = $state<number | null>(null);
  /** Where it would go: before this job, or after. */
  target = $state.raw<{ job: number; side: "before" | "after" } | null>(null);

  readonly #queue: () => readonly JobView[];

  constructor(queue: () => readonly JobView[]) {
    this.#queue = queue;
  }

  /** Begins with the press of a row's handle; the pointer is heard of wherever it goes. */
  begin(job: number, event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const from = event.clientY;
    const move = (to: PointerEvent) => {
      if (this.job === null && Math.abs(to.clientY - from) < SLACK) return;
      this.job = job;
      this.target = this.#under(to);
    };
    const drop = () => {
      const { target } = this;
      end();
      if (target) void moveJob(job, target.side, target.job);
    };
    const onkey = (key: KeyboardEvent) => {
      if (key.key !== "Escape") return;
      key.preventDefault();
      end();
    };
    const end = () => {
      this.job = null;
      this.target = null;
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", onkey, true);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", onkey, true);
  }

  #under(event: PointerEvent): Reorder["target"] {
    const row = document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>("[data-testid=job]");
    const id = Number(row?.dataset.job);
    if (!row || id === this.job || !this.#queue().some((job) => job.id === id)) return null;
    const { top, height } = row.getBoundingClientRect();
    return { job: id, side: event.clientY < top + height / 2 ? "before" : "after" };
  }
}
