import Link from "@lucide/svelte/icons/link";
import type { Action } from "$app/actions.svelte";
import { m } from "$messages";
import { browseAction, pane, unless } from "./act";
import { type AddressForm, copyAddresses } from "./hold";

const blocked = () => {
  const { lead } = pane();
  return unless(lead !== undefined && lead.kind !== "account", m.browse_select_first);
};

function copies(form: AddressForm, label: () => string): Action {
  return browseAction({
    id: `browse.copy-${form}`,
    group: "copy",
    label,
    icon: Link,
    blocked,
    run: () => void copyAddresses(pane(), form),
  });
}

/** `cos://bucket/key`, in the provider's own scheme. */
export const copyUri = copies("uri", m.browse_copy_uri);
export const copyHttps = copies("https", m.browse_copy_https);
export const copyKey = copies("key", m.browse_copy_key);

export const uriActions = [copyUri, copyHttps, copyKey];
