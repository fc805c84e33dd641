import type { ConflictPolicy } from "$ipc";
import { m } from "$messages";

export const POLICIES: readonly ConflictPolicy[] = [
  "ask",
  "skip",
  "overwrite",
  "if_newer",
  "if_different",
  "keep_both",
];

/** What becomes of objects that exist at the destination. */
export function policyWord(policy: ConflictPolicy): string {
  switch (policy) {
    case "ask":
      return m.copy_conflict_ask();
    case "skip":
      return m.copy_conflict_skip();
    case "overwrite":
      return m.copy_conflict_overwrite();
    case "if_newer":
      return m.copy_conflict_if_newer();
    case "if_different":
      return m.copy_conflict_if_different();
    case "keep_both":
      return m.copy_conflict_keep_both();
  }
}

/** What a policy means for objects that were seen to exist; `null` where its name says it all. */
export function policyMeaning(policy: ConflictPolicy): string | null {
  if (policy === "ask") return m.copy_existing_ask();
  return policy === "overwrite" ? m.copy_existing_overwrite() : null;
}
