import type { Diagnostics } from "$ipc";
import { m } from "$messages";

/** What is wrong with this computer's Partway, for somebody who helps: in English, as they read it. */
export function report(found: Diagnostics, webView: string): string {
  const checks = found.checks.map(
    (check) => `- ${check.name}: ${check.ok ? "ok" : "failed"}: ${check.detail}`,
  );
  return [
    `Partway ${found.version}`,
    `System: ${found.system}`,
    `Web view: ${webView}`,
    `Journal version: ${found.journal_version}`,
    "",
    ...checks,
    "",
  ].join("\n");
}

export function checkWord(name: string): string {
  const words: Record<string, () => string> = {
    journal: m.self_check_journal,
    folder: m.self_check_folder,
    keyring: m.self_check_keyring,
  };
  return words[name]?.() ?? name;
}
