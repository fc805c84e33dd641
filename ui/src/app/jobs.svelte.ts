import { SvelteMap } from "svelte/reactivity";
import {
  type DesktopCall,
  type JobView,
  type ListingStatus,
  type StreamMessage,
  subscribe,
} from "$ipc";
import { waitBecauseOf } from "$shared/wait";
import { applyMessage, type Streamed } from "./stream";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Everything the core tells without being asked: jobs, listings, new events. One subscription
 * serves all screens; after a gap or a lost core it starts again with a fresh snapshot.
 */
class JobStore implements Streamed {
  seq: number | null = null;
  readonly jobs = new SvelteMap<number, JobView>();
  readonly listings = new SvelteMap<number, ListingStatus>();
  readonly eventBatches = new SvelteMap<number, number>();

  /** False while the core does not answer. */
  connected = $state(true);

  /** Unsettled jobs and those settled in this run, newest first. */
  readonly list = $derived([...this.jobs.values()].sort((a, b) => b.id - a.id));
  readonly running = $derived(this.list.filter(isRunning));
  readonly interrupted = $derived(this.list.filter((job) => job.state === "interrupted"));
  readonly needingAttention = $derived(this.list.filter(needsAttention));

  /** Takes what the desktop asks for; comes over the same stream. */
  heed: (call: DesktopCall) => void = () => {};

  #unsubscribe: (() => void) | null = null;
  #pauseMs = FIRST_PAUSE_MS;

  start(): void {
    this.#unsubscribe?.();
    this.seq = null;
    this.#unsubscribe = subscribe(
      (message) => this.#receive(message),
      () => this.#restartLater(),
    );
  }

  /** Takes in an answer of a job command at once, before the stream repeats it. */
  put(job: JobView): void {
    this.jobs.set(job.id, job);
  }

  #receive(message: StreamMessage): void {
    this.connected = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    if (message.kind === "desktop") this.heed(message);
    else if (!applyMessage(this, message)) this.start();
  }

  #restartLater(): void {
    this.#unsubscribe = null;
    this.connected = false;
    setTimeout(() => this.start(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Whether bytes move, or will without anybody doing something. */
export function isRunning(job: JobView): boolean {
  return ["queued", "copying", "completing", "verifying"].includes(job.state);
}

/** Whether somebody has to decide; waiting for the network ends by itself. */
export function needsAttention(job: JobView): boolean {
  if (job.state === "failed" || job.state === "done_with_failures") return true;
  const waits = job.state === "waiting" || (job.objects_waiting > 0 && isRunning(job));
  return waits && waitBecauseOf(job.error?.kind) !== "network";
}

/** Whether a job has ended and only History knows it later. */
export function isSettled(job: JobView): boolean {
  return ["cancelled", "done", "done_with_failures", "failed"].includes(job.state);
}

export const jobStore = new JobStore();
