/** From here on a key that expires is worth a warning: most copies take less. */
export const SOON_MS = 60 * 60_000;

export type Expiry = "lasting" | "soon" | "expired";

/** How a key stands at a moment; `null` never expires. */
export function expiryAt(expiresMs: number | null, nowMs: number): Expiry {
  if (expiresMs === null) return "lasting";
  if (expiresMs <= nowMs) return "expired";
  return expiresMs - nowMs < SOON_MS ? "soon" : "lasting";
}

/** `1:02:09`, `12:30`: how long until then, to the second. */
export function countdown(untilMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((untilMs - nowMs) / 1_000));
  const two = (count: number) => String(count).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = `${two(minutes)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
