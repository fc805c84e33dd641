import { expect, test } from "vitest";
import type { AccountView } from "$ipc";
import { withoutSecret } from "./export";

test("nothing of the key goes along, not even the masked id", () => {
  const account: AccountView = {
    id: "7",
    name: "Prod",
    dialect: "cos",
    endpoint: "https://cos.ap-guangzhou.myqcloud.com",
    region: "ap-guangzhou",
    addressing: "virtual_host",
    masked_key_id: "AKID…f3",
    named_buckets: ["b-125"],
    fallback_domain: false,
    demo: false,
    has_secret: true,
    secret_place: "keyring",
    used_ms: null,
    expires_ms: null,
  };
  const text = withoutSecret(account);
  expect(text).not.toMatch(/AKID|secret|key/i);
  expect(JSON.parse(text)).toMatchObject({ name: "Prod", named_buckets: ["b-125"] });
});
