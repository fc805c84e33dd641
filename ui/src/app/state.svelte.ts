import { type AppState, call, type Settings } from "$ipc";
import { accounts } from "./accounts.svelte";
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
    parts_at_once: 16,
    jobs_at_once: 3,
  });

  async load(): Promise<void> {
    this.#take(await call("app_state", {}));
  }

  /** Applies a change at once and keeps it; puts the old value back when it cannot be kept. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = $state.snapshot(this.settings);
    this.#apply({ ...before, ...part });
    try {
      this.#apply(await call("put_settings", { ...before, ...part }));
    } catch (cause) {
      this.#apply(before);
      throw cause;
    }
  }

  #take(state: AppState): void {
    this.version = state.version;
    this.dataFolder = state.data_folder;
    this.keyringProblem = state.keyring_problem;
    this.journalSetAside = state.journal_set_aside;
    accounts.list = state.accounts;
    this.#apply(state.settings);
  }

  #apply(settings: Settings): void {
    this.settings = settings;
    language.choose(settings.language);
    if (settings.theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = settings.theme;
  }
}

export const appState = new WindowState();
