import type { ApiError } from "$ipc";

/** A short message at the edge of the window, gone by itself unless it is an error. */
export interface Toast {
  id: number;
  tone: "neutral" | "ok" | "error";
  text: string;
  error: ApiError | null;
  actions: ToastAction[];
}

interface ToastAction {
  label: string;
  run: () => void;
}

interface Options {
  tone?: "neutral" | "ok";
  action?: ToastAction | null;
  /** A second one, beside it. */
  also?: ToastAction;
  /** It stays until it is dismissed. */
  lasting?: boolean;
}

const SHOWN_MS = 6_000;
const AT_MOST = 4;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  /** Says something that needs no answer. */
  say(text: string, options: Options = {}): void {
    const { tone = "neutral", action, also } = options;
    const actions = [action, also].filter((one) => one != null);
    // A key that is pressed again gets no second answer beside the first.
    if (actions.length === 0 && this.list.some((toast) => toast.text === text)) return;
    const id = this.#add({ tone, text, error: null, actions });
    if (!options.lasting) setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  /** Shows a failed command; stays until it is dismissed. */
  fail(error: ApiError): void {
    this.#add({ tone: "error", text: error.message, error, actions: [] });
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
