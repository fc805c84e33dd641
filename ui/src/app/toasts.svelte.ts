import type { ApiError } from "$ipc";

/** A short message at the edge of the window, gone by itself unless it is an error. */
export interface Toast {
  id: number;
  tone: "neutral" | "ok" | "error";
  text: string;
  error: ApiError | null;
  action: { label: string; run: () => void } | null;
}

const SHOWN_MS = 6_000;
const AT_MOST = 4;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  /** Says something that needs no answer. `lasting` stays until it is dismissed. */
  say(
    text: string,
    options: { tone?: "neutral" | "ok"; action?: Toast["action"]; lasting?: boolean } = {},
  ): void {
    const id = this.#add({
      tone: options.tone ?? "neutral",
      text,
      error: null,
      action: options.action ?? null,
    });
    if (!options.lasting) setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  /** Shows a failed command; stays until it is dismissed. */
  fail(error: ApiError): void {
    this.#add({ tone: "error", text: error.message, error, action: null });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, "id">): number {
    const id = this.#next++;
    this.list = [...this.list, { ...toast, id }].slice(-AT_MOST);
    return id;
  }
}

export const toasts = new Toasts();
