import type { ProviderChoice, RegionChoice } from "$ipc";
import type { Provider } from "./providers";

/** Regions of one cloud that fit what was typed. */
export interface RegionGroup {
  cloud: ProviderChoice;
  regions: RegionChoice[];
}

/**
 * Regions whose code or place, in either language, contains what was typed; without clouds that
 * have none.
 */
export function matching(provider: Provider, typed: string): RegionGroup[] {
  const wanted = typed.toLowerCase();
  const fits = (region: RegionChoice) =>
    [region.code, region.en, region.zh].some((text) => text.toLowerCase().includes(wanted));
  return provider.clouds
    .map((cloud) => ({ cloud, regions: cloud.regions.filter(fits) }))
    .filter((group) => group.regions.length > 0);
}
