import { language } from "$app/language.svelte";
import type { ApiError } from "$ipc";
import { m } from "$messages";
import { visible } from "./display";
import { headlineFor } from "./failure";
import type { Fact } from "./support";

/**
 * Whether the window says in its own language what happened: then the core's sentence, which is
 * English, is the original below. What has no headline says itself what it is.
 */
export function isTranslated(error: ApiError): boolean {
  return language.current !== "en" && headlineFor(error.kind) !== null;
}

/** A failure in one line, where there is room for no more. */
export function failureLine(error: ApiError): string {
  const message = visible(error.message);
  const headline = headlineFor(error.kind);
  return headline !== null && isTranslated(error) ? `${headline} (${message})` : message;
}

/** Bucket and key it is about, as they are written everywhere; `null` where there is neither. */
export function placeOf(error: ApiError): string | null {
  const named = [error.bucket, error.key].filter((name) => name !== null);
  return named.length > 0 ? named.map(visible).join(" / ") : null;
}

/** A technical detail's name. */
export function factWord(fact: Fact): string {
  switch (fact) {
    case "Kind":
      return m.error_kind();
    case "Operation":
      return m.error_operation();
    case "Bucket":
      return m.error_bucket();
    case "Key":
      return m.error_key();
    case "HTTP":
      return fact;
    case "Code":
      return m.error_code();
    case "Request id":
      return m.fact_request_id();
    case "Attempts":
      return m.error_tries();
  }
}
