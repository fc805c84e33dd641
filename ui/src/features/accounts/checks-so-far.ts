import { type AccountCheck, type AccountTest, call } from "$ipc";
import { poll } from "$shared/poll";

/** How often a running test is looked at, in milliseconds: a check takes a round trip. */
const LOOK_MS = 120;

/** Shows the checks of the running test as they come, until the answer is called. */
export function followChecks(show: (soFar: AccountTest) => void): () => void {
  return poll(async (wanted) => {
    const checks = await call("checks_so_far", {}).catch(() => []);
    if (wanted() && checks.length > 0) show(unfinished(checks));
  }, LOOK_MS);
}

/** A test that has not answered yet: whether it ends well is not known. */
function unfinished(checks: AccountCheck[]): AccountTest {
  const bucket = checks.at(-1)?.bucket ?? null;
  return { ok: true, checks, buckets: [], bucket, capabilities: [], left_behind: [] };
}
