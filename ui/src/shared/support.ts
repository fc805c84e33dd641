import type { ApiError } from "$ipc";

/** What only the window knows about a failure. */
export interface SupportContext {
  version: string;
  atMs: number;
}

/** A failure as Markdown for a ticket: everything support asks for, nothing secret. */
export function supportText(error: ApiError, context: SupportContext): string {
  const lines = [
    `**Partway ${context.version}** · ${new Date(context.atMs).toISOString()}`,
    "",
    ...error.message.split("\n").map((line) => `> ${redact(line)}`),
    "",
    ...facts(error).map(([name, value]) => `- ${name}: \`${redact(value).replaceAll("`", "'")}\``),
  ];
  return lines.join("\n");
}

/** A technical detail, by the name support reads: tickets are in English. */
export type Fact =
  | "Kind"
  | "Operation"
  | "Bucket"
  | "Key"
  | "HTTP"
  | "Code"
  | "Request id"
  | "Attempts";

/** The technical details that are known, in the order support reads them. */
export function facts(error: ApiError): [fact: Fact, value: string][] {
  const known: [Fact, string | number | null][] = [
    ["Kind", error.kind],
    ["Operation", error.operation],
    ["Bucket", error.bucket],
    ["Key", error.key],
    ["HTTP", error.status],
    ["Code", error.code],
    ["Request id", error.request_id],
    ["Attempts", error.attempts > 0 ? error.attempts : null],
  ];
  return known.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
}

const SECRET_PARAMETERS =
  /\b(q-signature|q-ak|x-amz-signature|x-amz-credential|x-amz-security-token|x-cos-security-token|signature|awsaccesskeyid|accesskeyid|token)=[^&\s"']+/gi;
const AUTHORIZATION = /\b(OBS|AWS|AWS4-HMAC-SHA256)\s+\S*(Credential=\S+|[\w-]+:[\w+/=]+)[^\n]*/g;

/** A second net: the core sends no signatures, but a server may have quoted one in its message. */
export function redact(text: string): string {
  return text.replace(SECRET_PARAMETERS, "$1=…").replace(AUTHORIZATION, "$1 …");
}
