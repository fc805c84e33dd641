/**
 * Places as text: what can be pasted into the path field and what Copy URI gives.
 *
 * `cos://`, `obs://` and `s3://` addresses hold keys literally (a percent sign is a percent sign),
 * `https://` addresses are percent-encoded.
 */

import type { AccountView, Dialect } from "$ipc";

/** The company a dialect belongs to: addresses do not tell `obs` from `obs-v2`. */
export type Provider = "cos" | "obs" | "s3";

export interface Address {
  provider: Provider | null;
  /** Account name, when the address names one. */
  account: string | null;
  /** Scheme, host and port of a path-style https address that no provider's name is part of. */
  endpoint: string | null;
  /** `null` for an address of an account. */
  bucket: string | null;
  region: string | null;
  /** Key or prefix, byte for byte. */
  key: string;
}

const SCHEMES: Record<string, Provider> = {
  cos: "cos",
  cosn: "cos",
  obs: "obs",
  s3: "s3",
  s3a: "s3",
  s3n: "s3",
};

export function providerOf(dialect: Dialect): Provider {
  return dialect === "obs-v2" ? "obs" : dialect;
}

/** What an address means, or `null` when it is none. */
export function parseAddress(text: string): Address | null {
  const trimmed = text.trim();
  const scheme = /^([a-z0-9]+):\/\//i.exec(trimmed);
  if (!scheme) return parseArn(trimmed);
  const name = (scheme[1] as string).toLowerCase();
  // Trailing blanks may belong to a literal key; only line ends cannot come from typing.
  const rest = text
    .trimStart()
    .slice(scheme[0].length)
    .replace(/[\r\n]+$/, "");
  if (name === "http" || name === "https") return parseWeb(name, trimmed.slice(scheme[0].length));
  const provider = SCHEMES[name];
  return provider ? parseLiteral(provider, rest) : null;
}

function parseLiteral(provider: Provider, rest: string): Address | null {
  const [authority, key] = cut(rest, "/");
  const at = authority.lastIndexOf("@");
  const account = at >= 0 ? authority.slice(0, at) : null;
  const bucket = authority.slice(at + 1);
  if (bucket === "" && !account) return null;
  return { provider, account, endpoint: null, bucket: bucket || null, region: null, key };
}

function parseArn(text: string): Address | null {
  const arn = /^arn:aws[a-z-]*:s3:::([^/]+)(?:\/(.*))?$/s.exec(text);
  if (!arn) return null;
  return {
    provider: "s3",
    account: null,
    endpoint: null,
    bucket: arn[1] as string,
    region: null,
    key: arn[2] ?? "",
  };
}

/** Hosts of the providers; what stands before them is the bucket. */
const HOSTS: { provider: Provider; host: RegExp }[] = [
  {
    provider: "cos",
    host: /^(?:(.+)\.)?cos(?:-internal)?\.([a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)$/,
  },
  {
    provider: "obs",
    host: /^(?:(.+)\.)?obs\.([a-z0-9-]+)\.(?:myhuaweicloud\.(?:com|eu)|otc\.t-systems\.com)$/,
  },
  {
    provider: "s3",
    host: /^(?:(.+)\.)?s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/,
  },
  { provider: "s3", host: /^(?:(.+)\.)?s3()\.amazonaws\.com$/ },
];

function parseWeb(scheme: string, rest: string): Address | null {
  // Query and fragment belong to the link (a presigned one, say), not to the key.
  const [authority, path] = cut(rest.replace(/[?#].*$/s, ""), "/");
  const host = authority.toLowerCase();
  if (host === "") return null;
  for (const known of HOSTS) {
    const match = known.host.exec(host);
    if (!match) continue;
    const found = {
      provider: known.provider,
      account: null,
      endpoint: null,
      region: match[2] || null,
    };
    if (match[1]) return { ...found, bucket: match[1], key: decode(path) };
    const [bucket, key] = cut(path, "/");
    return { ...found, bucket: decode(bucket) || null, key: decode(key) };
  }
  const [bucket, key] = cut(path, "/");
  const endpoint = `${scheme}://${host}`;
  return {
    provider: null,
    account: null,
    endpoint,
    bucket: decode(bucket) || null,
    region: null,
    key: decode(key),
  };
}

/** Percent-decoded; left as it is where it is no valid encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Accounts an address can mean; the one in use comes first when it is among them. */
export function accountsFor(
  address: Address,
  accounts: readonly AccountView[],
  current: string | null,
): AccountView[] {
  const endpointOf = (account: AccountView) => account.endpoint.replace(/\/+$/, "").toLowerCase();
  return accounts
    .filter((account) => {
      if (address.account !== null && account.name !== address.account) return false;
      if (address.provider !== null && providerOf(account.dialect) !== address.provider)
        return false;
      return address.endpoint === null || endpointOf(account) === address.endpoint;
    })
    .sort((a, b) => Number(b.id === current) - Number(a.id === current));
}

/** `cos://Account@bucket/key`: what the path field and the command line read back. */
export function formatAddress(account: AccountView, bucket: string, key: string): string {
  // A name with a slash cannot stand before the bucket; the scheme alone still helps.
  const named = account.name.includes("/") ? "" : `${account.name}@`;
  return `${providerOf(account.dialect)}://${named}${bucket}/${key}`;
}

/** `https://bucket.host/key`, percent-encoded: where the provider itself names the object. */
export function formatWeb(account: AccountView, bucket: string, key: string): string {
  const endpoint = account.endpoint.replace(/\/+$/, "");
  const path = key.split("/").map(encodeURIComponent).join("/");
  if (account.addressing === "path") return `${endpoint}/${bucket}/${path}`;
  if (account.addressing === "custom_domain") return `${endpoint}/${path}`;
  return `${endpoint.replace("://", `://${bucket}.`)}/${path}`;
}
