import { costOfPlan, extrasOf } from "$features/settings/prices";
import type { CopyPlan, PriceTable, Settings } from "$ipc";

const GIB = 1024 ** 3;

/** Less than this, in whatever currency, is not worth a question. */
const LEAST_COST = 0.01;

/** What is known of a copy before it starts. */
export interface Planned {
  plan: CopyPlan;
  limits: Settings["ask_above"];
  prices: PriceTable | null;
}

/**
 * Whether somebody should look at a copy before it starts: it cannot start as it is, would replace
 * or lose something, waits for a restore, costs something, or is larger than the user allowed.
 */
export function asksFirst({ plan, limits, prices }: Planned): boolean {
  const lossy = plan.items.some((item) => item.is_archived || item.not_carried.length > 0);
  const large = plan.objects > limits.objects || plan.bytes > limits.gib * GIB;
  const always = limits.objects === 0 || limits.gib === 0;
  const stands = plan.problems.length > 0 || plan.existing > 0 || plan.more;
  return stands || lossy || large || always || isCharged(plan, prices);
}

/** Traffic and reading are charged whether or not the user gave prices for them. */
function isCharged(plan: CopyPlan, prices: PriceTable | null): boolean {
  const priced = prices !== null && costOfPlan(plan, prices) >= LEAST_COST;
  return priced || extrasOf(plan, prices).some((extra) => extra.kind !== "minimum");
}
