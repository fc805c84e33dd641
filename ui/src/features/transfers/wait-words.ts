import type { RestoreTier } from "$ipc";
import { m } from "$messages";
import { moment } from "$shared/format";
import type { Answer, Waiting } from "./waits";

/** What the sentence about a wait needs besides the wait itself. */
export interface WaitContext {
  /** Name of the account whose key is waited for. */
  account: string;
  /** Seconds left of the rest the server asked for. */
  askedSeconds: number | null;
  locale: string;
}

/** What happens next, or what is to be done, in a sentence. */
export function nextSentence(waiting: Waiting, context: WaitContext): string {
  switch (waiting.what) {
    case "network":
      if (context.askedSeconds !== null) return m.wait_asked({ seconds: context.askedSeconds });
      return waiting.kind === "throttled" ? m.wait_slowed() : m.wait_network();
    case "credential":
      return waiting.kind === "account_suspended"
        ? m.wait_suspended()
        : m.wait_credential({ account: context.account });
    case "restore":
      return restoreSentence(waiting);
    case "decision":
      return decisionSentence(waiting.kind);
  }
}

function restoreSentence(waiting: Waiting): string {
  const asked = waiting.transfers[0].restore;
  if (asked === null) return m.wait_archived();
  return m.wait_restoring({
    when: moment(asked.asked_ms),
    tier: tierName(asked.tier),
    days: asked.days,
  });
}

function decisionSentence(kind: string): string {
  switch (kind) {
    case "source_changed":
      return m.wait_source_changed();
    case "unprovable":
      return m.wait_unprovable();
    case "upload_uncertain":
      return m.wait_upload();
    default:
      return m.wait_conflict();
  }
}

/** The words on the button of an answer. */
export function answerWord(answer: Answer, waiting: Waiting): string {
  switch (answer) {
    case "go_on":
      return waiting.what === "network" ? m.wait_try_now() : m.wait_go_on();
    case "enter_keys":
      return m.wait_enter_keys();
    case "restore":
      return waiting.restoring ? m.wait_restore_again() : m.wait_restore();
    case "replace":
      return m.choice_replace();
    case "keep_both":
      return m.choice_keep_both();
    case "skip":
      return m.choice_skip();
    case "start_over":
      // Beside uploads that may be somebody else's it gives nothing back.
      return waiting.kind === "upload_uncertain" ? m.choice_start_anew() : m.choice_start_over();
    case "accept_as_is":
      return m.choice_accept_as_is();
    case "adopt_upload":
      return m.choice_adopt_upload();
  }
}

/** A tier within a sentence. */
function tierName(tier: RestoreTier): string {
  switch (tier) {
    case "expedited":
      return m.restore_tier_name_expedited();
    case "standard":
      return m.restore_tier_name_standard();
    case "bulk":
      return m.restore_tier_name_bulk();
  }
}

/** A tier as a choice, with how long it takes. */
export function tierWord(tier: RestoreTier): string {
  switch (tier) {
    case "expedited":
      return m.restore_tier_expedited();
    case "standard":
      return m.restore_tier_standard();
    case "bulk":
      return m.restore_tier_bulk();
  }
}
