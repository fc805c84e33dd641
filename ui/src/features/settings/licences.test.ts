import { packages } from "virtual:licences";
import { expect, test } from "vitest";

test("what the page is made of has a version and a licence, and tools are not among it", () => {
  const names = packages.map((one) => one.name);
  expect(names).toEqual(expect.arrayContaining(["bits-ui", "svelte", "uplot"]));
  expect(names).not.toContain("vitest");
  for (const one of packages) expect(one.version && one.licence, one.name).toBeTruthy();
});
