import type { ConflictPolicy, CopyTerms, JobKind } from "$ipc";
import { withTerms } from "./terms";

const STORAGE_KEY = "partway.copy-presets";

/** What a preset keeps: how to copy, never what or where, and no keys of the user's own. */
export interface CopyChoices {
  onConflict: ConflictPolicy;
  kind: JobKind;
  partSize: number | null;
  transfersAtOnce: number;
  partsAtOnce: number;
  storageClass: string | null;
  terms: CopyTerms | null;
}

export interface Preset {
  name: string;
  choices: CopyChoices;
}

/** Presets of the copy dialog, kept for the next run. */
class Presets {
  list = $state.raw<Preset[]>(read());

  /** Adds one, or gives the one of that name other choices. */
  save(name: string, choices: CopyChoices): void {
    const others = this.list.filter((preset) => preset.name !== name);
    this.#keep([...others, { name, choices: withoutKeys(choices) }]);
  }

  remove(name: string): void {
    this.#keep(this.list.filter((preset) => preset.name !== name));
  }

  find(name: string): CopyChoices | null {
    return this.list.find((preset) => preset.name === name)?.choices ?? null;
  }

  #keep(list: Preset[]): void {
    this.list = list.sort((a, b) => a.name.localeCompare(b.name));
    localStorage.setItem(STORAGE_KEY, JSON.stringify(this.list));
  }
}

/** A key of the user's own lives no longer than the program, so a preset cannot ask for one. */
export function withoutKeys(choices: CopyChoices): CopyChoices {
  const { terms } = choices;
  if (terms === null || (terms.encryption !== "customer" && terms.source_key_md5 === null)) {
    return choices;
  }
  const own = terms.encryption === "customer";
  const encryption = own ? null : terms.encryption;
  const left = withTerms(terms, { encryption, key_md5: null, source_key_md5: null });
  return { ...choices, terms: left };
}

function read(): Preset[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPreset) : [];
  } catch {
    return [];
  }
}

function isPreset(kept: unknown): kept is Preset {
  const preset = kept as Partial<Preset> | null;
  return typeof preset?.name === "string" && typeof preset.choices?.onConflict === "string";
}

export const presets = new Presets();
