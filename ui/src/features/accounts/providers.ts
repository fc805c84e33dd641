import { language } from "$app/language.svelte";
import type { Addressing, Dialect, Network, ProviderChoice, RegionChoice } from "$ipc";
import { PROVIDERS } from "$ipc";
import { m } from "$messages";

/** A choice of the wizard's first step: one name, and the separate clouds behind it. */
export interface Provider {
  id: string;
  dialect: Dialect;
  name: () => string;
  addressing: Addressing;
  clouds: ProviderChoice[];
}

const NAMES: Record<string, () => string> = {
  tencent: m.provider_cos,
  huawei: m.provider_obs,
  otc: m.provider_otc,
  aws: m.provider_aws,
  s3: m.provider_s3_other,
  "s3-v2": m.provider_obs_v2,
};

export const providers: Provider[] = [...new Set(PROVIDERS.map((cloud) => cloud.family))].map(
  (family) => {
    const clouds = PROVIDERS.filter((cloud) => cloud.family === family);
    const first = clouds[0];
    if (first === undefined) throw new Error(`the family ${family} has no clouds`);
    return {
      id: family,
      dialect: first.dialect,
      name: NAMES[family] ?? (() => nameOf(first)),
      addressing: first.addressing,
      clouds,
    };
  },
);

/** A cloud's or region's name in the language of the window. */
export function nameOf(named: { en: string; zh: string }): string {
  return language.current === "zh-CN" ? named.zh : named.en;
}

/** The cloud that has a region; for one that nobody lists, the provider's first. */
export function cloudOf(provider: Provider, region: string): ProviderChoice | undefined {
  return (
    provider.clouds.find((cloud) => cloud.regions.some((known) => known.code === region)) ??
    provider.clouds[0]
  );
}

/** What is known of a region by its code. */
export function regionOf(provider: Provider, code: string): RegionChoice | undefined {
  return provider.clouds.flatMap((cloud) => cloud.regions).find((region) => region.code === code);
}

/** Ways to reach a provider in a region, the usual one first. */
export function networksOf(provider: Provider, region: string): Network[] {
  return cloudOf(provider, region)?.networks.map((way) => way.kind) ?? [];
}

/** The endpoint that follows from region and network; `null` where only the user knows it. */
export function endpointOf(provider: Provider, network: Network, region: string): string | null {
  const way = cloudOf(provider, region)?.networks.find((one) => one.kind === network);
  if (way === undefined) return null;
  if (region === "" && way.host.includes("{region}")) return null;
  const own = network === "public" ? regionOf(provider, region)?.host : null;
  return `https://${own ?? way.host.replace("{region}", region)}`;
}

/** The wizard's choice for an account that exists already. */
export function providerOf(dialect: Dialect, endpoint: string, region: string): Provider {
  const same = providers.filter((provider) => provider.dialect === dialect);
  const own =
    same.find((provider) => networkOf(provider, endpoint, region) !== null) ??
    same.find((provider) => provider.clouds.some((cloud) => isHostOf(cloud, endpoint)));
  return own ?? same.find((provider) => networksOf(provider, "").length === 0) ?? anyOf(same);
}

/** The network by which an endpoint follows from its region, if it does. */
export function networkOf(provider: Provider, endpoint: string, region: string): Network | null {
  const ways = networksOf(provider, region);
  return ways.find((way) => endpointOf(provider, way, region) === endpoint) ?? null;
}

/** Whether an endpoint ends as the cloud's public hosts do. */
function isHostOf(cloud: ProviderChoice, endpoint: string): boolean {
  const domain = cloud.networks[0]?.host.split("{region}")[1];
  return domain !== undefined && domain !== "" && endpoint.endsWith(domain);
}

function anyOf(some: Provider[]): Provider {
  const first = some[0] ?? providers[0];
  if (first === undefined) throw new Error("there are no providers");
  return first;
}
