/**
 * The only door to the core. Inside the window it is Tauri's IPC, in a browser the loopback
 * bridge; nothing else in the front end knows which.
 */
import { bridgeTransport } from "./bridge";
import type { Commands, StreamMessage } from "./contract";
import { CommandError } from "./error";
import { insideTauri, tauriTransport } from "./tauri";
import type { Transport } from "./transport";

export type * from "./contract";
export { PROVIDERS } from "./contract";
export { CommandError, errorOf, windowError } from "./error";

const transport: Transport = insideTauri() ? tauriTransport() : bridgeTransport();

/** Sends one command. Rejects with a `CommandError`. */
export async function call<Name extends keyof Commands>(
  name: Name,
  args: Commands[Name]["args"],
): Promise<Commands[Name]["answer"]> {
  try {
    return (await transport.call(name, args)) as Commands[Name]["answer"];
  } catch (cause) {
    throw CommandError.from(cause);
  }
}

/**
 * Receives a snapshot, then updates, until the answer is called. `onEnd` tells that the core went
 * away; subscribe again then.
 */
export function subscribe(
  onMessage: (message: StreamMessage) => void,
  onEnd: () => void = () => {},
): () => void {
  return transport.subscribe(onMessage, onEnd);
}
