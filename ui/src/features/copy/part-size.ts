import type { CopyPlan } from "$ipc";

/**
 * A plan as it will be with another part size, as far as that can be worked out here: exact when
 * all its objects are named, otherwise only for those that are. Automatic is for Rust to decide.
 */
export function withPartSize(plan: CopyPlan, partSize: number | null): CopyPlan {
  if (partSize === null) return plan;
  let more = 0;
  const items = plan.items.map((item) => {
    if (!item.multipart) return item;
    const parts = Math.ceil(item.size / partSize);
    more += parts - item.parts;
    return { ...item, parts, part_size: partSize };
  });
  return {
    ...plan,
    items,
    parts: plan.parts + more,
    write_requests: plan.write_requests + more,
  };
}
