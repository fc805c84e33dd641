import { describe, expect, it } from "vitest";
import { dayOf, filterRequest, hasChips, isFilter, NO_FILTER } from "./filter";

describe("a filter", () => {
  it("asks for nothing when nothing is chosen", () => {
    expect(isFilter(NO_FILTER)).toBe(false);
    expect(filterRequest(7, NO_FILTER, 0)).toEqual({
      listing: 7,
      text: "",
      classes: [],
      min_size: null,
      max_size: null,
      since_ms: null,
    });
  });

  it("turns chips into bounds", () => {
    const chosen = { ...NO_FILTER, storageClass: "ARCHIVE", size: "large", age: "week" } as const;
    expect(hasChips(chosen)).toBe(true);
    const asked = filterRequest(1, chosen, 10 * 86_400_000);
    expect(asked).toMatchObject({ classes: ["ARCHIVE"], since_ms: 3 * 86_400_000 });
    expect([asked.min_size, asked.max_size]).toEqual([1024 ** 3, 100 * 1024 ** 3]);
  });

  it("begins with a day where the user is, and forgets what is no day", () => {
    const since = (day: string) => filterRequest(1, { ...NO_FILTER, since: day }, 0).since_ms;
    const noon = new Date(2026, 10, 5, 12).getTime();
    expect(dayOf(noon)).toBe("2026-11-05");
    expect(since("2026-11-05")).toBe(new Date(2026, 10, 5).getTime());
    expect(since("")).toBeNull();
    expect(hasChips({ ...NO_FILTER, since: "2026-11-05" })).toBe(true);
  });
});
