import type { JobTiming, Priority } from "$ipc";

/** How soon and when a job runs, as fields of a form; everything in local time. */
export class TimingDraft {
  priority = $state<Priority>("normal");
  /** As `datetime-local` has it; empty: at once. */
  startAt = $state("");
  /** As `time` has them; a window needs both. */
  from = $state("");
  to = $state("");

  constructor(timing?: JobTiming) {
    if (!timing) return;
    this.priority = timing.priority;
    this.startAt = timing.start_at_ms === null ? "" : localField(timing.start_at_ms);
    [this.from = "", this.to = ""] = timing.window?.split("-") ?? [];
  }

  get timing(): JobTiming {
    const startAt = this.startAt === "" ? Number.NaN : new Date(this.startAt).getTime();
    return {
      priority: this.priority,
      start_at_ms: Number.isNaN(startAt) ? null : startAt,
      window: this.from !== "" && this.to !== "" ? `${this.from}-${this.to}` : null,
    };
  }

  /** Nothing is asked for: the job runs when its turn comes. */
  get isUsual(): boolean {
    const { priority, start_at_ms, window } = this.timing;
    return priority === "normal" && start_at_ms === null && window === null;
  }
}

function localField(ms: number): string {
  const offset = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offset).toISOString().slice(0, 16);
}
