import type { StreamMessage } from "./contract";

/** A way to reach the core. `call` rejects with whatever came back, `CommandError.from` reads it. */
export interface Transport {
  call(name: string, args: unknown): Promise<unknown>;
  /** Answers a function that ends the subscription. */
  subscribe(onMessage: (message: StreamMessage) => void, onEnd: () => void): () => void;
}
