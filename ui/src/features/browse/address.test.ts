import { describe, expect, it } from "vitest";
import type { AccountView } from "$ipc";
import { accountsFor, formatAddress, formatWeb, parseAddress } from "./address";

const account = (id: string, changes: Partial<AccountView> = {}): AccountView => ({
  id,
  name: id,
  dialect: "cos",
  endpoint: "https://cos.ap-guangzhou.myqcloud.com",
  region: "ap-guangzhou",
  addressing: "virtual_host",
  masked_key_id: "AKID…f3",
  named_buckets: [],
  fallback_domain: false,
  demo: false,
  has_secret: true,
  secret_place: "keyring",
  used_ms: null,
  expires_ms: null,
  ...changes,
});

describe("parseAddress", () => {
  it.each([
    ["cos://backup-125/datasets/2026/", "cos", null, "backup-125", null, "datasets/2026/"],
    ["cosn://backup-125/a b/键.tar", "cos", null, "backup-125", null, "a b/键.tar"],
    ["cos://Prod@backup-125/x", "cos", "Prod", "backup-125", null, "x"],
    ["cos://Demo COS@backup-125/x@y/z", "cos", "Demo COS", "backup-125", null, "x@y/z"],
    ["obs://archive", "obs", null, "archive", null, ""],
    ["s3a://logs//empty/%2F", "s3", null, "logs", null, "/empty/%2F"],
    ["S3://logs/a?b#c", "s3", null, "logs", null, "a?b#c"],
    ["s3://logs/ends with blank ", "s3", null, "logs", null, "ends with blank "],
    ["arn:aws:s3:::logs/2026/11/", "s3", null, "logs", null, "2026/11/"],
    [
      "https://b-125.cos.ap-guangzhou.myqcloud.com/a%20b%2Bc.txt?q-sign=1",
      "cos",
      null,
      "b-125",
      "ap-guangzhou",
      "a b+c.txt",
    ],
    ["https://cos.ap-beijing.myqcloud.com/b-125/k", "cos", null, "b-125", "ap-beijing", "k"],
    ["https://archive.obs.eu-de.otc.t-systems.com/2024/", "obs", null, "archive", "eu-de", "2024/"],
    [
      "https://my.dotted.bucket.s3.eu-west-1.amazonaws.com/k",
      "s3",
      null,
      "my.dotted.bucket",
      "eu-west-1",
      "k",
    ],
    ["https://s3.amazonaws.com/logs/k%", "s3", null, "logs", null, "k%"],
  ])("reads %s", (text, provider, account, bucket, region, key) => {
    expect(parseAddress(text)).toMatchObject({
      provider,
      account,
      bucket,
      region,
      key,
      endpoint: null,
    });
  });

  it("keeps an unknown host as an endpoint", () => {
    expect(parseAddress("http://127.0.0.1:9001/demo-1m/k")).toMatchObject({
      provider: null,
      endpoint: "http://127.0.0.1:9001",
      bucket: "demo-1m",
      key: "k",
    });
  });

  it.each(["", "datasets/2026/", "ftp://host/x", "cos://", "https://", "arn:aws:iam::1:user/x"])(
    "refuses %j",
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );
});

describe("accountsFor", () => {
  const accounts = [
    account("Prod"),
    account("Test"),
    account("Otc", { dialect: "obs-v2", endpoint: "https://obs.eu-de.otc.t-systems.com" }),
    account("Local", { dialect: "s3", endpoint: "http://127.0.0.1:9001/" }),
  ];
  const ids = (text: string, current: string | null = null) => {
    const address = parseAddress(text);
    return address && accountsFor(address, accounts, current).map((found) => found.id);
  };

  it("puts the account in use first", () => {
    expect(ids("cos://b/k")).toEqual(["Prod", "Test"]);
    expect(ids("cos://b/k", "Test")).toEqual(["Test", "Prod"]);
  });

  it("obeys the name, the provider and the endpoint", () => {
    expect(ids("cos://Test@b/k")).toEqual(["Test"]);
    expect(ids("obs://b/k")).toEqual(["Otc"]);
    expect(ids("http://127.0.0.1:9001/b/k")).toEqual(["Local"]);
    expect(ids("cos://Nobody@b/k")).toEqual([]);
  });
});

describe("formatAddress", () => {
  it.each(["a/b.txt", "//x", "with @ and %20 and ?", "键/"])("is read back: %j", (key) => {
    const text = formatAddress(account("Demo COS"), "b-125", key);
    expect(parseAddress(text)).toMatchObject({
      provider: "cos",
      account: "Demo COS",
      bucket: "b-125",
      key,
    });
  });

  it("leaves out a name that would not be read back", () => {
    expect(formatAddress(account("a/b"), "b-125", "k")).toBe("cos://b-125/k");
  });
});

describe("formatWeb", () => {
  const endpoint = "https://cos.ap-x.example.com/";

  it("names the bucket where the account names it, and encodes the key", () => {
    const account = { name: "A", endpoint } as AccountView;
    const at = (addressing: AccountView["addressing"]) =>
      formatWeb({ ...account, addressing }, "b", "a b/ü#?.txt");
    const path = "a%20b/%C3%BC%23%3F.txt";
    expect(at("virtual_host")).toBe(`https://b.cos.ap-x.example.com/${path}`);
    expect(at("path")).toBe(`https://cos.ap-x.example.com/b/${path}`);
    expect(at("custom_domain")).toBe(`https://cos.ap-x.example.com/${path}`);
  });
});
