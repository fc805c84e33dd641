import { m } from "$messages";
import type { AgeChoice, SizeChoice } from "./filter";

export function sizeLabel(size: SizeChoice): string {
  switch (size) {
    case "small":
      return m.browse_size_below({ size: "1 MiB" });
    case "medium":
      return "1 MiB – 1 GiB";
    case "large":
      return "1 GiB – 100 GiB";
    case "huge":
      return m.browse_size_from({ size: "100 GiB" });
  }
}

export function ageLabel(age: AgeChoice): string {
  switch (age) {
    case "day":
      return m.browse_age_day();
    case "week":
      return m.browse_age_week();
    case "month":
      return m.browse_age_month();
    case "year":
      return m.browse_age_year();
  }
}
