import type { StreamMessage } from "./contract";
import { windowError } from "./error";
import type { Transport } from "./transport";

const TOKEN_KEY = "partway.token";

/** The browser's transport: HTTP on loopback, a token from the address the bridge printed. */
export function bridgeTransport(): Transport {
  const token = takeToken();
  return {
    async call(name, args) {
      const response = await request(name, args, token);
      const body: unknown = await response.json().catch(() => null);
      if (response.ok) return body;
      throw body ?? windowError("bridge", `The bridge answered ${response.status} to ${name}.`);
    },

    subscribe(onMessage, onEnd) {
      const source = new EventSource(`/ipc/stream?token=${encodeURIComponent(token)}`);
      source.onmessage = (event) => onMessage(JSON.parse(event.data) as StreamMessage);
      source.onerror = () => {
        // EventSource would reconnect and continue counting from nowhere; start afresh instead.
        source.close();
        onEnd();
      };
      return () => source.close();
    },
  };
}

async function request(name: string, args: unknown, token: string): Promise<Response> {
  try {
    return await fetch(`/ipc/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-partway-token": token },
      body: JSON.stringify(args),
    });
  } catch {
    throw windowError("core_gone", "Partway's core does not answer. It may have been closed.");
  }
}

/** Moves the token from the address into this tab's storage, so that it is not copied along. */
function takeToken(): string {
  const url = new URL(location.href);
  const given = url.searchParams.get("token");
  if (given !== null) {
    sessionStorage.setItem(TOKEN_KEY, given);
    url.searchParams.delete("token");
    history.replaceState(history.state, "", url);
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? "";
}
