import { describe, expect, it } from "vitest";
import type { CopyPlan, PlannedObject } from "$ipc";
import { withPartSize } from "./part-size";

const GIB = 2 ** 30;
const TIB = 2 ** 40;

const item = (changes: Partial<PlannedObject>): PlannedObject => ({
  source_key: "k",
  destination_key: "k",
  size: 1,
  parts: 1,
  part_size: 1,
  multipart: false,
  exists: false,
  fate: "copy",
  why: "",
  not_carried: [],
  is_archived: false,
  ...changes,
});

const plan: CopyPlan = {
  objects: 2,
  bytes: TIB + 1,
  parts: 1_025,
  multipart_objects: 1,
  write_requests: 1_027,
  read_requests: 4,
  existing: 0,
  more: false,
  items: [item({ size: TIB, parts: 1_024, part_size: GIB, multipart: true }), item({})],
  problems: [],
  part_sizes: [],
  part_size_by: "least",
  parts_at_once: { begins: 16, most: 256, found: false },
  fallbacks: [],
  given: [],
  classes: [],
  crosses_regions: false,
};

describe("withPartSize", () => {
  it("counts parts and requests anew, rounding the last part up", () => {
    const changed = withPartSize(plan, 5 * GIB);
    expect(changed.items[0]).toMatchObject({ parts: 205, part_size: 5 * GIB });
    expect(changed.parts).toBe(206);
    expect(changed.write_requests).toBe(208);
    expect(changed.items[1]).toEqual(plan.items[1]);
  });

  it("leaves Automatic to the planner", () => {
    expect(withPartSize(plan, null)).toBe(plan);
  });
});
