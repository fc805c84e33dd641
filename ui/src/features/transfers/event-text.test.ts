import { expect, test } from "vitest";
import type { EventView } from "$ipc";
import { eventsAsMarkdown } from "./event-text";

const event = (part: Partial<EventView>): EventView => ({
  id: 1,
  at_ms: 0,
  transfer: null,
  part: null,
  level: "normal",
  what: "something_new",
  detail: "",
  request_id: null,
  ...part,
});

test("the oldest comes first and nothing breaks the table", () => {
  const text = eventsAsMarkdown([
    event({ at_ms: 1_000, level: "error", part: 7, detail: "a|b\nc", request_id: "r1" }),
    event({}),
  ]);
  expect(text.split("\n").slice(2)).toEqual([
    "| 1970-01-01T00:00:00.000Z | normal | something new |  |  |  |",
    "| 1970-01-01T00:00:01.000Z | error | something new | 7 | a\\|b c | `r1` |",
  ]);
});

test("what a server quoted of a signature does not get out", () => {
  expect(eventsAsMarkdown([event({ detail: "https://h/?q-signature=abc123&x=1" })])).not.toContain(
    "abc123",
  );
});
