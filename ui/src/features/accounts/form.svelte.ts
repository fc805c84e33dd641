import {
  type AccountDraft,
  type AccountTest,
  type AccountView,
  type Addressing,
  type ApiError,
  call,
  errorOf,
  type Network,
  type SavedAccount,
} from "$ipc";
import { failureLine } from "$shared/failure-words";
import { followChecks } from "./checks-so-far";
import type { PastedKeys } from "./pasted-keys";
import {
  endpointOf,
  networkOf,
  networksOf,
  type Provider,
  providerOf,
  providers,
} from "./providers";

export const ADDRESSINGS: readonly Addressing[] = ["virtual_host", "path", "custom_domain"];

/** Why the form is open: for a new account, an old one, new keys for it, or another like it. */
export type Purpose = "add" | "edit" | "renew" | "duplicate";

export type Step = "provider" | "keys" | "test";

/** Everything typed into the account wizard; going back loses nothing. */
export class AccountForm {
  step = $state<Step>("provider");
  provider = $state.raw<Provider>(firstProvider());
  name = $state("");
  region = $state("");
  /** `null`: the endpoint is what was typed. */
  network = $state<Network | null>("public");
  endpoint = $state("");
  fallbackDomain = $state(false);
  addressing = $state<Addressing>("virtual_host");
  accessKey = $state("");
  secretKey = $state("");
  token = $state("");
  /** When the token expires, as far as the pasted text said. */
  expiresMs = $state<number | null>(null);
  buckets = $state("");
  /** Editing: the stored secret stays until the user asks to replace it. */
  keepsSecret = $state(false);

  busy = $state(false);
  test = $state.raw<AccountTest | null>(null);
  /** What a test that still runs has found. */
  soFar = $state.raw<AccountTest | null>(null);
  problem = $state.raw<ApiError | null>(null);

  readonly #id: string | null;
  /** Its secret is copied unless another one is typed. */
  readonly #secretOf: string | null;
  #ownName = false;

  constructor(account: AccountView | null, purpose: Purpose = account === null ? "add" : "edit") {
    const copies = purpose === "duplicate";
    this.#id = copies ? null : (account?.id ?? null);
    this.#secretOf = copies ? (account?.id ?? null) : null;
    if (account === null) {
      this.choose(firstProvider());
      return;
    }
    this.provider = providerOf(account.dialect, account.endpoint, account.region);
    this.name = copies ? `${account.name} 2` : account.name;
    this.region = account.region;
    this.endpoint = account.endpoint;
    this.addressing = account.addressing;
    this.network = networkOf(this.provider, account.endpoint, account.region);
    this.fallbackDomain = account.fallback_domain;
    this.buckets = account.named_buckets.join(" ");
    this.keepsSecret = account.has_secret && purpose !== "renew";
    this.#ownName = true;
    this.step = "keys";
  }

  get isNew(): boolean {
    return this.#id === null;
  }

  choose(provider: Provider): void {
    this.provider = provider;
    this.addressing = provider.addressing;
    this.region = provider.clouds[0]?.regions[0]?.code ?? "";
    this.network = networksOf(provider, this.region)[0] ?? null;
    this.fallbackDomain = false;
    this.endpoint = "";
    this.#followRegion();
    if (!this.#ownName) this.name = provider.name();
  }

  /** Ways to reach the provider, the usual one first; none where only the user knows. */
  get networks(): Network[] {
    return networksOf(this.provider, this.region.trim());
  }

  typeName(name: string): void {
    this.name = name;
    this.#ownName = name !== "";
  }

  typeRegion(region: string): void {
    this.region = region;
    // Another cloud of the provider may not have the way that was chosen.
    if (this.network !== null && !this.networks.includes(this.network)) this.network = "public";
    this.#followRegion();
  }

  chooseAddressing(chosen: string): void {
    this.addressing = ADDRESSINGS.find((known) => known === chosen) ?? this.provider.addressing;
  }

  /** Something is set that most accounts leave alone. */
  get hasOptions(): boolean {
    return (
      this.buckets !== "" ||
      this.token !== "" ||
      this.fallbackDomain ||
      this.addressing !== this.provider.addressing ||
      ["token", "named_buckets"].some((field) => this.fieldProblem(field) !== null)
    );
  }

  chooseNetwork(network: Network | null): void {
    this.network = network;
    this.#followRegion();
  }

  /** What the user types stays; only emptying the field lets region and network write it again. */
  typeEndpoint(endpoint: string): void {
    this.endpoint = endpoint;
    this.network = endpoint === "" ? (this.networks[0] ?? null) : this.#networkOf(endpoint);
  }

  #networkOf(endpoint: string): Network | null {
    return networkOf(this.provider, endpoint.trim(), this.region.trim());
  }

  #followRegion(): void {
    if (this.network === null) return;
    this.endpoint = endpointOf(this.provider, this.network, this.region.trim()) ?? this.endpoint;
  }

  /** Asks the core to try the account; the findings are `test`. */
  async runTest(): Promise<void> {
    this.step = "test";
    this.test = null;
    this.soFar = null;
    const asked = this.#ask(() => call("test_account", this.#draft()));
    const unfollow = followChecks((soFar) => {
      this.soFar = soFar;
    });
    const found = await asked;
    unfollow();
    this.soFar = null;
    this.test = found;
    // What was typed wrong is shown where it was typed.
    if (found?.checks.some((check) => check.name === "input" && check.outcome === "failed"))
      this.step = "keys";
  }

  /** Keeps the account; `null` when the core refused, `problem` says why. */
  save(): Promise<SavedAccount | null> {
    return this.#ask(() => call("save_account", this.#draft()));
  }

  /** What is wrong with a field, from the last test or refusal. */
  fieldProblem(field: string): string | null {
    const found = [this.problem, ...(this.test?.checks.map((check) => check.error) ?? [])];
    const error = found.find((one) => one?.field === field);
    return error ? failureLine(error) : null;
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

  /** Keys without a token do not expire. */
  get #expiry(): number | null {
    return this.keepsSecret || this.token.trim() === "" ? null : this.expiresMs;
  }

  /** Takes both halves, and what came with them. */
  take(keys: PastedKeys): void {
    this.keepsSecret = false;
    this.accessKey = keys.accessKey;
    this.secretKey = keys.secretKey;
    if (keys.token !== null) this.token = keys.token;
    this.expiresMs = keys.expiresMs;
  }

  #draft(): AccountDraft {
    return {
      id: this.#id,
      name: this.name.trim(),
      dialect: this.provider.dialect,
      endpoint: this.endpoint.trim(),
      region: this.region.trim(),
      addressing: this.addressing,
      fallback_domain: this.provider.dialect === "cos" && this.fallbackDomain,
      named_buckets: this.buckets.split(/[\s,;]+/).filter((name) => name !== ""),
      credential: this.keepsSecret
        ? null
        : {
            access_key: this.accessKey.trim(),
            secret_key: this.secretKey.trim(),
            token: this.token.trim() === "" ? null : this.token.trim(),
          },
      ...(this.#expiry === null ? {} : { expires_ms: this.#expiry }),
      ...(this.#secretOf === null ? {} : { secret_of: this.#secretOf }),
    };
  }
}

function firstProvider(): Provider {
  const first = providers[0];
  if (first === undefined) throw new Error("there are no providers");
  return first;
}
