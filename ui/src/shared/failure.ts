import { m } from "$messages";

/** What failed in the user's language, and what to do about it, by the kind the core names. */
const WORDS: Record<string, { headline: () => string; advice?: () => string }> = {
  throttled: { headline: m.failure_throttled, advice: m.advice_throttled },
  server_trouble: { headline: m.failure_server_trouble, advice: m.advice_retry },
  network: { headline: m.failure_network, advice: m.advice_network },
  tls: { headline: m.failure_tls, advice: m.advice_tls },
  clock_skew: { headline: m.failure_clock_skew, advice: m.advice_clock_skew },
  wrong_credential: { headline: m.failure_wrong_credential, advice: m.advice_wrong_credential },
  expired_credential: {
    headline: m.failure_expired_credential,
    advice: m.advice_expired_credential,
  },
  missing_credential: {
    headline: m.failure_missing_credential,
    advice: m.advice_missing_credential,
  },
  access_denied: { headline: m.failure_access_denied, advice: m.advice_access_denied },
  account_suspended: { headline: m.failure_account_suspended, advice: m.advice_account_suspended },
  wrong_region: { headline: m.failure_wrong_region, advice: m.advice_wrong_region },
  no_such_bucket: { headline: m.failure_no_such_bucket, advice: m.advice_no_such_bucket },
  no_such_source: { headline: m.failure_no_such_source, advice: m.advice_no_such_source },
  no_such_upload: { headline: m.failure_no_such_upload, advice: m.advice_no_such_upload },
  needs_restore: { headline: m.failure_needs_restore, advice: m.advice_needs_restore },
  source_changed: { headline: m.failure_source_changed, advice: m.advice_source_changed },
  destination_conflict: {
    headline: m.failure_destination_conflict,
    advice: m.advice_destination_conflict,
  },
  unprovable: { headline: m.failure_unprovable, advice: m.advice_unprovable },
  upload_uncertain: { headline: m.failure_upload_uncertain, advice: m.advice_upload_uncertain },
  verification_failed: {
    headline: m.failure_verification_failed,
    advice: m.advice_verification_failed,
  },
  invalid: { headline: m.failure_invalid, advice: m.advice_invalid },
  impossible: { headline: m.failure_impossible, advice: m.advice_impossible },
  not_supported: { headline: m.failure_not_supported, advice: m.advice_not_supported },
  bad_response: { headline: m.failure_bad_response, advice: m.advice_retry },
  journal: { headline: m.failure_journal, advice: m.advice_journal },
  leased: { headline: m.failure_leased, advice: m.advice_leased },
  in_use: { headline: m.failure_in_use, advice: m.advice_in_use },
  not_found: { headline: m.failure_not_found, advice: m.advice_not_found },
  journal_newer: { headline: m.failure_journal_newer, advice: m.advice_journal_newer },
  journal_unwritable: { headline: m.failure_journal, advice: m.advice_journal },
  demo_cloud: { headline: m.failure_demo_cloud, advice: m.advice_demo_cloud },
  core_gone: { headline: m.failure_core_gone, advice: m.advice_core_gone },
  bridge: { headline: m.failure_core_gone, advice: m.advice_core_gone },
  unwritable: { headline: m.failure_unwritable, advice: m.advice_unwritable },
  file: { headline: m.failure_unwritable, advice: m.advice_unwritable },
  internal: { headline: m.failure_internal, advice: m.advice_internal },
  bad_argument: { headline: m.failure_internal, advice: m.advice_internal },
  unexpected: { headline: m.failure_internal, advice: m.advice_internal },
  unknown: { headline: m.failure_internal, advice: m.advice_internal },
};

/** One plain sentence, or `null` for a kind that has none: the core's message then stands alone. */
export function headlineFor(kind: string): string | null {
  return WORDS[kind]?.headline() ?? null;
}

/** What the user can do, or `null` when the core's message says it all. */
export function adviceFor(kind: string): string | null {
  return WORDS[kind]?.advice?.() ?? null;
}
