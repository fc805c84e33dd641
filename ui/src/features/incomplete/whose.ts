import type { UploadView } from "$ipc";
import { m } from "$messages";

/** Whose an upload is, as shown; never by colour alone. */
export interface Whose {
  word: string;
  /** It cannot be chosen to be aborted; why, in the core's words where it has any. */
  locked: string | null;
  tone: "accent" | "muted" | "warn";
  /** Its job can go on with it. */
  job: number | null;
}

export function whoseIs(upload: UploadView): Whose {
  const job = String(upload.job ?? "");
  if (upload.aborting) {
    return { word: m.whose_aborting(), locked: m.whose_aborting_why(), tone: "muted", job: null };
  }
  if (upload.must_stay !== null) {
    const word = upload.job === null ? m.whose_locked() : m.whose_in_use({ job });
    return { word, locked: upload.must_stay, tone: "warn", job: upload.job };
  }
  switch (upload.ownership) {
    case "ours":
      return { word: m.whose_ours({ job }), locked: null, tone: "accent", job: upload.job };
    case "perhaps":
      return { word: m.whose_perhaps({ job }), locked: null, tone: "warn", job: upload.job };
    case "foreign":
      return { word: m.whose_unknown(), locked: null, tone: "muted", job: null };
  }
}
