import Archive from "@lucide/svelte/icons/archive";
import Ban from "@lucide/svelte/icons/ban";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import CirclePlay from "@lucide/svelte/icons/circle-play";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import CircleX from "@lucide/svelte/icons/circle-x";
import Clock from "@lucide/svelte/icons/clock";
import Hourglass from "@lucide/svelte/icons/hourglass";
import KeyRound from "@lucide/svelte/icons/key-round";
import Layers from "@lucide/svelte/icons/layers";
import Scissors from "@lucide/svelte/icons/scissors";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import SkipForward from "@lucide/svelte/icons/skip-forward";
import Snail from "@lucide/svelte/icons/snail";
import Unplug from "@lucide/svelte/icons/unplug";
import WifiOff from "@lucide/svelte/icons/wifi-off";
import type { Component } from "svelte";
import type { JobView, TransferView } from "$ipc";
import { m } from "$messages";
import { waitBecauseOf } from "./wait";

/** A state as it is shown: never by colour alone. */
export interface Shown {
  word: string;
  tone: "muted" | "accent" | "ok" | "warn" | "danger";
  icon: Component<{ size?: number }>;
}

/** What a job is doing, in one or a few words. */
export function showJob(job: JobView): Shown {
  switch (job.state) {
    case "queued":
      return { word: m.state_queued(), tone: "muted", icon: Clock };
    case "copying":
      if (job.asked_seconds !== null) {
        return {
          word: m.state_asked({ seconds: job.asked_seconds }),
          tone: "warn",
          icon: Hourglass,
        };
      }
      return job.throttled
        ? { word: m.state_throttled(), tone: "warn", icon: Snail }
        : { word: m.state_copying(), tone: "accent", icon: CirclePlay };
    case "completing":
      return { word: m.state_completing(), tone: "accent", icon: Layers };
    case "verifying":
      return { word: m.state_verifying(), tone: "accent", icon: ShieldCheck };
    case "paused":
      return job.in_flight > 0
        ? { word: m.state_pausing(), tone: "muted", icon: CirclePause }
        : { word: m.state_paused(), tone: "muted", icon: CirclePause };
    case "waiting":
      return showWaiting(waitBecauseOf(job.error?.kind));
    case "interrupted":
      return { word: m.state_interrupted(), tone: "warn", icon: Unplug };
    case "cancelling":
      return { word: m.state_cancelling(), tone: "muted", icon: Ban };
    case "cancelled":
      return { word: m.state_cancelled(), tone: "muted", icon: Ban };
    case "done":
      return { word: m.state_done(), tone: "ok", icon: CircleCheck };
    case "done_with_failures":
      return {
        word: m.state_done_with_failures({ count: job.objects_failed }),
        tone: "danger",
        icon: CircleAlert,
      };
    case "failed":
      return { word: m.state_failed(), tone: "danger", icon: CircleX };
  }
}

/** What a transfer is doing. */
export function showTransfer(transfer: TransferView): Shown {
  switch (transfer.state) {
    case "queued":
      return { word: m.state_queued(), tone: "muted", icon: Clock };
    case "starting":
      return { word: m.state_starting(), tone: "accent", icon: CirclePlay };
    case "copying":
      return { word: m.state_copying(), tone: "accent", icon: CirclePlay };
    case "paused":
      return { word: m.state_paused(), tone: "muted", icon: CirclePause };
    case "waiting":
      return showWaiting(transfer.waits_for);
    case "completing":
      return { word: m.state_completing(), tone: "accent", icon: Layers };
    case "verifying":
      return { word: m.state_verifying(), tone: "accent", icon: ShieldCheck };
    case "removing":
      return { word: m.state_removing(), tone: "accent", icon: Scissors };
    case "done":
      return { word: m.state_done(), tone: "ok", icon: CircleCheck };
    case "skipped":
      return { word: m.state_skipped(), tone: "muted", icon: SkipForward };
    case "aborting":
      return { word: m.state_cancelling(), tone: "muted", icon: Ban };
    case "cancelled":
      return { word: m.state_cancelled(), tone: "muted", icon: Ban };
    case "failed":
      return { word: m.state_failed(), tone: "danger", icon: CircleX };
  }
}

function showWaiting(what: string | null): Shown {
  switch (what) {
    case "network":
      return { word: m.waits_network(), tone: "warn", icon: WifiOff };
    case "credential":
      return { word: m.waits_credential(), tone: "warn", icon: KeyRound };
    case "restore":
      return { word: m.waits_restore(), tone: "warn", icon: Archive };
    case "decision":
      return { word: m.waits_decision(), tone: "warn", icon: CircleQuestionMark };
    default:
      return { word: m.state_waiting(), tone: "warn", icon: Hourglass };
  }
}
