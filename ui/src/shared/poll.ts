/**
 * Runs `load` now, and `everyMs` after each run again, until the answer is called. Made for
 * `$effect`. Slow answers never pile up: the pause begins when an answer is there. `wanted` tells
 * a run whether somebody still waits for what it brings.
 */
export function poll(
  load: (wanted: () => boolean) => Promise<void>,
  everyMs: number | null,
): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function round(): Promise<void> {
    await load(() => !stopped);
    if (!stopped && everyMs !== null) timer = setTimeout(round, everyMs);
  }

  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
