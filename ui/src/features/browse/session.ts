import { call, type SessionPart } from "$ipc";

/** A change settles for this long before it is kept, in milliseconds. */
const SETTLE_MS = 400;

const waiting = new Map<SessionPart, { value: unknown; timer: ReturnType<typeof setTimeout> }>();

/** What an earlier run kept; `null` if that is nothing, or cannot be read. */
export async function restored(part: SessionPart): Promise<unknown> {
  try {
    const { json } = await call("session", { part });
    return json === null ? null : JSON.parse(json);
  } catch {
    // A window without its tabs is still a window.
    return null;
  }
}

/** Keeps a value for the next run, once it has settled. */
export function keep(part: SessionPart, value: unknown): void {
  clearTimeout(waiting.get(part)?.timer);
  waiting.set(part, { value, timer: setTimeout(() => put(part), SETTLE_MS) });
}

/** Keeps what has not settled yet: the window closes. */
export function keepNow(): void {
  for (const part of [...waiting.keys()]) put(part);
}

function put(part: SessionPart): void {
  const entry = waiting.get(part);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(part);
  // It will be kept with the next change.
  call("put_session", { part, json: JSON.stringify(entry.value) }).catch(() => {});
}
