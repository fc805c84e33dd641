import { describe, expect, it } from "vitest";
import type { JobView, PartMap } from "$ipc";
import { asMapped } from "./mapped";

const told = {
  objects_total: 1,
  parts_total: 5,
  parts_done: 4,
  bytes_total: 42,
  bytes_done: 40,
  bytes_in_flight: 20,
  in_flight: 1,
} as JobView;

const map = (states: string): PartMap => ({
  transfer: 1,
  part_size: 10,
  size: 42,
  states,
  details: [],
});

describe("a job beside its part map", () => {
  it("tells the moment of the map, not its own", () => {
    expect(asMapped(told, map("##or."))).toMatchObject({
      parts_done: 2,
      bytes_done: 20,
      in_flight: 2,
      bytes_in_flight: 20,
    });
  });

  it("counts the last part with the bytes it has", () => {
    expect(asMapped(told, map("####."))).toMatchObject({ bytes_done: 40, bytes_in_flight: 2 });
    expect(asMapped(told, map("....#")).bytes_done).toBe(2);
    expect(asMapped(told, map("#####"))).toMatchObject({ bytes_done: 42, bytes_in_flight: 0 });
  });

  it("stays as it is without a map, with another plan, and with more objects than one", () => {
    expect(asMapped(told, null)).toBe(told);
    expect(asMapped(told, map("##"))).toBe(told);
    const several = { ...told, objects_total: 2 };
    expect(asMapped(several, map("##or."))).toBe(several);
  });
});
