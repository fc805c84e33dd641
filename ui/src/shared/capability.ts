import { m } from "$messages";

/** What servers may lack, and what is done instead, in the user's language. */
const WORDS: Record<string, { name: () => string; instead: () => string }> = {
  list_buckets: { name: m.capability_list_buckets, instead: m.instead_list_buckets },
  list_objects_v2: { name: m.capability_list_objects_v2, instead: m.instead_list_objects_v2 },
  list_versions: { name: m.capability_list_versions, instead: m.instead_list_versions },
  versioning_state: { name: m.capability_versioning_state, instead: m.instead_versioning_state },
  version_pin: { name: m.capability_version_pin, instead: m.instead_version_pin },
  head_checksum: { name: m.capability_head_checksum, instead: m.instead_head_checksum },
  range_get: { name: m.capability_range_get, instead: m.instead_range_get },
  acl: { name: m.capability_acl, instead: m.instead_acl },
  tagging: { name: m.capability_tagging, instead: m.instead_tagging },
  list_uploads: { name: m.capability_list_uploads, instead: m.instead_list_uploads },
  list_parts: { name: m.capability_list_parts, instead: m.instead_list_parts },
  part_copy: { name: m.capability_part_copy, instead: m.instead_part_copy },
  copy_conditions: { name: m.capability_copy_conditions, instead: m.instead_copy_conditions },
  part_copy_conditions: {
    name: m.capability_part_copy_conditions,
    instead: m.instead_part_copy_conditions,
  },
  conditional_complete: {
    name: m.capability_conditional_complete,
    instead: m.instead_conditional_complete,
  },
  restore: { name: m.capability_restore, instead: m.instead_restore },
};

/** A capability in words; an unknown one, from a newer core, as the core calls it. */
export function capabilityName(name: string): string {
  return WORDS[name]?.name() ?? name.replaceAll("_", " ");
}

/** What is done without it; `otherwise`, in English, for one this page does not know. */
export function capabilityInstead(name: string, otherwise: string): string {
  return WORDS[name]?.instead() ?? otherwise;
}
