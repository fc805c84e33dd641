import { expect, test, vi } from "vitest";
import {
  cloudOf,
  endpointOf,
  networkOf,
  networksOf,
  type Provider,
  providerOf,
  providers,
  regionOf,
} from "./providers";
import { matching } from "./region-list";

// Neither a window nor a core is needed for the data.
vi.mock("$ipc", () => import("../../ipc/contract"));
vi.mock("$app/language.svelte", () => ({ language: { current: "en" } }));

function named(id: string): Provider {
  const found = providers.find((provider) => provider.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

test("clouds of one family are one choice", () => {
  expect(providers.map((provider) => provider.id)).toEqual([
    "tencent",
    "huawei",
    "otc",
    "aws",
    "s3",
    "s3-v2",
  ]);
});

test("endpoints follow from region and network", () => {
  const tencent = named("tencent");
  expect(endpointOf(tencent, "public", "ap-beijing")).toBe("https://cos.ap-beijing.myqcloud.com");
  expect(endpointOf(tencent, "internal", "ap-beijing")).toBe(
    "https://cos-internal.ap-beijing.tencentcos.cn",
  );
  expect(endpointOf(tencent, "accelerate", "ap-beijing")).toBe(
    "https://cos.accelerate.myqcloud.com",
  );
  // A region nobody lists works like any other.
  expect(endpointOf(tencent, "public", "ap-atlantis")).toBe("https://cos.ap-atlantis.myqcloud.com");
  expect(endpointOf(tencent, "public", "")).toBeNull();
  expect(endpointOf(named("otc"), "public", "eu-ch2")).toBe(
    "https://obs.eu-ch2.sc.otc.t-systems.com",
  );
  expect(endpointOf(named("aws"), "public", "cn-north-1")).toBe(
    "https://s3.cn-north-1.amazonaws.com.cn",
  );
  expect(endpointOf(named("s3"), "public", "us-east-1")).toBeNull();
});

test("a region says which of a family's clouds it belongs to", () => {
  expect(cloudOf(named("tencent"), "ap-shanghai-fsi")?.id).toBe("tencent-finance");
  expect(networksOf(named("tencent"), "ap-shanghai-fsi")).not.toContain("accelerate");
  expect(cloudOf(named("aws"), "us-gov-west-1")?.id).toBe("aws-us-gov");
  expect(regionOf(named("huawei"), "eu-west-101")?.en).toBe("Dublin");
});

test("an account that exists is recognised by its endpoint", () => {
  const cases: [Parameters<typeof providerOf>, string][] = [
    [["cos", "https://cos.ap-beijing.myqcloud.com", "ap-beijing"], "tencent"],
    [["cos", "https://cos.accelerate.myqcloud.com", "ap-beijing"], "tencent"],
    [["obs", "https://obs.cn-north-4.myhuaweicloud.com", "cn-north-4"], "huawei"],
    [["obs", "https://obs.eu-de.otc.t-systems.com", "eu-de"], "otc"],
    [["s3", "https://s3.eu-west-1.amazonaws.com", "eu-west-1"], "aws"],
    [["s3", "https://s3.nowhere-9.amazonaws.com", "nowhere-9"], "aws"],
    [["s3", "https://storage.example.com", "us-east-1"], "s3"],
    [["obs-v2", "https://storage.example.com", ""], "s3-v2"],
  ];
  for (const [account, id] of cases) expect(providerOf(...account).id).toBe(id);
  expect(networkOf(named("tencent"), "https://cos.accelerate.myqcloud.com", "ap-beijing")).toBe(
    "accelerate",
  );
  expect(networkOf(named("tencent"), "http://127.0.0.1:9000", "ap-beijing")).toBeNull();
});

test("regions are found by code and by place in both languages", () => {
  const codes = (typed: string) =>
    matching(named("tencent"), typed).flatMap((group) => group.regions.map((one) => one.code));
  expect(codes("shanghai")).toEqual(["ap-shanghai", "ap-shanghai-fsi"]);
  expect(codes("上海")).toEqual(["ap-shanghai", "ap-shanghai-fsi"]);
  expect(codes("Hong Kong")).toEqual(["ap-hongkong"]);
  expect(codes("atlantis")).toEqual([]);
  expect(matching(named("tencent"), "").map((group) => group.cloud.id)).toEqual([
    "tencent",
    "tencent-finance",
  ]);
});
