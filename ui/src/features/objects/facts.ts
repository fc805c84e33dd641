import type { Dialect, ObjectDetails } from "$ipc";
import { m } from "$messages";
import { bytes, integer, moment } from "$shared/format";
import { isObs } from "./provider-words";

/** A line about an object. */
export interface Fact {
  name: string;
  value: string;
  title?: string;
  mono?: boolean;
  /** Stands for "nothing" or "mixed". */
  muted?: boolean;
  /** What is copied in full. */
  copies?: string;
}

/** What a HEAD told, line by line; what it did not tell has no line. */
export function factsOf(one: ObjectDetails, dialect: Dialect, locale: string): Fact[] {
  const facts: Fact[] = [
    { name: m.details_key(), value: one.key, copies: one.key },
    {
      name: m.details_size(),
      value: bytes(one.size, locale),
      title: m.details_show_exact({ n: integer(one.size, locale) }),
      copies: String(one.size),
    },
    {
      name: m.details_modified(),
      value: one.modified_ms === null ? one.last_modified : moment(one.modified_ms),
      title: one.last_modified,
    },
    {
      name: isObs(dialect) ? m.details_class_obs() : m.details_class(),
      value: one.storage_class,
    },
  ];
  const restore = restoreWords(one);
  if (restore !== null) facts.push({ name: m.details_restore(), value: restore });
  facts.push(
    { name: m.details_etag(), value: one.etag, mono: true, copies: one.etag },
    ...text(m.details_crc64(), one.crc64),
    encryption(one),
    ...text(m.details_version(), one.version),
    ...text(m.details_redirect(), one.website_redirect),
    {
      name: m.details_url(),
      value: one.url,
      title: m.details_url_hint(),
      mono: true,
      copies: one.url,
    },
  );
  return facts;
}

function text(name: string, value: string | null): Fact[] {
  return value === null ? [] : [{ name, value, mono: true, copies: value }];
}

function encryption(one: ObjectDetails): Fact {
  const name = m.details_encryption();
  const { encryption } = one;
  if (encryption === null) return { name, value: m.details_no_encryption(), muted: true };
  const { algorithm, key_md5, kms_key } = encryption;
  if (key_md5 !== null) return { name, value: m.details_own_key({ md5: key_md5 }) };
  return { name, value: kms_key === null ? algorithm : `${algorithm} · ${kms_key}` };
}

/** How far a restore is, or that one is needed; `null` for what can be read anyway. */
export function restoreWords(one: ObjectDetails): string | null {
  const { restore } = one;
  if (restore?.ongoing) return m.details_restore_ongoing();
  if (restore) {
    const { until_ms } = restore;
    return until_ms === null
      ? m.details_restore_done()
      : m.details_restore_until({ when: moment(until_ms) });
  }
  return one.is_archived ? m.details_restore_needed() : null;
}

/** What all have in common; the rest is said to be mixed. Sizes are added up. */
export function commonFacts(all: readonly Fact[][]): Fact[] {
  const [first = [], ...others] = all;
  return first.map((fact) => {
    const same = others.every((facts) =>
      facts.some((other) => other.name === fact.name && other.value === fact.value),
    );
    return same ? fact : { name: fact.name, value: m.details_mixed(), muted: true };
  });
}
