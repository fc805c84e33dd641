import { expect, test } from "vitest";
import { readKeys } from "./pasted-keys";

test.each([
  ["a console's words", "SecretId: AKIDexample\nSecretKey: s3cr3t/+="],
  ["one line", "SecretId=AKIDexample SecretKey=s3cr3t/+="],
  ["full-width colons", "SecretId：AKIDexample\nSecretKey：s3cr3t/+="],
  [
    "environment lines",
    "export AWS_ACCESS_KEY_ID=AKIDexample\nexport AWS_SECRET_ACCESS_KEY=s3cr3t/+=",
  ],
  ["a configuration file", "ak=AKIDexample\nsk=s3cr3t/+=\n"],
  ["the CSV of a console", "Access key ID,Secret access key\r\nAKIDexample,s3cr3t/+=\r\n"],
  [
    "a CSV with more columns",
    'User Name,Access Key Id,Secret Access Key\n"me","AKIDexample","s3cr3t/+="',
  ],
])("%s", (_, text) => {
  expect(readKeys(text)).toEqual({
    accessKey: "AKIDexample",
    secretKey: "s3cr3t/+=",
    token: null,
    expiresMs: null,
  });
});

test("a token service's JSON fills the token too", () => {
  const text = '{"Credentials":{"Token":"t0k","TmpSecretId":"AKID","TmpSecretKey":"k3y"}}';
  expect(readKeys(text)).toEqual({
    accessKey: "AKID",
    secretKey: "k3y",
    token: "t0k",
    expiresMs: null,
  });
});

test.each(["AKIDexample", "", "SecretId: AKIDexample", "https://example.com/?a=1"])(
  "%j is no pair",
  (text) => {
    expect(readKeys(text)).toBeNull();
  },
);

test.each([
  ['{"Credentials":{"Token":"t","TmpSecretId":"i","TmpSecretKey":"k"},"ExpiredTime":1763712000}'],
  [
    '{"credential":{"access":"i","secret":"k","securitytoken":"t","expires_at":"2025-11-21T08:00:00.000000Z"}}',
  ],
  [
    '{"Credentials":{"AccessKeyId":"i","SecretAccessKey":"k","SessionToken":"t","Expiration":"2025-11-21T08:00:00Z"}}',
  ],
])("%s says when it expires", (text) => {
  expect(readKeys(text)).toEqual({
    accessKey: "i",
    secretKey: "k",
    token: "t",
    expiresMs: 1_763_712_000_000,
  });
});
