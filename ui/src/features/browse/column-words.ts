import { m } from "$messages";
import type { Column } from "./columns";
import type { Spot } from "./spot";

/** What a column is called where the pane stands. */
export function columnLabel(column: Column, spot: Spot): string {
  if (column === "size") return m.browse_column_size();
  if (column === "etag") return m.browse_column_etag();
  if (column === "modified") {
    return spot.kind === "buckets" ? m.browse_column_created() : m.browse_column_modified();
  }
  if (spot.kind === "accounts") return m.browse_column_endpoint();
  return spot.kind === "buckets" ? m.browse_column_region() : m.browse_column_class();
}
