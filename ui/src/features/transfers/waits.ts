import type { Choice, JobView, TransferView } from "$ipc";
import type { Wait } from "$shared/wait";

/** What can be done about a wait: a choice is a decision, the others lead elsewhere. */
export type Answer = Choice | "go_on" | "enter_keys" | "restore";

/** Transfers of a job that wait for the same thing for the same reason. */
export interface Waiting {
  what: Wait;
  /** The kind of their error. */
  kind: string;
  /** Archived sources that were asked back are waited for, others wait to be asked back. */
  restoring: boolean;
  /** In the order of the job; never empty. */
  transfers: [TransferView, ...TransferView[]];
  /** How many there are; of very many, the transfers named are only the first. */
  count: number;
}

/** Harmless answers first: whoever presses Enter too early loses nothing. */
const CHOICES: readonly Choice[] = [
  "keep_both",
  "adopt_upload",
  "start_over",
  "accept_as_is",
  "skip",
  "replace",
];

/** Waiting transfers, those alike together, in the order of their first; `all` that wait. */
export function alike(transfers: readonly TransferView[], all: number): Waiting[] {
  const groups = new Map<string, Waiting>();
  for (const transfer of transfers) {
    if (transfer.state !== "waiting" || transfer.waits_for === null) continue;
    const what = transfer.waits_for as Wait;
    const kind = transfer.error?.kind ?? "";
    const restoring = what === "restore" && transfer.restore !== null;
    const name = `${what} ${kind} ${restoring}`;
    const known = groups.get(name);
    if (known) {
      known.transfers.push(transfer);
      known.count += 1;
    } else groups.set(name, { what, kind, restoring, transfers: [transfer], count: 1 });
  }
  const found = [...groups.values()];
  // Alone, it has those that were too many to be named, too.
  const [only, another] = found;
  if (only && !another) only.count = Math.max(only.count, all);
  return found;
}

/**
 * | waits for  | because of           | answers                                  |
 * |------------|----------------------|------------------------------------------|
 * | network    | any                  | go on (it also does by itself)           |
 * | credential | a suspended account  | go on                                    |
 * | credential | any other            | enter keys                               |
 * | restore    | any                  | restore                                  |
 * | decision   | any                  | what the core offers, harmless ones first|
 */
export function answersTo(waiting: Waiting): Answer[] {
  switch (waiting.what) {
    case "network":
      return ["go_on"];
    case "credential":
      return [waiting.kind === "account_suspended" ? "go_on" : "enter_keys"];
    case "restore":
      return ["restore"];
    case "decision": {
      const offered = waiting.transfers[0].choices;
      return CHOICES.filter((choice) => offered.includes(choice));
    }
  }
}

/** Whether one answer may stand for all that are alike: an upload is adopted by one transfer. */
export function answersMany(answer: Answer): boolean {
  return answer !== "adopt_upload";
}

/**
 * The account whose key is waited for. The destination's key does the copying; the source's is
 * only asked about the source.
 */
export function accountAskedFor(
  job: Pick<JobView, "source" | "destination">,
  transfer: Pick<TransferView, "error">,
): string {
  const bucket = transfer.error?.bucket;
  const reads = /^(Head|Get|List)/.test(transfer.error?.operation ?? "");
  const ofSource = reads && bucket === job.source.bucket && bucket !== job.destination.bucket;
  return ofSource ? job.source.account : job.destination.account;
}
