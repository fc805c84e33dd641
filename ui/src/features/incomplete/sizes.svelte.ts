import { SvelteMap } from "svelte/reactivity";
import { type ApiError, call, errorOf, type UploadRef, type UploadSize } from "$ipc";

/** What an upload holds, as far as its server was asked. */
export type Held =
  | { known: "size"; size: UploadSize }
  | { known: "gone" }
  | { known: "error"; error: ApiError };

/** More would only queue up behind each other on the server. */
const AT_ONCE = 4;

/** An upload's name as one text. */
export const nameOf = (upload: UploadRef) =>
  [upload.account, upload.bucket, upload.key, upload.upload_id].join("\n");

/**
 * Sizes of uploads, a few at a time. A row wants its size only while it is in sight, so what is
 * looked at now never waits for what was scrolled past.
 */
export class Sizes {
  readonly held = new SvelteMap<string, Held>();
  #wanted = new Map<string, UploadRef>();
  #running = 0;

  /** Wants a size until the answer is called; what was not begun by then is dropped. */
  want(upload: UploadRef): () => void {
    const name = nameOf(upload);
    if (this.held.has(name)) return () => {};
    this.#wanted.set(name, upload);
    this.#go();
    return () => void this.#wanted.delete(name);
  }

  /** Asks anew, whatever is known: what becomes of it depends on the answer. */
  async ask(upload: UploadRef): Promise<Held> {
    const held = await look(upload);
    this.held.set(nameOf(upload), held);
    return held;
  }

  #go(): void {
    while (this.#running < AT_ONCE && this.#wanted.size > 0) {
      const [name, upload] = this.#wanted.entries().next().value as [string, UploadRef];
      this.#wanted.delete(name);
      this.#running += 1;
      void this.ask(upload).then(() => {
        this.#running -= 1;
        this.#go();
      });
    }
  }
}

async function look(upload: UploadRef): Promise<Held> {
  try {
    return { known: "size", size: await call("upload_size", upload) };
  } catch (cause) {
    const error = errorOf(cause);
    return error.kind === "no_such_upload" ? { known: "gone" } : { known: "error", error };
  }
}

/** All of them, some at a time, in the order given. */
export async function askAll<T, R>(
  items: readonly T[],
  ask: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = new Array(items.length);
  let next = 0;
  const walk = async () => {
    while (next < items.length) {
      const at = next++;
      answers[at] = await ask(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walk));
  return answers;
}
