import type { Dialect } from "$ipc";
import { m } from "$messages";

/** The company the user sees; brand names are the same in every language unless theirs differs. */
export function providerName(dialect: Dialect): string {
  switch (dialect) {
    case "cos":
      return m.provider_cos();
    case "obs":
      return m.provider_obs();
    case "obs-v2":
      return m.provider_obs_v2();
    case "s3":
      return m.provider_s3();
  }
}

/** Three letters for a badge. */
export function providerBadge(dialect: Dialect): string {
  return dialect === "obs-v2" ? "OBS" : dialect.toUpperCase();
}

/** What the provider calls the two halves of a key. */
export function keyWords(dialect: Dialect): { id: string; secret: string } {
  switch (dialect) {
    case "cos":
      return { id: "SecretId", secret: "SecretKey" };
    case "obs":
    case "obs-v2":
      return { id: m.key_obs_id(), secret: m.key_obs_secret() };
    case "s3":
      return { id: m.key_s3_id(), secret: m.key_s3_secret() };
  }
}
