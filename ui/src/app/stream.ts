import type { JobView, ListingStatus, StreamMessage } from "$ipc";

/** A message that is counted. */
export type Counted = Exclude<StreamMessage, { kind: "desktop" }>;

/** What the messages of a subscription build up. The maps may be reactive ones. */
export interface Streamed {
  /** Sequence number of the last message; `null` before the snapshot. */
  seq: number | null;
  jobs: Map<number, JobView>;
  listings: Map<number, ListingStatus>;
  /** Rises for a job with each batch of new events. */
  eventBatches: Map<number, number>;
}

/**
 * Applies one message. Answers false when a message is missing in between: the state can then not
 * be trusted and the caller subscribes again.
 */
export function applyMessage(to: Streamed, message: Counted): boolean {
  if (message.kind === "snapshot") {
    to.seq = message.seq;
    const present = new Set(message.jobs.map((job) => job.id));
    for (const id of [...to.jobs.keys()]) if (!present.has(id)) to.jobs.delete(id);
    for (const job of message.jobs) to.jobs.set(job.id, job);
    return true;
  }
  if (to.seq === null || message.seq !== to.seq + 1) return false;
  to.seq = message.seq;
  for (const job of message.jobs) to.jobs.set(job.id, job);
  for (const id of message.removed) {
    to.jobs.delete(id);
    to.eventBatches.delete(id);
  }
  for (const listing of message.listings) to.listings.set(listing.listing, listing);
  for (const id of message.events) to.eventBatches.set(id, (to.eventBatches.get(id) ?? 0) + 1);
  return true;
}
