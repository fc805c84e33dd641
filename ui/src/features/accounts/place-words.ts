import type { Addressing, Network } from "$ipc";
import { m } from "$messages";
import { ADDRESSINGS } from "./form.svelte";

/** A network's name and what to know before choosing it. */
export function networkWords(network: Network): { name: string; hint: string | null } {
  switch (network) {
    case "public":
      return { name: m.network_public(), hint: null };
    case "internal":
      return { name: m.network_internal(), hint: m.network_internal_hint() };
    case "accelerate":
      return { name: m.network_accelerate(), hint: m.network_accelerate_hint() };
    case "dualstack":
      return { name: m.network_dualstack(), hint: null };
    case "fips":
      return { name: m.network_fips(), hint: null };
  }
}

/** Where the bucket's name can stand, as a list to choose from. */
export function addressingWords(): { value: string; label: string }[] {
  return ADDRESSINGS.map((value) => ({ value, label: addressingName(value) }));
}

function addressingName(addressing: Addressing): string {
  switch (addressing) {
    case "virtual_host":
      return m.addressing_virtual_host();
    case "path":
      return m.addressing_path();
    case "custom_domain":
      return m.addressing_custom_domain();
  }
}
