import Archive from "@lucide/svelte/icons/archive";
import Ban from "@lucide/svelte/icons/ban";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import CirclePlay from "@lucide/svelte/icons/circle-play";
import CircleX from "@lucide/svelte/icons/circle-x";
import Clock from "@lucide/svelte/icons/clock";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Layers from "@lucide/svelte/icons/layers";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Snail from "@lucide/svelte/icons/snail";
import Unplug from "@lucide/svelte/icons/unplug";
import type { Component } from "svelte";
import type { JobView, TransferView } from "$ipc";
import { m } from "$messages";

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
      return { word: m.state_waiting(), tone: "warn", icon: Hourglass };
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
      return {
        word: waitingWord(transfer.waits_for),
        tone: "warn",
        icon: transfer.waits_for === "restore" ? Archive : Hourglass,
      };
    case "completing":
      return { word: m.state_completing(), tone: "accent", icon: Layers };
    case "verifying":
      return { word: m.state_verifying(), tone: "accent", icon: ShieldCheck };
    case "done":
      return { word: m.state_done(), tone: "ok", icon: CircleCheck };
    case "aborting":
      return { word: m.state_cancelling(), tone: "muted", icon: Ban };
    case "cancelled":
      return { word: m.state_cancelled(), tone: "muted", icon: Ban };
    case "failed":
      return { word: m.state_failed(), tone: "danger", icon: CircleX };
  }
}

function waitingWord(what: string | null): string {
  switch (what) {
    case "network":
      return m.waits_network();
    case "credential":
      return m.waits_credential();
    case "restore":
      return m.waits_restore();
    case "decision":
      return m.waits_decision();
    default:
      return m.state_waiting();
  }
}
