import { jobStore } from "$app/jobs.svelte";
import { toasts } from "$app/toasts.svelte";
import { call, errorOf, type Leave } from "$ipc";

/** Whether somebody is asked what becomes of the jobs that run. */
class Leaving {
  /** So many jobs would be interrupted; `null` while nobody asks. */
  running = $state<number | null>(null);

  ask(running: number): void {
    this.running = running;
  }

  stay(): void {
    this.running = null;
  }

  /** The user's own wish to quit: asks only if something would be interrupted. */
  quit(): void {
    const driven = jobStore.running.filter((job) => job.driven_here).length;
    if (driven > 0) this.ask(driven);
    else void this.leave("quit", false);
  }

  async leave(leave: Leave, remember: boolean): Promise<void> {
    this.running = null;
    try {
      await call("leave", { leave, remember });
    } catch (cause) {
      toasts.fail(errorOf(cause));
    }
  }
}

export const leaving = new Leaving();
