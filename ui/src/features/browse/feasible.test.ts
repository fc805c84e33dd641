import { describe, expect, it } from "vitest";
import type { AccountView, Dialect } from "$ipc";
import { obstacleBetween } from "./feasible";

const account = (dialect: Dialect, endpoint: string) => ({ dialect, endpoint }) as AccountView;
const cos = (region: string) => account("cos", `https://cos.${region}.myqcloud.com`);

describe("obstacleBetween", () => {
  it("allows regions of one service", () => {
    expect(obstacleBetween(cos("ap-guangzhou"), cos("ap-beijing"))).toBeNull();
    const aws = (region: string) => account("s3", `https://s3.${region}.amazonaws.com`);
    expect(obstacleBetween(aws("eu-west-1"), aws("us-east-1"))).toBeNull();
  });

  it("allows two ways of speaking to one OBS", () => {
    const native = account("obs", "https://obs.eu-de.otc.t-systems.com");
    const v2 = account("obs-v2", "https://obs.eu-de.otc.t-systems.com/");
    expect(obstacleBetween(native, v2)).toBeNull();
  });

  it("names another provider", () => {
    const obs = account("obs", "https://obs.eu-de.otc.t-systems.com");
    expect(obstacleBetween(cos("ap-guangzhou"), obs)).toBe("provider");
  });

  it("names another service that speaks the same wire", () => {
    const otc = account("obs", "https://obs.eu-de.otc.t-systems.com");
    const huawei = account("obs", "https://obs.cn-north-4.myhuaweicloud.com");
    expect(obstacleBetween(otc, huawei)).toBe("service");
    const local = (port: number) => account("s3", `http://127.0.0.1:${port}`);
    expect(obstacleBetween(local(9001), local(9001))).toBeNull();
    expect(obstacleBetween(local(9001), local(9002))).toBe("service");
  });
});
