import type { CopyTerms } from "$ipc";

/** Nothing is asked for: bucket and provider decide. */
const NOTHING: CopyTerms = {
  acl: null,
  grants: [],
  encryption: null,
  kms_key: null,
  kms_context: [],
  key_md5: null,
  source_key_md5: null,
};

/** Terms with something changed; `null` once nothing is asked for. */
export function withTerms(terms: CopyTerms | null, part: Partial<CopyTerms>): CopyTerms | null {
  const changed = { ...(terms ?? NOTHING), ...part };
  return JSON.stringify(changed) === JSON.stringify(NOTHING) ? null : changed;
}

/** Another kind of encryption; what belongs only to the one before is dropped. */
export function withEncryption(
  terms: CopyTerms | null,
  encryption: CopyTerms["encryption"],
): CopyTerms | null {
  const service = encryption === "kms" || encryption === "kms-dual-layer";
  return withTerms(terms, {
    encryption,
    ...(service ? {} : { kms_key: null, kms_context: [] }),
    ...(encryption === "customer" ? {} : { key_md5: null }),
  });
}

/** How many entries take the place of the sources' own; `null` where those are kept. */
export function replacedBy(terms: CopyTerms | null): {
  properties: number | null;
  tags: number | null;
} {
  const { properties, tags } = terms ?? {};
  return {
    properties: properties ? properties.headers.length + properties.metadata.length : null,
    tags: tags?.length ?? null,
  };
}

/** Encrypting with a key of one's own is chosen, and the key is not there yet. */
export function lacksKey(terms: CopyTerms | null): boolean {
  return terms?.encryption === "customer" && !terms.key_md5;
}
