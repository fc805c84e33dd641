/** What deleting comes to, and whether the user has to say so twice. */

export interface DeletionFacts {
  objects: number;
  bytes: number;
  /** Folders are still being counted. */
  counting: boolean;
  /** `never`, `enabled`, `suspended`; `null` where it could not be seen. */
  versioning: string | null;
  /** All versions go, too. */
  versions: boolean;
}

/** From here on a final deletion is confirmed by the bucket's name. */
const MANY_OBJECTS = 100;
const MANY_BYTES = 10 * 2 ** 30;

/** Delete markers can be taken away again. */
export function canBeUndone(facts: DeletionFacts): boolean {
  return facts.versioning === "enabled" && !facts.versions;
}

/** Whether the bucket's name has to be typed. */
export function needsName(facts: DeletionFacts): boolean {
  if (canBeUndone(facts)) return false;
  return facts.counting || facts.objects >= MANY_OBJECTS || facts.bytes >= MANY_BYTES;
}
