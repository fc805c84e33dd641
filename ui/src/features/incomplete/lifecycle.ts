import type { Dialect } from "$ipc";

/**
 * A rule that lets the provider abort uploads by itself, as its PutBucketLifecycle takes it. It
 * replaces the rules a bucket has, so it is text to be merged, not sent from here.
 */
export function lifecycleRule(dialect: Dialect, days: number): string {
  const whole = Math.max(1, Math.round(days) || 1);
  const scope =
    dialect === "obs" || dialect === "obs-v2"
      ? "<Prefix></Prefix>"
      : "<Filter><Prefix></Prefix></Filter>";
  return [
    "<LifecycleConfiguration>",
    "  <Rule>",
    `    <ID>abort-incomplete-uploads</ID>`,
    `    ${scope}`,
    "    <Status>Enabled</Status>",
    "    <AbortIncompleteMultipartUpload>",
    `      <DaysAfterInitiation>${whole}</DaysAfterInitiation>`,
    "    </AbortIncompleteMultipartUpload>",
    "  </Rule>",
    "</LifecycleConfiguration>",
  ].join("\n");
}
