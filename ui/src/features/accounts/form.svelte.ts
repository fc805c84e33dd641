import {
  type AccountDraft,
  type AccountTest,
  type AccountView,
  type ApiError,
  call,
  errorOf,
  type SavedAccount,
} from "$ipc";
import { type Provider, providerOf, providers } from "./providers";

export type Step = "provider" | "keys" | "test";

/** Everything typed into the account wizard; going back loses nothing. */
export class AccountForm {
  step = $state<Step>("provider");
  provider = $state.raw<Provider>(firstProvider());
  name = $state("");
  region = $state("");
  endpoint = $state("");
  addressing = $state<AccountDraft["addressing"]>("virtual_host");
  accessKey = $state("");
  secretKey = $state("");
  token = $state("");
  buckets = $state("");
  /** Editing: the stored secret stays until the user asks to replace it. */
  keepsSecret = $state(false);

  busy = $state(false);
  test = $state.raw<AccountTest | null>(null);
  problem = $state.raw<ApiError | null>(null);

  readonly #id: string | null;
  /** The user typed an endpoint; the region no longer writes it. */
  #ownEndpoint = false;
  #ownName = false;

  constructor(account: AccountView | null) {
    this.#id = account?.id ?? null;
    if (account === null) {
      this.choose(firstProvider());
      return;
    }
    this.provider = providerOf(account.dialect, account.endpoint);
    this.name = account.name;
    this.region = account.region;
    this.endpoint = account.endpoint;
    this.addressing = account.addressing;
    this.buckets = account.named_buckets.join(" ");
    this.keepsSecret = account.has_secret;
    this.#ownEndpoint = true;
    this.#ownName = true;
    this.step = "keys";
  }

  get isNew(): boolean {
    return this.#id === null;
  }

  choose(provider: Provider): void {
    this.provider = provider;
    this.addressing = provider.addressing;
    this.region = provider.regions[0] ?? "";
    this.#ownEndpoint = false;
    this.endpoint = provider.endpoint?.(this.region) ?? "";
    if (!this.#ownName) this.name = provider.name();
  }

  typeName(name: string): void {
    this.name = name;
    this.#ownName = name !== "";
  }

  typeRegion(region: string): void {
    this.region = region;
    if (!this.#ownEndpoint)
      this.endpoint = this.provider.endpoint?.(region.trim()) ?? this.endpoint;
  }

  typeEndpoint(endpoint: string): void {
    this.endpoint = endpoint;
    this.#ownEndpoint = endpoint !== "";
  }

  /** Asks the core to try the account; the findings are `test`. */
  async runTest(): Promise<void> {
    this.step = "test";
    this.test = null;
    const found = await this.#ask(() => call("test_account", this.#draft()));
    this.test = found;
    // What was typed wrong is shown where it was typed.
    if (found?.checks.some((check) => check.name === "input" && !check.ok)) this.step = "keys";
  }

  /** Keeps the account; `null` when the core refused, `problem` says why. */
  save(): Promise<SavedAccount | null> {
    return this.#ask(() => call("save_account", this.#draft()));
  }

  /** What is wrong with a field, from the last test or refusal. */
  fieldProblem(field: string): string | null {
    const found = [this.problem, ...(this.test?.checks.map((check) => check.error) ?? [])];
    return found.find((error) => error?.field === field)?.message ?? null;
  }

  async #ask<Answer>(command: () => Promise<Answer>): Promise<Answer | null> {
    this.busy = true;
    this.problem = null;
    try {
      return await command();
    } catch (cause) {
      this.problem = errorOf(cause);
      return null;
    } finally {
      this.busy = false;
    }
  }

  #draft(): AccountDraft {
    return {
      id: this.#id,
      name: this.name.trim(),
      dialect: this.provider.dialect,
      endpoint: this.endpoint.trim(),
      region: this.region.trim(),
      addressing: this.addressing,
      named_buckets: this.buckets.split(/[\s,;]+/).filter((name) => name !== ""),
      credential: this.keepsSecret
        ? null
        : {
            access_key: this.accessKey.trim(),
            secret_key: this.secretKey.trim(),
            token: this.token.trim() === "" ? null : this.token.trim(),
          },
    };
  }
}

function firstProvider(): Provider {
  const first = providers[0];
  if (first === undefined) throw new Error("there are no providers");
  return first;
}
