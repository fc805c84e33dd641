import { m } from "$messages";

/** The core's event words in the user's language. */
const WORDS: Record<string, () => string> = {
  job_started: m.event_job_started,
  source_pinned: m.event_source_pinned,
  not_carried: m.event_not_carried,
  upload_created: m.event_upload_created,
  upload_adopted: m.event_upload_adopted,
  upload_uncertain: m.event_upload_uncertain,
  parts_found: m.event_parts_found,
  upload_lost: m.event_upload_lost,
  part_retried: m.event_part_retried,
  request_retried: m.event_request_retried,
  throttled: m.event_throttled,
  computer_slept: m.event_computer_slept,
  parts_smaller: m.event_parts_smaller,
  parts_at_once_found: m.event_parts_at_once_found,
  source_changed: m.event_source_changed,
  complete_sent: m.event_complete_sent,
  complete_refused: m.event_complete_refused,
  completed: m.event_completed,
  completion_proven: m.event_completion_proven,
  verified: m.event_verified,
  not_verified: m.event_not_verified,
  source_removed: m.event_source_removed,
  source_kept: m.event_source_kept,
  listing_held: m.event_listing_held,
  paused: m.event_paused,
  resumed: m.event_resumed,
  cancelled: m.event_cancelled,
  aborted: m.event_aborted,
  waiting_network: m.event_waiting_network,
  waiting_credential: m.event_waiting_credential,
  waiting_restore: m.event_waiting_restore,
  waiting_decision: m.event_waiting_decision,
  decided: m.event_decided,
  skipped: m.event_skipped,
  kept_both: m.event_kept_both,
  accepted: m.event_accepted,
  restore_asked: m.event_restore_asked,
  restored: m.event_restored,
  failed: m.event_failed,
  capability_missing: m.event_capability_missing,
};

/** An event in words; an unknown one, from a newer core, as the core calls it. */
export function eventWord(what: string): string {
  return WORDS[what]?.() ?? what.replaceAll("_", " ");
}
