/** Both halves of a key, and the token of a temporary one, found in pasted text. */
export interface PastedKeys {
  accessKey: string;
  secretKey: string;
  token: string | null;
  /** When the token expires, in milliseconds since 1970. */
  expiresMs: number | null;
}

/** The names consoles, tools and token services give them, without case and punctuation. */
const ID_NAMES = [
  "secretid",
  "accesskeyid",
  "accesskey",
  "awsaccesskeyid",
  "ak",
  "tmpsecretid",
  "access",
];
const SECRET_NAMES = [
  "secretkey",
  "secretaccesskey",
  "awssecretaccesskey",
  "sk",
  "tmpsecretkey",
  "secret",
];
const TOKEN_NAMES = ["token", "sessiontoken", "securitytoken", "awssessiontoken"];
const EXPIRY_NAMES = ["expiredtime", "expiration", "expiresat", "awscredentialexpiration"];

/**
 * Reads a key pair as people copy it: `SecretId: … SecretKey: …`, environment lines, JSON of a
 * token service, the CSV a console hands out. `null` when the two are not both there.
 */
export function readKeys(text: string): PastedKeys | null {
  return fromPairs(namedValues(text)) ?? fromPairs(csvValues(text));
}

function fromPairs(pairs: [name: string, value: string][]): PastedKeys | null {
  const find = (names: string[]) =>
    pairs.find(([name, value]) => names.includes(plain(name)) && value !== "")?.[1] ?? null;
  const accessKey = find(ID_NAMES);
  const secretKey = find(SECRET_NAMES);
  if (accessKey === null || secretKey === null) return null;
  return {
    accessKey,
    secretKey,
    token: find(TOKEN_NAMES),
    expiresMs: momentOf(find(EXPIRY_NAMES)),
  };
}

/** Seconds since 1970, as Tencent writes it, or a date. */
function momentOf(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d{9,11}$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

/** `name = value`, `name: value`, `"name": "value"`, in any number per line. */
function namedValues(text: string): [string, string][] {
  const found = text.matchAll(/"?([A-Za-z][\w -]*?)"?\s*[:=：]\s*"?([^\s",;}]+)"?/g);
  return [...found].map(([, name, value]) => [name ?? "", value ?? ""]);
}

/** A heading line and a line of values. */
function csvValues(text: string): [string, string][] {
  const [heading, values] = text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.split(",").map((cell) => cell.trim().replace(/^"|"$/g, "")));
  if (heading === undefined || values === undefined) return [];
  return heading.map((name, at) => [name, values[at] ?? ""]);
}

function plain(name: string): string {
  return name
    .replace(/^export\s+/, "")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase()
    .replace(/^(tencentcloud|huaweicloud|obs|cos)/, "");
}
