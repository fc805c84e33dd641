import { describe, expect, it } from "vitest";
import { leftOut } from "./crumb-room";

describe("a breadcrumb", () => {
  it("is whole as long as there is room", () => {
    expect(leftOut([100, 80, 120], 300, 28)).toBe(0);
    expect(leftOut([], 0, 28)).toBe(0);
  });

  it("leaves out as many of the first steps as it must, and counts the button in their place", () => {
    expect(leftOut([100, 80, 120], 299, 28)).toBe(1);
    expect(leftOut([100, 80, 120], 227, 28)).toBe(2);
  });

  it("keeps where the pane stands, however narrow it is", () => {
    expect(leftOut([100, 80, 500], 60, 28)).toBe(2);
    expect(leftOut([500], 60, 28)).toBe(0);
  });
});
