import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import TimerOff from "@lucide/svelte/icons/timer-off";
import type { AccountView } from "$ipc";
import { m } from "$messages";
import type { Shown } from "$shared/job-state";
import { expiryAt } from "./expiry";

/** Whether an account can be used, in a word. */
export function accountState(account: AccountView, nowMs: number): Shown {
  if (account.demo) return { word: m.account_demo(), tone: "accent", icon: FlaskConical };
  if (!account.has_secret) {
    return { word: m.account_no_secret(), tone: "warn", icon: CircleAlert };
  }
  if (expiryAt(account.expires_ms, nowMs) === "expired") {
    return { word: m.key_expired(), tone: "danger", icon: TimerOff };
  }
  return { word: m.account_ready(), tone: "ok", icon: CircleCheck };
}
