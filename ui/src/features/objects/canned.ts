import type { Dialect } from "$ipc";

/** Canned ACLs for objects, in the provider's words. */
const CANNED: Record<"cos" | "obs" | "s3", readonly string[]> = {
  cos: [
    "default",
    "private",
    "public-read",
    "authenticated-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
  ],
  obs: ["private", "public-read", "public-read-write", "bucket-owner-full-control"],
  s3: [
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
  ],
};

export function cannedOf(dialect: Dialect): readonly string[] {
  return CANNED[dialect === "obs-v2" ? "obs" : dialect];
}
