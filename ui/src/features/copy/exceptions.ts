import type { CopyRequest } from "$ipc";

/** What becomes of one object, whatever becomes of the others. */
export type Exception = "overwrite" | "keep_both" | "skip";

/** Exceptions by source key. */
export type Exceptions = ReadonlyMap<string, Exception>;

/** The order in which they are offered. */
export const EXCEPTIONS: readonly Exception[] = ["overwrite", "keep_both", "skip"];

/** The keys that are copied at all. */
export function keptOf(keys: string[], exceptions: Exceptions): string[] {
  if (exceptions.size === 0) return keys;
  return keys.filter((key) => exceptions.get(key) !== "skip");
}

/**
 * One request for each way to deal with what exists, because a job knows only one way. The
 * exceptions come first; nothing is left of a request whose keys are all exceptions.
 */
export function jobsOf(request: CopyRequest, exceptions: Exceptions): CopyRequest[] {
  if (exceptions.size === 0) return [request];
  const of = (way: Exception | undefined) =>
    request.keys.filter((key) => exceptions.get(key) === way);
  const apart = (["overwrite", "keep_both"] as const).map((way) => ({
    ...request,
    keys: of(way),
    prefixes: [],
    overwrite: way === "overwrite",
    on_conflict: way,
  }));
  const rest: CopyRequest = { ...request, keys: of(undefined) };
  const hasMore = rest.keys.length > 0 || (rest.prefixes ?? []).length > 0;
  return [...apart.filter((one) => one.keys.length > 0), ...(hasMore ? [rest] : [])];
}
