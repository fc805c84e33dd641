import { appState } from "$app/state.svelte";
import {
  type ApiError,
  type ConflictPolicy,
  type CopyPlan,
  type CopyRequest,
  type CopyTerms,
  call,
  errorOf,
  type JobKind,
  type NamedSource,
  type Place,
} from "$ipc";
import { type Exception, type Exceptions, jobsOf, keptOf } from "./exceptions";
import { withPartSize } from "./part-size";
import { type CopyChoices, presets } from "./presets.svelte";
import { lacksKey } from "./terms";
import { TimingDraft } from "./timing.svelte";

/** Objects and whole prefixes to be copied, as a pane hands them over. */
export interface CopyLoad {
  /** Where they are; the prefix is the one they were shown under. */
  source: Place;
  keys: string[];
  prefixes: string[];
  /** The same, each with a name of its own under the destination. */
  named?: NamedSource[];
  /** Of the objects; of prefixes nobody knows it yet. */
  bytes: number;
}

/** Typing and sliding settle for this long before the plan is asked for again, in milliseconds. */
const SETTLE_MS = 180;

/** Most transfers and parts at once that can be chosen. */
export const AT_ONCE_MAX = { transfers: 50, parts: 256 } as const;

/** A copy being prepared: what is chosen, and the plan that follows from it. */
export class CopyDraft {
  readonly load: CopyLoad;
  /** Account and bucket are those of the pane; the prefix can be edited. */
  readonly destination: Place;

  prefix = $state("");
  kind = $state<JobKind>("copy");
  onConflict = $state<ConflictPolicy>(appState.settings.on_conflict ?? "ask");
  /** New name of the only object or folder. */
  rename = $state("");
  /** Bytes; `null` lets the planner choose. */
  partSize = $state<number | null>(appState.settings.part_size ?? null);
  transfersAtOnce = $state(appState.settings.transfers_at_once);
  /** 0 finds out how many are best. */
  partsAtOnce = $state(appState.settings.parts_at_once);
  /** `null` keeps the source's. */
  storageClass = $state<string | null>(null);
  /** Encryption and access, where something is asked for. */
  terms = $state.raw<CopyTerms | null>(null);
  timing = $state.raw(new TimingDraft());
  /** Version of the only object; `null` is the current one. */
  version = $state<string | null>(null);
  /** What becomes of single keys after a look at what is there; the others go by `onConflict`. */
  exceptions = $state.raw<Exceptions>(new Map());
  /** Name of the preset the choices came from; empty for the defaults. */
  preset = $state("");

  /** The plan of the newest answer; stays on screen while a newer one is asked for. */
  plan = $state.raw<CopyPlan | null>(null);
  planning = $state(true);
  /** Why there is no plan, or why the copy did not start. */
  error = $state.raw<ApiError | null>(null);
  starting = $state(false);

  #turn = 0;

  constructor(load: CopyLoad, destination: Place) {
    this.load = load;
    this.destination = destination;
    this.prefix = destination.prefix;
    this.rename = this.originalName ?? "";
  }

  /**
   * Name of the only object or folder below the prefix it was shown under; `null` when there are
   * more, or when it has none but its delimiter.
   */
  get originalName(): string | null {
    const { keys, prefixes, named, source } = this.load;
    if (named !== undefined) return null;
    const [only, another] = [...keys.slice(0, 2), ...prefixes.slice(0, 2)];
    if (only === undefined || another !== undefined) return null;
    const name = only.slice(source.prefix.length);
    return keys.length === 1 ? name : name.replace(/\/$/, "") || null;
  }

  /** The only object; `null` where there are several, or a folder. */
  get onlyKey(): string | null {
    const { keys, prefixes, named } = this.load;
    const [key, another] = keys;
    const alone = named === undefined && prefixes.length === 0 && another === undefined;
    return alone ? (key ?? null) : null;
  }

  /** How it is copied, apart from what and where. */
  get choices(): CopyChoices {
    const { onConflict, kind, partSize, transfersAtOnce, partsAtOnce, storageClass, terms } = this;
    return { onConflict, kind, partSize, transfersAtOnce, partsAtOnce, storageClass, terms };
  }

  /** What the choices are measured by: the preset's, or the defaults. */
  get usual(): CopyChoices {
    return presets.find(this.preset) ?? defaults();
  }

  /** Takes a preset's choices over; empty for the defaults. */
  take(preset: string): void {
    this.preset = preset;
    Object.assign(this, this.usual);
  }

  /** The copy as the core wants it. */
  get request(): CopyRequest {
    const renamed = this.originalName !== null && this.rename !== this.originalName;
    return {
      source: this.load.source,
      ...this.#selected,
      destination: { ...this.destination, prefix: this.prefix },
      rename: renamed && this.version === null ? this.rename : null,
      options: {
        part_size: this.partSize,
        transfers_at_once: clamp(this.transfersAtOnce, AT_ONCE_MAX.transfers),
        parts_at_once: this.partsAtOnce === 0 ? 0 : clamp(this.partsAtOnce, AT_ONCE_MAX.parts),
        storage_class: this.storageClass?.trim() || null,
        ...(this.terms ? { terms: this.terms } : {}),
        ...(this.timing.isUsual ? {} : { timing: this.timing.timing }),
      },
      overwrite: this.onConflict === "overwrite",
      on_conflict: this.onConflict,
      kind: this.kind,
    };
  }

  /** The part size is the one in Settings, not one that was chosen for this copy. */
  get #hasDefaultPartSize(): boolean {
    return (
      this.partSize !== null && this.preset === "" && this.partSize === appState.settings.part_size
    );
  }

  /** Every object was taken out. */
  get #isEmpty(): boolean {
    const { keys, prefixes, named } = this.#selected;
    return keys.length === 0 && (prefixes ?? []).length === 0 && (named ?? []).length === 0;
  }

  get #selected(): Pick<CopyRequest, "keys" | "prefixes" | "named"> {
    const { keys, prefixes, named } = this.load;
    const { version, onlyKey, exceptions } = this;
    if (named) return { keys: [], named };
    if (version !== null && onlyKey !== null) {
      const one = { key: onlyKey, whole_prefix: false, name: this.rename, version };
      return { keys: [], named: [one] };
    }
    return { keys: keptOf(keys, exceptions), prefixes };
  }

  /** The plan, with the part size that is chosen now while the answer to it is on its way. */
  get preview(): CopyPlan | null {
    if (!this.plan || !this.planning) return this.plan;
    return withPartSize(this.plan, this.partSize);
  }

  /**
   * Why it cannot start, as a stable word; `null` when it can. Nobody has to wait for the plan:
   * starting plans once more and refuses what this plan would have refused.
   */
  get obstacle(): "empty_name" | "needs_key" | "nothing_left" | "no_plan" | "problems" | null {
    if (this.originalName !== null && this.rename === "") return "empty_name";
    if (lacksKey(this.terms)) return "needs_key";
    if (this.planning) return null;
    if (this.#isEmpty) return "nothing_left";
    if (!this.plan) return "no_plan";
    return this.plan.problems.length > 0 ? "problems" : null;
  }

  /** Asks for the plan of the request as it is now; the answer to an older one is dropped. */
  replan(request: CopyRequest): () => void {
    this.#turn += 1;
    const turn = this.#turn;
    // Without its key every plan would fail; the one that is shown is right but for that.
    if (lacksKey(this.terms) || this.#isEmpty) {
      this.planning = false;
      return () => {};
    }
    this.planning = true;
    const timer = setTimeout(() => void this.#ask(request, turn), this.plan ? SETTLE_MS : 0);
    return () => clearTimeout(timer);
  }

  /** How many objects that exist go their own way, and are still copied. */
  get settled(): number {
    return [...this.exceptions.values()].filter((way) => way !== "skip").length;
  }

  /** What becomes of one key; `null` leaves it to `onConflict`. */
  except(key: string, exception: Exception | null): void {
    const next = new Map(this.exceptions);
    if (exception === null) next.delete(key);
    else next.set(key, exception);
    this.exceptions = next;
  }

  /**
   * Starts the copy; answers its number (of several, the first), or `null` when not all of it
   * started. `first` lets it go before jobs that wait, unless the user said when it is to run.
   */
  async start(first = false): Promise<number | null> {
    this.starting = true;
    this.error = null;
    let job: number | null = null;
    try {
      for (const request of jobsOf(this.request, this.exceptions)) {
        if (first && this.timing.isUsual) {
          request.options.timing = { ...this.timing.timing, priority: "high" };
        }
        const started = await call("start_copy", request);
        job ??= started.job;
        // Should a later one be refused, this one is not begun again.
        for (const key of this.exceptions.size > 0 ? request.keys : []) this.except(key, "skip");
      }
      return job;
    } catch (cause) {
      this.error = errorOf(cause);
      return null;
    } finally {
      this.starting = false;
    }
  }

  async #ask(request: CopyRequest, turn: number): Promise<void> {
    try {
      const plan = await call("plan_copy", request);
      if (turn !== this.#turn) return;
      this.plan = plan;
      this.error = null;
      // A default that does not suit these objects is none; a choice would be kept and explained.
      if (plan.problems.length > 0 && this.#hasDefaultPartSize) this.partSize = null;
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.plan = null;
      this.error = errorOf(cause);
    }
    this.planning = false;
  }
}

function defaults(): CopyChoices {
  const { settings } = appState;
  return {
    onConflict: settings.on_conflict ?? "ask",
    kind: "copy",
    partSize: settings.part_size ?? null,
    transfersAtOnce: settings.transfers_at_once,
    partsAtOnce: settings.parts_at_once,
    storageClass: null,
    terms: null,
  };
}

function clamp(count: number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(count) || 1));
}
