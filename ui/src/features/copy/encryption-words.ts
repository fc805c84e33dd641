import type { CopyTerms, Dialect } from "$ipc";
import { m } from "$messages";

/** Encryption in words, with the provider's name for its own keys. */
export function encryptionWord(kind: CopyTerms["encryption"], dialect: Dialect): string {
  switch (kind) {
    case null:
      return m.copy_encryption_default();
    case "aes256":
      return m.copy_encryption_provider({ name: own(dialect) });
    case "kms":
      return m.copy_encryption_kms();
    case "kms-dual-layer":
      return m.copy_encryption_kms_two();
    case "customer":
      return m.copy_encryption_own();
  }
}

function own(dialect: Dialect): string {
  if (dialect === "cos") return "SSE-COS";
  return dialect === "s3" ? "SSE-S3" : "SSE-OBS";
}
