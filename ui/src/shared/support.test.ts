import { expect, test } from "vitest";
import type { ApiError } from "$ipc";
import { facts, redact, supportText } from "./support";

const error: ApiError = {
  kind: "access_denied",
  message: "The key may not do UploadPartCopy on bucket archive.",
  field: null,
  operation: "UploadPartCopy",
  bucket: "archive",
  key: "a`b.bin",
  status: 403,
  code: "AccessDenied",
  request_id: "5f0c77",
  attempts: 1,
};

test("support text holds what support asks for", () => {
  const text = supportText(error, { version: "0.1.0", atMs: Date.UTC(2026, 10, 20, 10, 14) });
  expect(text).toContain("Partway 0.1.0");
  expect(text).toContain("2026-11-20T10:14:00.000Z");
  expect(text).toContain("- Request id: `5f0c77`");
  expect(text).toContain("- Key: `a'b.bin`");
});

test("details that are not known are left out", () => {
  const bare = { ...error, operation: null, status: null, attempts: 0 };
  expect(facts(bare).map(([name]) => name)).toEqual([
    "Kind",
    "Bucket",
    "Key",
    "Code",
    "Request id",
  ]);
});

test.each([
  "https://x/?q-ak=AKIDz8&q-signature=abc123def",
  "https://x/?X-Amz-Signature=abc123def&X-Amz-Credential=abc123def",
  "Authorization: OBS ABCDEF:abc123def=",
  "AWS4-HMAC-SHA256 Credential=AKIA/2026, SignedHeaders=host, Signature=abc123def",
])("a signature quoted by a server is taken out of %s", (text) => {
  expect(redact(text)).not.toContain("abc123def");
});
