import { type AppState, call, type Settings } from "$ipc";
import { units } from "$shared/units.svelte";
import { accounts } from "./accounts.svelte";
import { keymap } from "./keymap.svelte";
import { language } from "./language.svelte";

/** What the core said when the window opened, and the settings since. */
class WindowState {
  version = $state("");
  dataFolder = $state("");
  keyringProblem = $state<string | null>(null);
  journalSetAside = $state<string | null>(null);
  settings = $state<Settings>({
    language: null,
    theme: "system",
    transfers_at_once: 3,
    parts_at_once: 0,
    jobs_at_once: 3,
    density: "normal",
    units: "iec",
    start_screen: "browse",
    preset: "explorer",
    shortcuts: {},
    on_conflict: "ask",
    ask_above: { objects: 10_000, gib: 100 },
    notify: { done: true, failed: true, needs_you: true },
    prices: [],
    on_close: "keep_running",
    part_size: null,
    retries: 7,
    proxy: null,
    ca_file: null,
  });

  async load(): Promise<void> {
    this.#take(await call("app_state", {}));
  }

  /** As the core last kept them. */
  #kept: Settings = $state.snapshot(this.settings);
  #changes = 0;
  #saving: Promise<void> = Promise.resolve();

  /** Applies a change at once and keeps it; puts the kept values back when it cannot be kept. */
  change(part: Partial<Settings>): Promise<void> {
    this.#apply({ ...$state.snapshot(this.settings), ...part });
    this.#changes += 1;
    // One after the other: an older answer that comes late must not undo a newer change.
    const saved = this.#saving.then(() => this.#save());
    this.#saving = saved.catch(() => {});
    return saved;
  }

  async #save(): Promise<void> {
    const change = this.#changes;
    try {
      this.#kept = await call("put_settings", $state.snapshot(this.settings));
      if (change === this.#changes) this.#apply(this.#kept);
    } catch (cause) {
      this.#apply(this.#kept);
      throw cause;
    }
  }

  /** Puts settings in force that the core keeps already. */
  adopt(settings: Settings): void {
    this.#kept = settings;
    this.#apply(settings);
  }

  #take(state: AppState): void {
    this.version = state.version;
    this.dataFolder = state.data_folder;
    this.keyringProblem = state.keyring_problem;
    this.journalSetAside = state.journal_set_aside;
    accounts.list = state.accounts;
    this.#kept = state.settings;
    this.#apply(state.settings);
  }

  #apply(settings: Settings): void {
    this.settings = settings;
    language.choose(settings.language);
    keymap.preset = settings.preset;
    keymap.own = settings.shortcuts as Record<string, string[]>;
    units.decimal = settings.units === "decimal";
    document.documentElement.dataset.density = settings.density;
    if (settings.theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = settings.theme;
  }
}

export const appState = new WindowState();
