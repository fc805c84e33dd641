/** How soon an object can be had, whatever the provider calls its class. */
export type Warmth = "hot" | "cool" | "cold" | "tiered";

/**
 * From the words of COS, OBS and S3. Cold objects are restored before they can be read; Glacier's
 * instant retrieval and OBS's direct reading are named so and are not.
 */
export function warmth(storageClass: string): Warmth {
  const word = storageClass.toUpperCase();
  if (word === "GLACIER_IR") return "cool";
  if (/ARCHIVE|GLACIER|^COLD$|SNOW/.test(word)) return "cold";
  if (/TIERING/.test(word)) return "tiered";
  return /IA$|^WARM$|ONEZONE/.test(word) ? "cool" : "hot";
}
