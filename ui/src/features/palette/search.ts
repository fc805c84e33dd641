import type { Component } from "svelte";
import { score } from "./score";

export type EntryKind = "action" | "place" | "account" | "job" | "setting";

/** A line of the palette. */
export interface Entry {
  id: string;
  kind: EntryKind;
  title: string;
  /** Beside the title, dimmed; it is searched too. */
  detail: string;
  /** The shortcut, at the right end. */
  hint: string | null;
  /** Why it cannot be done now. */
  reason: string | null;
  icon: Component<{ size?: number }> | null;
  run: () => void;
}

/** More lines than anybody reads; keeps the first answer within a frame. */
export const SHOWN = 30;

const SIGNS: Record<string, EntryKind[]> = {
  ">": ["action"],
  "@": ["account"],
  "#": ["job"],
  "/": ["place"],
};

/** What a sign before the text limits the search to, and the text without it. */
export function wishOf(typed: string): { kinds: EntryKind[] | null; text: string } {
  const text = typed.trimStart();
  const kinds = SIGNS[text.charAt(0)] ?? null;
  return { kinds, text: kinds === null ? text : text.slice(1) };
}

/** The entries that fit, best first; what can be done now before what cannot. */
export function search(all: readonly Entry[], typed: string): Entry[] {
  const { kinds, text } = wishOf(typed);
  return all
    .filter((entry) => kinds === null || kinds.includes(entry.kind))
    .map((entry, at) => ({ entry, at, points: points(entry, text) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.at - b.at)
    .slice(0, SHOWN)
    .map(({ entry }) => entry);
}

function points(entry: Entry, text: string): number {
  if (text.trim() === "") return entry.reason === null ? 2 : 1;
  const found = Math.max(
    score(text, entry.title),
    score(text, `${entry.title} ${entry.detail}`) - 5,
  );
  return entry.reason === null ? found : found - 20;
}
