import type { Dialect } from "$ipc";

/**
 * Storage classes by the words the provider's header takes. Providers add classes, so any other
 * word can be typed too; the server has the last say.
 */
const CLASSES: Record<Dialect, string[]> = {
  cos: [
    "STANDARD",
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ARCHIVE",
    "DEEP_ARCHIVE",
    "MAZ_STANDARD",
    "MAZ_STANDARD_IA",
  ],
  obs: ["STANDARD", "WARM", "COLD", "INTELLIGENT_TIERING", "DEEP_ARCHIVE"],
  "obs-v2": ["STANDARD", "STANDARD_IA", "GLACIER", "INTELLIGENT_TIERING", "DEEP_ARCHIVE"],
  s3: [
    "STANDARD",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
  ],
};

export function storageClassesOf(dialect: Dialect): readonly string[] {
  return CLASSES[dialect];
}
