import type { Addressing, Dialect } from "$ipc";
import { m } from "$messages";

/** A choice of the wizard's first step, with what follows from it. */
export interface Provider {
  id: "cos" | "obs" | "otc" | "aws" | "s3" | "s3-v2";
  dialect: Dialect;
  name: () => string;
  addressing: Addressing;
  /** Endpoint of a region; `null` where only the user knows it. */
  endpoint: ((region: string) => string) | null;
  /** Suggested, not enforced: providers add regions faster than programs are released. */
  regions: string[];
}

export const providers: Provider[] = [
  {
    id: "cos",
    dialect: "cos",
    name: m.provider_cos,
    addressing: "virtual_host",
    endpoint: (region) => `https://cos.${region}.myqcloud.com`,
    regions: [
      "ap-guangzhou",
      "ap-shanghai",
      "ap-beijing",
      "ap-nanjing",
      "ap-chengdu",
      "ap-chongqing",
      "ap-hongkong",
      "ap-singapore",
      "ap-jakarta",
      "ap-seoul",
      "ap-bangkok",
      "ap-tokyo",
      "na-siliconvalley",
      "na-ashburn",
      "sa-saopaulo",
      "eu-frankfurt",
    ],
  },
  {
    id: "obs",
    dialect: "obs",
    name: m.provider_obs,
    addressing: "virtual_host",
    endpoint: (region) => `https://obs.${region}.myhuaweicloud.com`,
    regions: [
      "cn-north-4",
      "cn-north-1",
      "cn-east-2",
      "cn-east-3",
      "cn-south-1",
      "cn-southwest-2",
      "ap-southeast-1",
      "ap-southeast-2",
      "ap-southeast-3",
      "af-south-1",
    ],
  },
  {
    id: "otc",
    dialect: "obs",
    name: m.provider_otc,
    addressing: "virtual_host",
    endpoint: (region) => `https://obs.${region}.otc.t-systems.com`,
    regions: ["eu-de", "eu-nl"],
  },
  {
    id: "aws",
    dialect: "s3",
    name: m.provider_aws,
    addressing: "virtual_host",
    endpoint: (region) => `https://s3.${region}.amazonaws.com`,
    regions: [
      "us-east-1",
      "us-east-2",
      "us-west-2",
      "eu-central-1",
      "eu-west-1",
      "ap-southeast-1",
      "ap-northeast-1",
    ],
  },
  {
    id: "s3",
    dialect: "s3",
    name: m.provider_s3_other,
    addressing: "path",
    endpoint: null,
    regions: [],
  },
  {
    id: "s3-v2",
    dialect: "obs-v2",
    name: m.provider_obs_v2,
    addressing: "path",
    endpoint: null,
    regions: [],
  },
];

/** The wizard's choice for an account that exists already. */
export function providerOf(dialect: Dialect, endpoint: string): Provider {
  const sameDialect = providers.filter((provider) => provider.dialect === dialect);
  const own = sameDialect.find((provider) => {
    const domain = provider.endpoint?.("").split("..")[1];
    return domain !== undefined && endpoint.includes(domain);
  });
  return own ?? sameDialect.find((provider) => provider.endpoint === null) ?? anyOf(sameDialect);
}

function anyOf(some: Provider[]): Provider {
  const first = some[0] ?? providers[0];
  if (first === undefined) throw new Error("there are no providers");
  return first;
}
