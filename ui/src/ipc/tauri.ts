import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import type { StreamMessage } from "./contract";
import type { Transport } from "./transport";

/** Whether this page runs in the application's own window. */
export const insideTauri = isTauri;

/** The window's transport: one command for calls, one channel for everything that comes unasked. */
export function tauriTransport(): Transport {
  return {
    call: (name, args) => invoke("dispatch", { name, args }),

    subscribe(onMessage, onEnd) {
      let open = true;
      const channel = new Channel<StreamMessage>((message) => {
        if (open) onMessage(message);
      });
      invoke("subscribe", { channel }).catch(() => {
        if (open) onEnd();
      });
      return () => {
        open = false;
      };
    },
  };
}
