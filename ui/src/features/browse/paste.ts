import { asking } from "$app/asking";
import { jobStore } from "$app/jobs.svelte";
import { router } from "$app/router.svelte";
import { appState } from "$app/state.svelte";
import { toasts } from "$app/toasts.svelte";
import { openObjectDialog } from "$features/objects/open.svelte";
import { pricesOf } from "$features/settings/prices";
import { type CopyPlan, call, type Place } from "$ipc";
import { m } from "$messages";
import { copyDialog } from "../copy/dialog.svelte";
import { CopyDraft } from "../copy/draft.svelte";
import { canCancel, cancelJob } from "../transfers/commands";
import { asksFirst } from "./asks";
import { clipboard } from "./clipboard.svelte";
import { obstacleText } from "./hold";
import type { Pane } from "./pane.svelte";
import { selectionWords } from "./selection-words";

/** A plan that takes longer is awaited in the dialog, where it can be seen growing; milliseconds. */
const PATIENCE_MS = 1_200;

/** Ctrl+Shift+V: the copy dialog, from what is held to where the pane stands. */
export async function pasteWithOptions(pane: Pane): Promise<void> {
  const isLatest = asking();
  const draft = await drafted(pane);
  if (draft) ask(draft, isLatest());
}

/** Ctrl+V: starts at once what needs no second look, and opens the dialog for the rest. */
export async function paste(pane: Pane): Promise<void> {
  const isLatest = asking();
  const draft = await drafted(pane);
  if (!draft) return;
  const plan = await soon(call("plan_copy", draft.request));
  if (plan === null || asks(draft, plan)) {
    ask(draft, isLatest());
    return;
  }
  const job = await draft.start();
  // The dialog says why it did not start.
  if (job === null) ask(draft, isLatest());
  else sayStarted(draft, plan, job);
}

/** Opens the dialog; where something newer was asked for meanwhile, offers to. */
function ask(draft: CopyDraft, isLatest: boolean): void {
  if (isLatest) copyDialog.show(draft);
  else {
    toasts.say(m.browse_paste_waits({ what: selectionWords(draft.load) }), {
      action: { label: m.browse_paste_look(), run: () => copyDialog.show(draft) },
      lasting: true,
    });
  }
}

/** What is held, or will be in a moment, on its way to where the pane stands now. */
async function drafted(pane: Pane): Promise<CopyDraft | null> {
  const { place } = pane;
  await clipboard.settled();
  const { held, kind } = clipboard;
  if (!held || !place) return null;
  const obstacle = obstacleText(held.source.account, place.account);
  if (obstacle !== null) {
    toasts.say(obstacle);
    return null;
  }
  const draft = new CopyDraft(held, place);
  draft.kind = kind;
  // What was cut is moved once.
  if (kind === "move") clipboard.release();
  return draft;
}

/** The answer, or `null` where there is none yet or it is an error: the dialog then asks again. */
async function soon<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  const late = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE_MS));
  return Promise.race([asked.catch(() => null), late]);
}

function asks(draft: CopyDraft, plan: CopyPlan): boolean {
  const { settings } = appState;
  const prices = pricesOf(settings.prices, draft.destination.account);
  return asksFirst({ plan, limits: settings.ask_above, prices });
}

function sayStarted(draft: CopyDraft, plan: CopyPlan, job: number): void {
  const what = selectionWords(draft.load);
  const moves = draft.kind === "move";
  const copies = plan.items.map((item) => item.destination_key);
  // A move, or more copies than the plan names, can only be stopped.
  const known = !moves && copies.length === plan.objects;
  toasts.say(moves ? m.copy_started_move({ what }) : m.copy_started({ what }), {
    tone: "ok",
    action: { label: m.browse_paste_show(), run: () => router.go("transfers", job) },
    also: known
      ? {
          label: m.browse_paste_undo(),
          run: () => void undo(job, draft.destination, copies, plan.bytes),
        }
      : { label: m.browse_paste_cancel(), run: () => void cancel(job) },
  });
}

/** Stops the copy; one that has ended is taken back by deleting what it made, after a question. */
async function undo(job: number, place: Place, keys: string[], bytes: number): Promise<void> {
  if (hasEnded(job)) {
    router.go("browse");
    openObjectDialog("delete", { place, keys, prefixes: [], bytes });
  } else await cancel(job);
}

async function cancel(job: number): Promise<void> {
  if (hasEnded(job)) {
    toasts.say(m.browse_paste_ended());
    return;
  }
  // Parts that are on the server cost money and help nobody any more.
  await cancelJob(job, false);
  toasts.say(m.browse_paste_cancelled());
}

/** A job that is not known yet has only begun. */
function hasEnded(number: number): boolean {
  const job = jobStore.jobs.get(number);
  return job !== undefined && !canCancel(job);
}
