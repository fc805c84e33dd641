import type { EventView } from "$ipc";
import { redact } from "$shared/support";
import { eventWord } from "./event-words";

/** Events as a Markdown table, the oldest first: for a ticket or a chat. Nothing secret is in it. */
export function eventsAsMarkdown(events: readonly EventView[]): string {
  const lines = [...events].reverse().map((event) => {
    const cells = [
      new Date(event.at_ms).toISOString(),
      event.level,
      eventWord(event.what),
      event.part === null ? "" : String(event.part),
      event.detail,
      event.request_id === null ? "" : `\`${event.request_id}\``,
    ];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return [
    "| Time | Level | Event | Part | Detail | Request id |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** What would end a cell or a row of the table does not. */
function cell(text: string): string {
  return redact(text)
    .replaceAll("|", "\\|")
    .replaceAll(/\s*[\r\n]+\s*/g, " ");
}
