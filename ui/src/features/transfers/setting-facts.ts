import type { JobSettings } from "$ipc";
import { m } from "$messages";
import { bytes } from "$shared/format";

/** What was asked for besides the usual, as names and values. Keys of the user's own are never known. */
export function settingFacts(
  { options }: JobSettings,
  locale: string,
): [name: string, value: string][] {
  const { terms, timing } = options;
  const facts: [string, string | null][] = [
    [
      m.settings_part_size(),
      options.part_size === null ? m.settings_automatic() : bytes(options.part_size, locale),
    ],
    [m.settings_class(), options.storage_class ?? m.settings_class_kept()],
    [m.settings_acl(), terms ? (terms.acl ?? (terms.grants.join(", ") || null)) : null],
    [
      m.settings_encryption(),
      terms?.encryption ? [terms.encryption, terms.kms_key].filter(Boolean).join(": ") : null,
    ],
    [m.settings_hours(), timing?.window ?? null],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}
