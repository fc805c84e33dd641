import type { AccountCheck } from "$ipc";
import { m } from "$messages";
import { adviceFor } from "$shared/failure";

/** What to do about a check that failed, here where the account is being entered. */
export function remedyOf(check: AccountCheck): string | undefined {
  if (check.error === null) return undefined;
  if (check.permission !== null) return m.check_allow({ permission: check.permission });
  switch (check.error.kind) {
    case "wrong_credential":
    case "missing_credential":
      return m.remedy_keys();
    case "expired_credential":
      return m.remedy_new_token();
    case "access_denied":
      return check.name === "list_buckets" ? m.remedy_name_buckets() : m.advice_access_denied();
    default:
      return adviceFor(check.error.kind) ?? undefined;
  }
}
